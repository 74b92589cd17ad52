// SPDX-License-Identifier: MIT
// Every recording contains the facts of its truth.json except those listed as `cannot`, all records
// of each run, and only small files. Needs no packages.
//   node --test examples/emitters/recordings.test.mjs

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { compare, missing, recordsOf } from './kit/facts.mjs';

const ROOT = dirname(fileURLToPath(import.meta.url));
const LARGEST = 150_000; // bytes

const readJson = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));

function requests(folder, signal) {
  const plain = join(folder, `${signal}.jsonl`);
  const packed = `${plain}.gz`;
  if (!existsSync(plain) && !existsSync(packed)) return [];
  const text = existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(packed));
  return text.toString().trim().split('\n').map((line) => JSON.parse(line));
}

// The requests, reduced to the records of `run`: those of its traces and, if a record has no trace,
// of its session.
function ofRun(run, all) {
  const mine = (record) =>
    record.traceId
      ? run.trace_ids.includes(record.traceId)
      : Boolean(run.session) && JSON.stringify(record).includes(run.session);
  const scope = ({ spans, logRecords, ...rest }) => ({
    ...rest,
    ...(spans && { spans: spans.filter(mine) }),
    ...(logRecords && { logRecords: logRecords.filter(mine) }),
  });
  return all.map(({ resourceSpans = [], resourceLogs = [] }) => ({
    resourceSpans: resourceSpans.map((one) => ({ scopeSpans: one.scopeSpans.map(scope) })),
    resourceLogs: resourceLogs.map((one) => ({ scopeLogs: one.scopeLogs.map(scope) })),
  }));
}

for (const name of readdirSync(ROOT).filter((one) => existsSync(join(ROOT, one, 'emitter.json')))) {
  const folder = join(ROOT, name);
  test(name, () => {
    const truth = readJson(folder, 'truth.json');
    const emitter = readJson(folder, 'emitter.json');
    assert.deepEqual(truth.cannot, emitter.cannot);
    const { dependencies } = readJson(ROOT, emitter.variant_of ?? name, 'package.json');
    assert.deepEqual(truth.packages, dependencies);
    const all = [...requests(folder, 'traces'), ...requests(folder, 'logs')];
    const lost = new Map();
    for (const run of truth.runs) {
      const records = ofRun(run, all);
      assert.equal(recordsOf(records, emitter.model_record).length, run.model_records);
      assert.equal(recordsOf(records, emitter.tool_record).length, run.tool_records);
      lost.set(run.scenario, missing(run, records));
    }
    assert.deepEqual(compare(truth.cannot, lost), []);
    for (const file of readdirSync(folder).filter((one) => /\.(jsonl|gz|binpb)$/.test(one))) {
      assert.ok(statSync(join(folder, file)).size < LARGEST, file);
    }
  });
}
