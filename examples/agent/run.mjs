// SPDX-License-Identifier: MIT
// Records runs of the order desk.
//   node run.mjs --out DIR [OPTION...]
// writes DIR/traces/DATE.jsonl.gz (OTLP/JSON), DIR/labels.csv (the checker's verdicts) and
// DIR/planted.json (which defect took effect where). The same options give the same bytes.

import { clock } from './clock.mjs';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { APIError, OpenAI } from 'openai';
import { outcome } from './checker.mjs';
import { DEFECTS } from './defects.mjs';
import { editionOf, USAGE } from './edition.mjs';
import { Harness } from './harness.mjs';
import { ModelServer } from './model.mjs';
import { random } from './random.mjs';
import { TASKS } from './tasks.mjs';
import { Telemetry } from './telemetry.mjs';
import { makeWorld } from './world.mjs';

const DAY = 24 * 3600 * 1000;
const RUNS_A_DAY = 30;

// Occasional errors of the environment that are not defects of the harness.
const HICCUPS = [
  ['TimeoutError', 'request to db-replica-2 timed out after 5000 ms'],
  ['ConnectionResetError', 'read ECONNRESET'],
  ['DatabaseError', 'deadlock detected while waiting for ShareLock on transaction'],
  ['ConnectionRefusedError', 'connect ECONNREFUSED 10.4.0.17:5432'],
  ['CacheError', 'redis node is unavailable during failover'],
  ['PoolError', 'connection pool was closed for maintenance'],
].map(([name, message]) => ({ name, message }));

function readOptions() {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      seed: { type: 'string', default: 'nordlicht' },
      runs: { type: 'string', default: '240' },
      fix: { type: 'string', default: '' },
      version: { type: 'string' },
      start: { type: 'string' },
    },
  });
  const fixes = values.fix.split(',').filter(Boolean);
  const unknown = fixes.filter((fix) => fix !== 'all' && !DEFECTS.some(({ name }) => name === fix));
  const runs = Number(values.runs);
  const edition = editionOf(values, fixes);
  if (!values.out || unknown.length > 0 || !(runs > 0) || !edition) {
    console.error(`${USAGE}\ndefects: ${DEFECTS.map(({ name }) => name).join(', ')}`);
    process.exit(2);
  }
  return { out: values.out, seed: values.seed, runs, fixes, ...edition };
}

// The tickets of a recording. Every task comes equally often (by weight), and trouble is spread
// evenly over the tickets of a task (steps of the golden ratio).
function* tickets(seed, runs) {
  const luck = random(seed, 'tickets');
  const deck = TASKS.flatMap((task) => Array(task.weight ?? 1).fill(task));
  const seen = new Map(TASKS.map((task) => [task, luck.next()]));
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
      slip: !trouble && index % 13 === 5,
      busy: task.desk === 'billing' && busy.share < 0.25,
      hiccup: index % 41 === 11 ? HICCUPS[Math.floor(index / 41) % HICCUPS.length] : undefined,
      modelHiccup: index % 240 === 71,
    };
  }
}

function phrase(luck, ask) {
  const hello = luck.pick(['Hello, ', 'Hi there. ', 'Good morning! ', '', '', 'Dear team, ']);
  const bye = luck.pick(['', '', ' Thank you!', ' Thanks a lot.', ' Best regards']);
  return hello + luck.pick(ask) + bye;
}

async function main() {
  const { out, seed, runs, fixes, version, start, ids } = readOptions();
  const fixed = (name) => fixes.includes('all') || fixes.includes(name);
  const world = makeWorld(seed);
  const telemetry = new Telemetry(seed, ...ids);
  const model = new ModelServer(clock);
  const client = new OpenAI({ baseURL: await model.listen(), apiKey: 'none', maxRetries: 0 });

  const days = new Map();
  const labels = [];
  const fired = new Map(DEFECTS.map(({ name }) => [name, []]));
  const runsOf = new Map(TASKS.map((task) => [task, 0]));
  const tasksOf = new Map(DEFECTS.map(({ name }) => [name, new Set()])); // where it took effect
  const clean = [];
  const sessions = random(seed, 'sessions', ...ids);
  let session;

  for (const plan of tickets(seed, runs)) {
    const luck = random(seed, 'run', plan.index);
    const day = Math.floor(plan.index / RUNS_A_DAY);
    if (plan.index % RUNS_A_DAY === 0) {
      clock.set(start + day * DAY);
      const released = version ?? (day < 4 ? '2.4.1' : '2.5.0');
      telemetry.startService(released, day % 4 === 3 ? 'staging' : 'production');
    }
    await clock.sleep(luck.int(20, 900) * 1000);

    const db = structuredClone(world);
    const made = plan.task.make({ db, luck, trouble: plan.trouble });
    if (!session || sessions.chance(0.7)) {
      session = { session: `s-${sessions.hex(12)}`, user: `u-${sessions.int(1000, 9999)}` };
    }
    const ticket = { ...plan, ...made, ...session, message: phrase(luck, made.ask) };
    const bitten = new Set();
    const desk = { db, clock, luck, ticket, fixed, bite: (defect) => bitten.add(defect) };
    model.begin({ ticket, luck: random(seed, 'model', plan.index), bite: desk.bite });

    const harness = new Harness({ desk, client, telemetry });
    const answer = await harness.handle(ticket).catch((error) => {
      if (error.name !== 'MaxTurnsExceeded' && !(error instanceof APIError)) throw error;
    });

    const date = new Date(start + day * DAY).toISOString().slice(0, 10);
    days.set(date, (days.get(date) ?? '') + telemetry.drain());
    labels.push(`${harness.traceId},${outcome(ticket, db, answer)}`);
    runsOf.set(plan.task, runsOf.get(plan.task) + 1);
    for (const defect of bitten) {
      fired.get(defect).push(harness.traceId);
      tasksOf.get(defect).add(plan.task);
    }
    if (bitten.size === 0 && !plan.hiccup && !plan.modelHiccup) clean.push(harness.traceId);
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
  const planted = DEFECTS.map(({ name, detector, locus, later = false, also }) => {
    const of_runs = [...tasksOf.get(name)].reduce((sum, task) => sum + runsOf.get(task), 0);
    return { defect: name, detector, locus, later, also, of_runs, trace_ids: fired.get(name) };
  });
  writeFileSync(
    join(out, 'planted.json'),
    `${JSON.stringify({ seed, runs, fixes, version, planted, clean }, null, 1)}\n`,
  );

  const hits = planted
    .map(({ defect, of_runs, trace_ids }) => `${defect} ${trace_ids.length}/${of_runs}`)
    .join(', ');
  const failures = labels.filter((line) => line.endsWith('failure')).length;
  console.log(
    `recorded ${runs} runs in ${out}: ${clean.length} clean, ${failures} failed; ${hits}`,
  );
}

await main();
