// SPDX-License-Identifier: MIT
// Recordings of different versions, starts, seeds and fixes can share a store: their ids differ. The
// same options give the same recording. silent_recording.test.mjs holds what is special to the back
// office.
//   node --test examples/agent/recording.test.mjs

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';

const RUN = fileURLToPath(new URL('run.mjs', import.meta.url));

function record(...options) {
  const out = mkdtempSync(join(tmpdir(), 'halo-recording-'));
  try {
    execFileSync(process.execPath, [RUN, '--out', out, '--runs', '6', ...options]);
    const files = readdirSync(join(out, 'traces')).sort();
    const lines = files.flatMap((file) =>
      gunzipSync(readFileSync(join(out, 'traces', file)))
        .toString()
        .split('\n')
        .filter(Boolean),
    );
    const resources = lines.flatMap((line) => JSON.parse(line).resourceSpans);
    const spans = resources.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
    const valueOf = ({ attributes }, key) =>
      attributes.find((one) => one.key === key)?.value.stringValue;
    return {
      files,
      lines,
      labels: readFileSync(join(out, 'labels.csv'), 'utf8'),
      versions: new Set(resources.map(({ resource }) => valueOf(resource, 'service.version'))),
      traces: new Set(spans.map((span) => span.traceId)),
      spans: new Set(spans.map((span) => span.spanId)),
      sessions: new Set(spans.map((span) => valueOf(span, 'session.id')).filter(Boolean)),
      first: Math.min(...spans.map((span) => Number(BigInt(span.startTimeUnixNano) / 1000000n))),
    };
  } finally {
    rmSync(out, { recursive: true });
  }
}

const common = (one, other) => [...one].filter((id) => other.has(id));

test('recordings share no ids unless their options are the same', () => {
  const recordings = [
    [],
    ['--seed', 'other'],
    ['--version', '2.6.0'],
    ['--start', '2026-04-01'],
    ['--start', '2026-04-01', '--version', '2.6.0'],
    ['--fix', 'all'],
    ['--fix', 'backoff,turn_limit'],
    ['--only', 'backoff'],
    ['--change', 'kinder_words'],
    ['--set', 'silent'],
    ['--set', 'silent', '--seed', 'other'],
    ['--set', 'silent', '--fix', 'all'],
  ].map((options) => record(...options));
  for (const one of recordings) {
    assert.equal(one.traces.size, 6);
    assert(one.sessions.size > 1);
    for (const other of recordings) {
      if (one === other) continue;
      assert.deepEqual(common(one.traces, other.traces), []);
      assert.deepEqual(common(one.spans, other.spans), []);
      assert.deepEqual(common(one.sessions, other.sessions), []);
    }
  }
});

test('a recording says which version it is of, and when it begins', () => {
  const one = record('--version', '2.6.0', '--start', '2026-04-01');
  assert.deepEqual([...one.versions], ['2.6.0']);
  assert.deepEqual(one.files, ['2026-04-01.jsonl.gz']);
  assert(one.first >= Date.UTC(2026, 3, 1, 8) && one.first < Date.UTC(2026, 3, 1, 9));
  const timed = record('--start', '2026-04-01T12:30:00Z');
  assert(timed.first >= Date.UTC(2026, 3, 1, 12, 30) && timed.first < Date.UTC(2026, 3, 1, 13));
  assert.deepEqual(one, record('--start', '2026-04-01', '--version', '2.6.0'));
});

test('a recording of one defect has no other', () => {
  const out = mkdtempSync(join(tmpdir(), 'halo-recording-'));
  try {
    execFileSync(process.execPath, [RUN, '--out', out, '--runs', '48', '--only', 'label_wait']);
    const { planted } = JSON.parse(readFileSync(join(out, 'planted.json'), 'utf8'));
    for (const { defect, trace_ids } of planted) {
      assert.equal(trace_ids.length > 0, defect === 'label_wait', defect);
    }
  } finally {
    rmSync(out, { recursive: true });
  }
});

test('an unknown version, date, set or defect is refused', () => {
  for (const options of [
    ['--version', ''],
    ['--start', 'tomorrow'],
    ['--start', '2026-02-30'],
    ['--start', ''],
    ['--set', 'other'],
    ['--fix', 'written_call'], // of the other set
    ['--only', 'nothing'],
    ['--only', 'approval_pause'], // no defect
    ['--only', 'backoff', '--fix', 'all'],
    ['--only', 'backoff', '--set', 'silent'],
  ]) {
    const { status, stderr } = spawnSync(process.execPath, [RUN, '--out', '/nowhere', ...options]);
    assert.equal(status, 2, options.join(' '));
    assert.match(stderr.toString(), /usage/);
  }
});
