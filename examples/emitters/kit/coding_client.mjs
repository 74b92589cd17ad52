// SPDX-License-Identifier: MIT
// For coding clients, which are separate programs: starts one in an empty home folder with the
// desk's tools as an MCP server, and reports what the tools did.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { say } from './desk.mjs';

const SERVER = fileURLToPath(new URL('desk_mcp.mjs', import.meta.url));

// `start({home, server})` returns {command, args, env} of the client; `server` is the same for the
// tools. Returns what the program printed.
export async function runClient(start) {
  const home = join(process.cwd(), '.home');
  const log = join(home, 'tools.jsonl');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const server = { command: process.execPath, args: [SERVER], env: { DESK_TOOL_LOG: log } };
  const { command, args, env } = start({ home, server });
  const child = spawn(join(process.cwd(), 'node_modules/.bin', command), args, {
    cwd: home,
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += chunk));
  await new Promise((resolve) => child.on('close', resolve));
  if (existsSync(log)) {
    for (const line of readFileSync(log, 'utf8').trim().split('\n')) await say(JSON.parse(line));
  }
  rmSync(home, { recursive: true, force: true });
  console.log(printed);
  return printed;
}
