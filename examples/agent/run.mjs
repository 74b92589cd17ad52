// SPDX-License-Identifier: MIT
// Records runs of the order desk, or of the back office.
//   node run.mjs --out DIR [OPTION...]
// writes DIR/traces/DATE.jsonl.gz (OTLP/JSON), DIR/labels.csv (the checker's verdicts) and
// DIR/planted.json (which defect took effect where). The same options give the same bytes.
// Stack traces hold line numbers of this code: whoever moves lines records the bundled runs anew,
// with examples/record.

import { clock } from './clock.mjs';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { APIError, OpenAI } from 'openai';
import { outcome } from './checker.mjs';
import { editionOf, USAGE } from './edition.mjs';
import { ModelServer } from './model.mjs';
import { plantedOf } from './planted.mjs';
import { random } from './random.mjs';
import { changed, CHANGES, phrase, SETS } from './sets.mjs';
import { Telemetry } from './telemetry.mjs';

const DAY = 24 * 3600 * 1000;
const RUNS_A_DAY = 30;

function readOptions() {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      seed: { type: 'string', default: 'nordlicht' },
      runs: { type: 'string', default: '240' },
      set: { type: 'string', default: '' },
      fix: { type: 'string', default: '' },
      only: { type: 'string', default: '' },
      version: { type: 'string' },
      start: { type: 'string' }, change: { type: 'string', default: '' },
    },
  });
  // --only selects the set that has the defect.
  const has = (set, name) => set.defects.some((defect) => defect.name === name && !defect.harmless);
  const owner = Object.keys(SETS).find((key) => has(SETS[key], values.only));
  const set = SETS[values.set || owner || 'desk'];
  const names = set?.defects.filter(({ harmless }) => !harmless).map(({ name }) => name) ?? [];
  const fixes = values.only
    ? names.filter((name) => name !== values.only)
    : values.fix.split(',').filter(Boolean);
  const changes = values.change.split(',').filter(Boolean);
  const unknown = [...fixes, values.only || 'all'].some((fix) => fix !== 'all' && !names.includes(fix));
  const wrong = changes.some((name) => !CHANGES[name] || set !== SETS.desk);
  const runs = Number(values.runs);
  const edition = set && editionOf(values, [...fixes, ...changes], set);
  const valid = values.out && !unknown && !wrong && !(values.only && values.fix) && runs > 0 && edition;
  if (!valid) {
    const lists = Object.entries(SETS).map(
      ([key, { defects }]) => `defects of ${key}: ${defects.map(({ name }) => name).join(', ')}`,
    );
    console.error([USAGE, ...lists].join('\n'));
    process.exit(2);
  }
  return { set, out: values.out, seed: values.seed, runs, fixes, changes, ...edition };
}

// The tickets of a recording. Every task comes equally often (by weight), and trouble is spread
// evenly over the tickets of a task (steps of the golden ratio).
function* tickets({ tasks, words, hiccups }, seed, runs) {
  const luck = random(seed, ...words, 'tickets');
  const deck = tasks.flatMap((task) => Array(task.weight ?? 1).fill(task));
  const seen = new Map(tasks.map((task) => [task, luck.next()]));
  const busy = { share: luck.next() };
  let hand = [];
  for (let index = 0; index < runs; ++index) {
    if (hand.length === 0) hand = luck.shuffle(deck);
    const task = hand.pop();
    seen.set(task, (seen.get(task) + 0.618034) % 1);
    if (task.desk === 'billing') busy.share = (busy.share + 0.618034) % 1;
    const trouble = seen.get(task) < (task.trouble ?? 0);
    yield {
      index,
      task,
      trouble,
      slip: !trouble && !task.chat && index % 13 === 5,
      busy: task.desk === 'billing' && busy.share < 0.25,
      hiccup:
        hiccups && index % 41 === 11 ? HICCUPS[Math.floor(index / 41) % HICCUPS.length] : undefined,
      modelHiccup: hiccups && index % 240 === 71,
    };
  }
}

async function main() {
  const { set, out, seed, runs, fixes, changes, version, start, ids } = readOptions();
  const fixed = (name) => fixes.includes('all') || fixes.includes(name);
  const world = set.makeWorld(seed);
  const dialect = set.dialectOf(seed);
  const telemetry = new Telemetry(seed, ...set.words, ...ids);
  const model = new ModelServer(clock, set.Mind);
  const client = new OpenAI({ baseURL: await model.listen(), apiKey: 'none', maxRetries: 0 });

  const days = new Map();
  const labels = [];
  const done = []; // what the answer key is made of
  const sessions = random(seed, ...set.words, 'sessions', ...ids);
  let session;

  for (const plan of tickets(set, seed, runs)) {
    const luck = random(seed, ...set.words, 'run', plan.index);
    const day = Math.floor(plan.index / RUNS_A_DAY);
    if (plan.index % RUNS_A_DAY === 0) {
      clock.set(start + day * DAY);
      const released = version ?? set.versions[day < 4 ? 0 : 1];
      telemetry.startService(set.service, released, day % 4 === 3 ? 'staging' : 'production');
    }
    await clock.sleep(luck.int(20, 900) * 1000);

    const db = structuredClone(world);
    const made = plan.task.make({ db, luck, trouble: plan.trouble });
    if (!session || sessions.chance(0.7)) {
      session = { session: `s-${sessions.hex(12)}`, user: `u-${sessions.int(1000, 9999)}` };
    }
    const ticket = { ...plan, ...made, ...session, message: phrase(luck, made.ask) };
    const bitten = new Set();
    const bite = (defect) => bitten.add(defect);
    const desk = { db, clock, luck, ticket, fixed, dialect, bite };
    const harness = changed(new set.Harness({ desk, client, telemetry }), changes);
    const dice = random(seed, ...set.words, 'model', plan.index);
    model.begin({ ticket, luck: dice, bite: harness.desk.bite, dialect });

    const answer = await harness.handle(ticket).catch((error) => {
      if (error.name !== 'MaxTurnsExceeded' && !(error instanceof APIError)) throw error;
    });

    const date = new Date(start + day * DAY).toISOString().slice(0, 10);
    days.set(date, (days.get(date) ?? '') + telemetry.drain());
    labels.push(`${harness.traceId},${outcome(ticket, db, answer)}`);
    done.push({ plan, bitten, trace: harness.traceId, turns: harness.turns?.() });
  }
  model.close();

  mkdirSync(join(out, 'traces'), { recursive: true });
  for (const old of readdirSync(join(out, 'traces'))) {
    if (/^\d{4}-\d\d-\d\d\.jsonl\.gz$/.test(old)) rmSync(join(out, 'traces', old));
  }
  for (const [date, lines] of days) {
    writeFileSync(join(out, 'traces', `${date}.jsonl.gz`), gzipSync(lines, { level: 9 }));
  }
  writeFileSync(join(out, 'labels.csv'), `trace_id,outcome\n${labels.join('\n')}\n`);
  const key = { seed, runs, fixes, version, ...plantedOf(set, done, dialect) };
  writeFileSync(join(out, 'planted.json'), `${JSON.stringify(key, null, 1)}\n`);

  const hits = key.planted
    .map(({ defect, of_runs, trace_ids }) => `${defect} ${trace_ids.length}/${of_runs}`)
    .join(', ');
  const failures = labels.filter((line) => line.endsWith('failure')).length;

  console.log(
    `recorded ${runs} runs in ${out}: ${key.clean.length} clean, ${failures} failed; ${hits}`,
  );
}

// Occasional errors of the environment that are not defects of the harness.
const HICCUPS = [
  ['TimeoutError', 'request to db-replica-2 timed out after 5000 ms'],
  ['ConnectionResetError', 'read ECONNRESET'],
  ['DatabaseError', 'deadlock detected while waiting for ShareLock on transaction'],
  ['ConnectionRefusedError', 'connect ECONNREFUSED 10.4.0.17:5432'],
  ['CacheError', 'redis node is unavailable during failover'],
  ['PoolError', 'connection pool was closed for maintenance'],
].map(([name, message]) => ({ name, message }));

await main();
