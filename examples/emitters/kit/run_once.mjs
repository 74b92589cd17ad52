// SPDX-License-Identifier: MIT
// Runs one scenario of an emitter in its own process.

import { fork } from 'node:child_process';
import { join } from 'node:path';
import { AGENT } from './scenarios.mjs';

const RUN_LIMIT = 120_000; // ms
const MODEL = 'gpt-5-mini';

// `program` is the folder with run.mjs, `emitter` its emitter.json, `servers` the URLs of the model
// and of the OTLP receiver. Returns what the process reported (tool calls, answer or error, ids)
// and its exit code.
export function runOnce(program, emitter, scenario, servers) {
  const child = fork(join(program, 'run.mjs'), {
    cwd: program,
    silent: true,
    execArgv: emitter.node_arguments ?? [],
    env: {
      PATH: process.env.PATH,
      HOME: program,
      LANG: 'C.UTF-8',
      OTEL_BSP_SCHEDULE_DELAY: '1000',
      ...emitter.environment,
      DESK_SCENARIO: scenario.name,
      DESK_AGENT: emitter.agent ?? AGENT,
      DESK_MODEL: emitter.model ?? MODEL,
      DESK_MODEL_URL: servers.model,
      DESK_OTLP_URL: servers.otlp,
    },
  });
  const heard = { tools: [] };
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (printed += text));
  child.on('message', (message) =>
    message.tool ? heard.tools.push(message) : Object.assign(heard, message),
  );
  const timer = setTimeout(() => child.kill('SIGKILL'), RUN_LIMIT);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(timer);
      if (code !== 0 || process.env.VERBOSE) console.error(printed);
      resolve({ ...heard, code });
    });
  });
}
