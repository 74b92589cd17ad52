// SPDX-License-Identifier: MIT
// usage: node loop.mjs CLIENTS_FOLDER BINARY [DEFECT...]
// The whole loop, by the real Claude Code with a scripted model: it asks for the failure modes of the
// example agent, reads one, switches its defect off, records the fix, runs the agent again and has
// the fix verified. One loop for each planted defect, and one for each change that is no repair.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { REAL_CLIENTS, run } from './real_clients.mjs';
import { FINAL_TEXT, startModel } from './scripted_model.mjs';

const [folder, binary, ...wanted] = process.argv.slice(2);
const SERVER = 'halo';
const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
const programs = {
  node: process.execPath,
  claude: fs.globSync(path.join(folder, 'node_modules/@anthropic-ai/claude-code-*/claude'))[0],
};
const [client] = REAL_CLIENTS;

// The agent runs again half a year later, with the same tasks. Each defect has an opportunity in a
// twentieth of the runs.
const RUNS = 1200, RERUN_START = '2026-09-01', FIXED_SINCE = '2026-08-20T00:00:00Z';
const TIME_LIMIT_MS = 300_000;

const { planted } = JSON.parse(fs.readFileSync(path.join(examples, 'planted.json'), 'utf8'));
const isPlace = (mode, { detector, locus }) =>
  mode.detector === detector &&
  Object.entries(locus).every(([part, name]) => (mode.locus[part] ?? '') === name);
const ofDefect = (name) => (mode) => isPlace(mode, planted.find(({ defect }) => defect === name));

const REPAIRED = ['fixed', 'improved'];
const LOOPS = [
  ...planted.filter(({ later }) => !later).map(({ defect }) => ({
    name: defect, target: ofDefect(defect), options: ['--fix', defect],
    check(answer) {
      assert(REPAIRED.includes(answer.verdict), `the verdict is ${answer.verdict}: ${answer.headline}`);
      assert.deepEqual(answer.side_effects, [], 'a repair has no side effects');
    },
  })),
  {
    name: 'a change that repairs nothing', target: ofDefect('argument_example'),
    options: ['--change', 'kinder_words'],
    check(answer) {
      assert(!REPAIRED.includes(answer.verdict), `the verdict is ${answer.verdict}`);
    },
  },
  {
    name: 'a repair that breaks another tool', target: ofDefect('argument_example'),
    options: ['--fix', 'argument_example', '--change', 'invoice_currency'],
    check(answer) {
      const [first] = answer.side_effects;
      assert(first && first.change === 'new', `side effects: ${JSON.stringify(answer.side_effects)}`);
      assert(first.title.includes('get_invoice'), `the first side effect is ${first.title}`);
      assert.equal(Object.keys(answer).indexOf('side_effects') < Object.keys(answer).indexOf('entries'), true);
    },
  },
  {
    name: 'a change that makes the agent avoid the tool', target: ofDefect('argument_example'),
    options: ['--change', 'without_lookup'],
    check(answer) { assert.equal(answer.verdict, 'not_comparable', answer.headline); },
  },
];

const shell = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

// What the scripted model calls next, given the answers so far.
function scriptOf(loop, store, home) {
  const again = path.join(home, 'again');
  const rerun = [
    [path.join(examples, 'record'), ...loop.options, '--runs', `${RUNS}`, '--start', RERUN_START,
      '--version', 'changed', '--out', again],
    [binary, 'ingest', path.join(again, 'traces'), '--store', store],
    [binary, 'label', path.join(again, 'labels.csv'), '--store', store],
  ].map((command) => command.map(shell).join(' ')).join(' && ');
  const target = ([modes]) => modes.modes.find(loop.target)
    ?? assert.fail(`no entry of ${loop.name} among ${modes.modes.map(({ title }) => title).join('; ')}`);
  return [
    () => ({ tool: 'list_failure_modes', input: { limit: 50 } }),
    (seen) => ({ tool: 'get_failure_mode', input: { id: target(seen).id } }),
    (seen) => ({ tool: 'record_fix',
                 input: { entries: [target(seen).id], summary: loop.name, since: FIXED_SINCE } }),
    () => ({ plain: true, tool: 'Bash', input: { command: rerun, timeout: TIME_LIMIT_MS, description: 'Run the agent again' } }),
    ([, , fix]) => ({ tool: 'verify_fix', input: { fix: fix.id } }),
  ];
}

async function check(loop, base) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'halo-loop-'));
  const file = path.join(home, 'halo.db');
  fs.copyFileSync(base, file);
  const store = `sqlite:${file}`;
  const script = scriptOf(loop, store, home);
  // Bash answers in prose, the tools in JSON.
  const read = ({ text, isError }, i) => {
    assert(!isError, `call ${i} failed: ${text.slice(0, 2000)}`);
    return i === 3 ? text : client.structured(text);
  };
  let failure;
  const next = (results) => {
    try {
      return script[results.length]?.(results.map(read)) ?? null;
    } catch (error) {
      failure ??= error;
      return null;
    }
  };
  const model = await startModel({ server: SERVER, next });
  try {
    client.prepare({ home, server: SERVER, modelUrl: model.url });
    const told = await run(binary, ['register', client.registeredAs, '--name', SERVER, '--no-otlp', '--store', store],
                           { cwd: home, env: client.env(home) });
    assert.equal(told.code, 0, `register: ${told.err}`);
    const ended = await client.start({ programs, home, server: SERVER, modelUrl: model.url, token: '',
                                       tools: ['Bash'], limitMs: TIME_LIMIT_MS });
    if (failure) throw failure;
    assert(ended.out.includes(FINAL_TEXT), `the script did not reach its end:\n${ended.out}${ended.err}`.slice(-2000));
    const results = model.results();
    assert.equal(results.length, script.length, 'not every call came back');
    const answer = read(results.at(-1), script.length - 1);
    loop.check(answer);
    return answer.verdict;
  } finally {
    model.close();
    fs.rmSync(home, { recursive: true, force: true });
  }
}

const before = fs.mkdtempSync(path.join(os.tmpdir(), 'halo-loop-base-'));
const base = path.join(before, 'halo.db');
const halo = (...args) => execFileSync(binary, [...args, '--store', `sqlite:${base}`], { stdio: 'pipe' });
execFileSync(path.join(examples, 'record'), ['--runs', `${RUNS}`, '--version', 'first', '--out', before]);
halo('ingest', path.join(before, 'traces'));
halo('label', path.join(before, 'labels.csv'));

let failures = 0;
for (const loop of LOOPS) {
  if (wanted.length > 0 && !wanted.includes(loop.name)) continue;
  try {
    console.log(`ok      ${loop.name}: ${await check(loop, base)}`);
  } catch (error) {
    ++failures;
    console.log(`FAILED  ${loop.name}\n${error.message}`);
  }
}
fs.rmSync(before, { recursive: true, force: true });
process.exit(failures ? 1 : 0);
