// SPDX-License-Identifier: MIT
// How to start each real client with the configuration written by `register`, and where the
// server's texts appear in its requests to the model.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const TIME_LIMIT_MS = 120_000;

// Runs a program to its end in its own process group, and then ends the rest of that group.
export function run(command, args, { env, cwd, input = '', limitMs = TIME_LIMIT_MS }) {
  return new Promise((done) => {
    const child = spawn(command, args, { env, cwd, detached: true });
    let out = '', err = '', timedOut = false;
    child.stdout.on('data', (chunk) => { out += chunk; });
    child.stderr.on('data', (chunk) => { err += chunk; });
    const kill = (signal) => { try { process.kill(-child.pid, signal); } catch { /* it is gone */ } };
    const timer = setTimeout(() => { timedOut = true; kill('SIGKILL'); }, limitMs);
    const finish = (code) => {
      clearTimeout(timer);
      kill('SIGTERM');
      done({ code, out, err, timedOut });
    };
    child.on('error', (error) => { err += error; finish(-1); });
    child.on('close', finish);
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

// Without the user's own configuration.
const cleanEnv = (home, more) => ({ PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: home, ...more });

const claudeCode = (negotiation) => ({
  name: `Claude Code, MCP_PROTOCOL_NEGOTIATION=${negotiation}`,
  registeredAs: 'claude-code',
  opensWith: { auto: 'server/discover', legacy: 'initialize' }[negotiation],
  tellsErrors: true,
  env: (home) => cleanEnv(home),
  prepare() {},
  start: ({ programs, home, server, modelUrl, token, tools = [], limitMs }) => run(
    programs.claude,
    ['-p', 'go', '--allowedTools', [`mcp__${server}`, ...tools].join(','), '--output-format', 'json'],
    { cwd: home, limitMs, env: cleanEnv(home, {
      ANTHROPIC_BASE_URL: modelUrl, ANTHROPIC_API_KEY: 'none', DISABLE_AUTOUPDATER: '1',
      DISABLE_TELEMETRY: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      MCP_PROTOCOL_NEGOTIATION: negotiation, HALO_TOKEN: token,
      BASH_MAX_TIMEOUT_MS: `${limitMs ?? TIME_LIMIT_MS}`,
    }) }),
  promptOf: (requests) => {
    const { body } = requests.find(({ body: { tools } }) => tools?.length);
    return JSON.stringify([body.system, body.messages, body.tools]);
  },
  // Deferred tools are named in the first message, the others are in the list of tools.
  toolsOf: (prompt, server) =>
    [...prompt.matchAll(RegExp(`mcp__${server}__(\\w+)`, 'g'))].map((match) => match[1]),
  structured: (text) => JSON.parse(text),
});

const codex = {
  name: 'Codex',
  registeredAs: 'codex',
  opensWith: 'initialize',
  tellsErrors: false,
  env: (home) => cleanEnv(home, { CODEX_HOME: home }),
  // What a user may have there already, including settings for this server.
  prepare({ home, server, modelUrl }) {
    fs.writeFileSync(path.join(home, 'config.toml'), `
model = "scripted"
model_provider = "scripted"
approval_policy = "never"
sandbox_mode = "danger-full-access"
[mcp_servers.${server}]
default_tools_approval_mode = "approve"
[model_providers.scripted]
name = "scripted"
base_url = "${modelUrl}/v1"
wire_api = "responses"
env_key = "SCRIPTED_KEY"
request_max_retries = 0
stream_max_retries = 0
`);
  },
  start: ({ programs, home, token }) => run(
    programs.node, [programs.codex, 'exec', '--skip-git-repo-check', '--json', 'go'],
    { cwd: home,
      env: cleanEnv(home, { CODEX_HOME: home, SCRIPTED_KEY: 'none', HALO_TOKEN: token }) }),
  promptOf: (requests) => {
    const { body } = requests.find(({ path: url }) => url.includes('/responses'));
    return JSON.stringify(body.tools);
  },
  toolsOf: (prompt, server) =>
    JSON.parse(prompt).find(({ name }) => name === `mcp__${server}`).tools.map(({ name }) => name),
  structured: (text) => JSON.parse(text.slice(text.indexOf('{'))),
};

export const REAL_CLIENTS = [claudeCode('auto'), claudeCode('legacy'), codex];
