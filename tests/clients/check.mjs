// SPDX-License-Identifier: MIT
// usage: node check.mjs CLIENTS_FOLDER BINARY STORE
// Registers the server in each real client with `register`, over stdio and over HTTP with a token.
// A scripted model calls tools through the client, and what the model sees is compared with direct
// answers of the server. Then runs the lint of Inspector.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { REAL_CLIENTS, run } from './real_clients.mjs';
import { FINAL_TEXT, startModel } from './scripted_model.mjs';
import { startProxy, startServe } from './served.mjs';

const [folder, binary, store] = process.argv.slice(2);
const SERVER = 'halo';
const serverArgs = ['stdio', '--store', store];
const programs = {
  node: process.execPath,
  claude: fs.globSync(path.join(folder, 'node_modules/@anthropic-ai/claude-code-*/claude'))[0],
  codex: path.join(folder, 'node_modules/@openai/codex/bin/codex.js'),
  inspector: path.join(folder, 'node_modules/.bin/mcp-inspector'),
};

// The results of requests that are sent straight to the server, in their order.
async function ask(requests) {
  const input = requests.map((request, id) => JSON.stringify({ jsonrpc: '2.0', id, ...request }));
  const { out, err } = await run(binary, serverArgs, { env: process.env, input: `${input.join('\n')}\n` });
  const replies = out.trim().split('\n').map((line) => JSON.parse(line));
  return requests.map((_, id) => replies.find((reply) => reply.id === id)?.result
    ?? assert.fail(`no answer to ${input[id]}: ${out}${err}`));
}

const callOf = ({ tool, input }) => ({ method: 'tools/call', params: { name: tool, arguments: input } });

// The calls of the conversation; later ones use ids from earlier answers.
const SCRIPT = [
  () => ({ tool: 'get_overview', input: {} }),
  () => ({ tool: 'list_failure_modes', input: {} }),
  ([, modes]) => ({ tool: 'explain_trace', input: { trace_id: modes.modes[0].quote.trace_id } }),
  ([, modes]) => ({ tool: 'get_failure_mode', input: { id: modes.modes[0].id } }),
  () => ({ tool: 'get_expensive_spans', input: {} }),
  () => ({ tool: 'search_traces', input: { filters: { has_error: true } } }),
  ([, modes]) => ({ tool: 'read_spans', input: { trace_id: modes.modes[0].quote.trace_id } }),
  () => ({ tool: 'get_overview', input: { nonsense: 1 } }),  // ignored, and named in a note
  () => ({ tool: 'explain_trace', input: { trace_id: 'no such trace' } }),
  () => ({ tool: 'get_overview', input: { filters: { nonsense: 1 } } }),
];
const GOOD_CALLS = 8;

async function expectedConversation() {
  const [{ instructions }, { tools }] = await ask([
    { method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'check', version: '1' } } },
    { method: 'tools/list' },
  ]);
  const calls = [], answers = [];
  for (const step of SCRIPT) {
    calls.push(step(answers.map((answer) => answer.structuredContent)));
    answers.push(...await ask([callOf(calls.at(-1))]));
  }
  return { instructions, tools: tools.map((tool) => tool.name), calls, answers };
}

function checkPrompt(client, prompt, expected) {
  const escaped = (text) => JSON.stringify(text).slice(1, -1);
  for (const line of expected.instructions.split('\n')) {
    assert(prompt.includes(escaped(line)), `the model is not shown the instructions: ${line}`);
  }
  const shown = new Set(client.toolsOf(prompt, SERVER));
  assert.deepEqual([...shown].sort(), expected.tools, 'the tools that the model is shown');
}

// Replaces the nonces of fences, which differ in every answer.
const oneNonce = (value) => JSON.parse(JSON.stringify(value)
  .replaceAll(/«[0-9a-f]{8}:/g, '«n:').replaceAll(/:[0-9a-f]{8}»/g, ':n»'));

function checkResults(client, results, { calls, answers }) {
  assert.equal(results.length, calls.length, 'not every call came back');
  results.forEach(({ text, isError }, i) => {
    const what = `${calls[i].tool} ${JSON.stringify(calls[i].input)}`;
    if (i < GOOD_CALLS) {
      assert.deepEqual(oneNonce(client.structured(text)), oneNonce(answers[i].structuredContent), what);
    } else {
      assert(text.includes(answers[i].content[0].text), `${what} shows: ${text}`);
      if (client.tellsErrors) assert(isError, `${what} is not told as an error`);
    }
  });
}

// A program that runs the server and keeps what the client sends, to see how it opens the
// connection.
function startedByClient(home) {
  const sent = path.join(home, 'sent.jsonl');
  const command = path.join(home, 'halo-mcp');
  fs.writeFileSync(command, `#!/bin/sh\ntee '${sent}' | '${binary}' "$@"\n`, { mode: 0o755 });
  return {
    register: ['--store', store, '--command', command],
    opening: () => JSON.parse(fs.readFileSync(sent, 'utf8').split('\n')[0]),
    close() {},
  };
}

async function served(home) {
  const tokenFile = path.join(home, 'token');
  const server = await startServe(binary, ['--store', store, '--token-file', tokenFile]);
  const proxy = await startProxy(server.url);
  return {
    register: ['--url', proxy.url, '--token-file', tokenFile],
    token: fs.readFileSync(tokenFile, 'utf8').trim(),
    opening: () => proxy.messages[0],
    close() { proxy.close(); server.close(); },
  };
}

async function check(client, transport, expected) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'halo-clients-'));
  const model = await startModel({ server: SERVER, next: (results) => expected.calls[results.length] ?? null });
  const connection = await transport(home);
  try {
    client.prepare({ home, server: SERVER, modelUrl: model.url });
    const told = await run(binary, ['register', client.registeredAs, '--name', SERVER, ...connection.register],
                           { cwd: home, env: client.env(home) });
    assert.equal(told.code, 0, `register: ${told.err}`);
    const ended = await client.start({
      programs, home, server: SERVER, modelUrl: model.url, token: connection.token ?? '',
    });
    const log = `${ended.out}\n${ended.err}`.trim().slice(-2000);
    assert(!ended.timedOut, `the client did not end in time:\n${log}`);
    assert.equal(ended.code, 0, `the client failed:\n${log}`);
    assert(ended.out.includes(FINAL_TEXT), `the script did not reach its end:\n${log}`);
    assert.equal(connection.opening().method, client.opensWith);
    checkPrompt(client, client.promptOf(model.requests), expected);
    checkResults(client, model.results(), expected);
  } finally {
    connection.close();
    model.close();
    fs.rmSync(home, { recursive: true, force: true });
  }
}

// Inspector's lint fails if a schema is not portable.
async function inspect(era, server, expected) {
  const { code, out, err } = await run(programs.node, [
    programs.inspector, '--cli', ...server, '--method', 'tools/list', '--strict',
    '--protocol-era', era, '--format', 'json',
  ], { env: { PATH: process.env.PATH, HOME: os.tmpdir() } });
  assert.equal(code, 0, `${out}${err}`.slice(-2000));
  const { result } = JSON.parse(out);
  assert.deepEqual(result.tools.map(({ name }) => name), expected.tools);
}

const expected = await expectedConversation();
expected.answers.forEach((answer, i) => assert.equal(answer.isError ?? false, i >= GOOD_CALLS,
  `${expected.calls[i].tool}: ${answer.content[0].text}`));
const open = await startServe(binary, ['--store', store]);
const checks = REAL_CLIENTS.flatMap((client) => [
  [`${client.name}, stdio`, () => check(client, startedByClient, expected)],
  [`${client.name}, HTTP`, () => check(client, served, expected)],
]);
for (const era of ['legacy', 'modern']) {
  checks.push([`Inspector --strict, ${era}, stdio`, () => inspect(era, [binary, ...serverArgs], expected)]);
  checks.push([`Inspector --strict, ${era}, HTTP`, () => inspect(era, [open.url], expected)]);
}
let failures = 0;
for (const [name, test] of checks) {
  try {
    await test();
    console.log(`ok      ${name}`);
  } catch (error) {
    ++failures;
    console.log(`FAILED  ${name}\n${error.message}`);
  }
}
open.close();
process.exit(failures ? 1 : 0);
