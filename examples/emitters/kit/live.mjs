// SPDX-License-Identifier: MIT
// Runs emitters against the product: node kit/live.mjs BINARY NAME...
// For each emitter, starts `BINARY serve` with an empty store, lets NAME/run.mjs export every
// scenario to it, and compares what get_overview counts with what the scripted model and the tools
// did. Facts that emitter.json lists as `cannot`, or tests/golden/emitter_gaps.tsv as not read, are
// left out, and named.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ModelServer } from './model.mjs';
import { runOnce } from './run_once.mjs';
import { SCENARIOS } from './scenarios.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const GAPS = join(ROOT, '../../tests/golden/emitter_gaps.tsv');
const START_LIMIT = 20_000; // ms
const ARRIVAL_LIMIT = 15_000; // ms from the end of the last run until everything is counted
// Runs count once they are settled.
const CONFIG = '[settle]\nquiet_seconds = 1\nlog_seconds = 2\nabandoned_seconds = 3\nsession_seconds = 1\n';

const readJson = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));

// Starts the server on a free port. Returns its URL and how to end it.
function serve(binary, folder, store) {
  const config = join(folder, 'halo.toml');
  writeFileSync(config, CONFIG);
  const child = spawn(binary, ['serve', '--listen', '127.0.0.1:0', '--store', store, '--config', config]);
  const close = () => new Promise((ended) => child.on('exit', ended) && child.kill());
  return new Promise((started, failed) => {
    let printed = '';
    const timer = setTimeout(() => child.kill(), START_LIMIT);
    child.on('exit', () => failed(new Error(`no server: ${printed}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        printed += text;
        const url = /(http:\/\/127\.0\.0\.1:\d+)\/mcp/.exec(printed)?.[1];
        if (url) started({ url, close: () => clearTimeout(timer) ?? close() });
      });
    }
  });
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

// What get_overview should count, by fact, from what the runs of one emitter did.
function expected(runs) {
  const calls = runs.flatMap(({ served }) => served.calls);
  const tokens = (name) => sum(calls.map(({ usage }) => usage[name]));
  const tools = runs.flatMap(({ heard }) => heard.tools);
  const costs = runs.map(({ heard }) => heard.cost_usd);
  return {
    model_calls: calls.length,
    tool_calls: tools.length,
    tool_failure: tools.filter(({ error }) => error).length,
    input_tokens: tokens('input'),
    output_tokens: tokens('output'),
    cache_read_tokens: tokens('cache_read'),
    cost: costs.every((cost) => cost > 0) ? Math.round(sum(costs) * 1e6) : undefined,
  };
}

function counted({ dataset, tokens, cost }) {
  return {
    model_calls: dataset.llm_calls,
    tool_calls: dataset.tool_calls,
    tool_failure: dataset.failed_spans,
    input_tokens: tokens?.input,
    output_tokens: tokens?.output,
    cache_read_tokens: tokens?.cache_read ?? 0,
    cost: cost?.micro_usd,
  };
}

function differences(want, have, unread) {
  return Object.entries(want).flatMap(([fact, value]) => {
    if (value === undefined || unread.has(fact)) return [];
    // A call that was refused may have a span as well, and an ancestor may be marked as failed.
    const least = fact === 'tool_calls' || fact === 'tool_failure';
    if (least && value > 0 ? have[fact] >= value : have[fact] === value) return [];
    return [`${fact}: ${have[fact]} instead of ${value}`];
  });
}

// The facts of an emitter that cannot be compared.
function unreadOf(name, emitter) {
  const gaps = readFileSync(GAPS, 'utf8').split('\n').map((line) => line.split('\t'));
  return new Set([
    ...(emitter.cannot ?? []).map(({ fact }) => fact),
    ...gaps.filter(([folder]) => folder === name).map(([, fact]) => fact),
  ]);
}

async function check(binary, name) {
  const emitter = readJson(ROOT, name, 'emitter.json');
  const program = join(ROOT, emitter.variant_of ?? name);
  const folder = mkdtempSync(join(tmpdir(), 'halo-live-'));
  const store = `sqlite:${join(folder, 'halo.db')}`;
  const overview = () =>
    JSON.parse(
      execFileSync(binary, ['call', 'get_overview', '{}', '--json', '--store', store], {
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
  const model = new ModelServer();
  const server = await serve(binary, folder, store);
  try {
    const servers = { model: await model.listen(), otlp: server.url };
    const runs = [];
    for (const scenario of SCENARIOS) {
      if (emitter.scenarios && !emitter.scenarios.includes(scenario.name)) continue;
      const served = model.begin(scenario, (tool) => (emitter.tool_prefix ?? '') + tool);
      served.namespace = emitter.tool_namespace;
      runs.push({ served, heard: await runOnce(program, emitter, scenario, servers) });
    }
    const unread = unreadOf(name, emitter);
    const want = expected(runs);
    let wrong;
    for (const until = Date.now() + ARRIVAL_LIMIT; ; await sleep(500)) {
      wrong = differences(want, counted(overview()), unread);
      if (wrong.length === 0 || Date.now() > until) break;
    }
    const left = unread.size > 0 ? ` (not compared: ${[...unread].sort().join(', ')})` : '';
    console.log(`${name}: ${wrong.length > 0 ? wrong.join('; ') : 'as the model and tools say'}${left}`);
    return wrong.length === 0;
  } finally {
    model.close();
    await server.close();
    rmSync(folder, { recursive: true });
  }
}

const [binary, ...names] = process.argv.slice(2);
let good = names.length > 0;
for (const name of names) good = (await check(binary, name)) && good;
process.exit(good ? 0 : 1);
