// SPDX-License-Identifier: MIT
// usage: node check.mjs BINARY [KEY...]; see `run`.
// Each recipe that names an emitter is written, with only the receiver's address changed, to a file
// beside that emitter's packages. agents/KEY.mjs uses it as a user's program would.
import { execFileSync, fork } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelServer } from '../../../examples/emitters/kit/model.mjs';
import { SCENARIOS } from '../../../examples/emitters/kit/scenarios.mjs';
import { Sink } from '../../../examples/emitters/kit/sink.mjs';
import { startServe } from '../served.mjs';

const RECEIVER = 'http://127.0.0.1:4318';
const NOWHERE = 'http://127.0.0.1:9'; // nothing listens there
const TIME_LIMIT_MS = 120_000;
const here = path.dirname(fileURLToPath(import.meta.url));
const emitters = path.join(here, '../../../examples/emitters');
const [binary, ...wanted] = process.argv.slice(2);
process.setMaxListeners(0); // each server adds one
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'halo-recipes-'));

// The product, on a store of its own.
async function product() {
  const store = `sqlite:${path.join(fs.mkdtempSync(path.join(scratch, 'store-')), 'halo.db')}`;
  const { url, close } = await startServe(binary, ['--store', store]);
  return {
    url: new URL(url).origin,
    spans: async () => {
      const text = execFileSync(binary, ['call', 'get_overview', '--json', '--store', store]);
      return JSON.parse(text).dataset.spans;
    },
    close,
  };
}

async function sink() {
  const receiver = new Sink();
  return {
    url: await receiver.listen(),
    spans: async () =>
      receiver
        .take()
        .flatMap(({ request }) => request.resourceSpans ?? [])
        .flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)).length,
    close: () => receiver.close(),
  };
}

// `halo-mcp serve` if it receives traces, else the sink of the emitters.
async function chooseReceiver() {
  const receiver = await product();
  try {
    const { status } = await fetch(`${receiver.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"resourceSpans":[]}',
    });
    if (status === 200) return { start: product, name: 'halo-mcp serve' };
    return { start: sink, name: `the sink of the emitters (halo-mcp serve: /v1/traces is ${status})` };
  } finally {
    receiver.close();
  }
}

// What differs between agents: which model the emitter asked for, and how it names tools.
function emitterOf(recipe) {
  const settings = JSON.parse(
    fs.readFileSync(path.join(emitters, recipe.tested_with, 'emitter.json'), 'utf8'));
  return { model: 'gpt-5-mini', agent: 'order-desk', tool_prefix: '', ...settings };
}

async function runAgent(recipe, url, modelUrl, { model, agent }) {
  const folder = path.join(emitters, recipe.tested_with, '.clients');
  const home = fs.mkdtempSync(path.join(scratch, 'home-'));
  const lines = recipe.lines.replaceAll(RECEIVER, url);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder);
  fs.copyFileSync(path.join(here, 'agents', `${recipe.key}.mjs`), path.join(folder, 'agent.mjs'));
  fs.writeFileSync(path.join(folder, recipe.syntax === 'ts' ? 'tracing.mjs' : 'lines'), lines);
  const environment = recipe.environment.map((variable) => {
    const at = variable.indexOf('=');
    return [variable.slice(0, at), variable.slice(at + 1).replaceAll(RECEIVER, url)];
  });
  const child = fork(path.join(folder, 'agent.mjs'), {
    cwd: path.join(emitters, recipe.tested_with),
    silent: true,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      LANG: 'C.UTF-8',
      ...Object.fromEntries(environment),
      DESK_SCENARIO: 'success',
      DESK_AGENT: agent,
      DESK_MODEL: model,
      DESK_MODEL_URL: modelUrl,
      DESK_OTLP_URL: url,
    },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (printed += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), TIME_LIMIT_MS);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  fs.rmSync(folder, { recursive: true, force: true });
  if (code !== 0) throw new Error(`the agent ended with ${code}: ${printed.slice(-3000)}`);
}

async function check(recipe, start) {
  const emitter = emitterOf(recipe);
  const model = new ModelServer();
  const modelUrl = await model.listen();
  const receiver = await start();
  try {
    const served = model.begin(SCENARIOS[0], (tool) => emitter.tool_prefix + tool);
    served.namespace = emitter.tool_namespace;
    await runAgent(recipe, receiver.url, modelUrl, emitter);
    if (served.calls.length < 2) throw new Error(`the agent asked its model ${served.calls.length} times`);
    const spans = await receiver.spans();
    if (spans === 0) throw new Error('no span arrived');
    // Tracing must not make a program fail.
    model.begin(SCENARIOS[0], (tool) => emitter.tool_prefix + tool).namespace = served.namespace;
    await runAgent(recipe, NOWHERE, modelUrl, emitter);
    return spans;
  } finally {
    receiver.close();
    model.close();
  }
}

const recipes = JSON.parse(execFileSync(binary, ['setup', '--json'])).filter(
  ({ key, tested_with }) => tested_with && (wanted.length === 0 || wanted.includes(key)));
const receiver = await chooseReceiver();
console.log(`receiver: ${receiver.name}`);
let failures = recipes.length === 0 ? 1 : 0;
for (const recipe of recipes) {
  try {
    const spans = await check(recipe, receiver.start);
    console.log(`ok      ${recipe.title}: ${spans} spans`);
  } catch (error) {
    ++failures;
    console.log(`FAILED  ${recipe.title}\n${error.message}`);
  }
}
fs.rmSync(scratch, { recursive: true, force: true });
process.exit(failures ? 1 : 0);
