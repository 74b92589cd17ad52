// SPDX-License-Identifier: MIT
// What every recording of the back office must be: each defect in a part of the runs that could have
// it, without an error status and without its name, at turns that exist; and nothing of it when it is
// fixed.
//   node --test examples/agent/silent_recording.test.mjs

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { OFFICE_DEFECTS } from './office/defects.mjs';
import { dialectOf, POOLS } from './office/names.mjs';
import { ANNOUNCEMENTS } from './office/wording/announcements.mjs';
import * as answers from './office/wording/answers.mjs';
import { ASSUMPTIONS } from './office/wording/assumptions.mjs';
import { CLAIMS } from './office/wording/claims.mjs';
import { CONTENT, CORRECTIONS } from './office/wording/corrections.mjs';
import { NOTHING_THERE, WALLS } from './office/wording/pages.mjs';
import { PLANS } from './office/wording/plans.mjs';
import { WRITTEN_CALLS } from './office/wording/written_calls.mjs';

const RUN = fileURLToPath(new URL('run.mjs', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('..', import.meta.url));
const ERROR = 2;
const NAMES = OFFICE_DEFECTS.map(({ name }) => name);

function load(folder) {
  const files = readdirSync(join(folder, 'traces')).sort();
  const text = files
    .map((file) => gunzipSync(readFileSync(join(folder, 'traces', file))).toString())
    .join('');
  const spans = new Map();
  for (const line of text.split('\n').filter(Boolean)) {
    for (const { scopeSpans } of JSON.parse(line).resourceSpans) {
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) spans.set(span.spanId, span);
    }
  }
  const labels = readFileSync(join(folder, 'labels.csv'), 'utf8');
  return {
    text,
    spans,
    labels,
    outcomes: new Map(labels.split('\n').map((line) => line.split(','))),
    key: JSON.parse(readFileSync(join(folder, 'planted.json'), 'utf8')),
  };
}

function record(...options) {
  const out = mkdtempSync(join(tmpdir(), 'halo-silent-'));
  try {
    execFileSync(process.execPath, [RUN, '--out', out, '--set', 'silent', ...options]);
    return load(out);
  } finally {
    rmSync(out, { recursive: true });
  }
}

const valueOf = ({ attributes }, name) =>
  attributes.find(({ key }) => key === name)?.value.stringValue;
const kindOf = (span) => valueOf(span, 'openinference.span.kind');
const bundled = load(join(EXAMPLES, 'silent'));
const fresh = record('--seed', 'fresh');

for (const [what, one] of Object.entries({ bundled, fresh })) {
  const { key, spans, text, outcomes } = one;

  test(`${what}: each defect takes effect in 20 to 80 % of the runs that could have it`, () => {
    assert.equal(key.planted.length, NAMES.length - 1);
    for (const { defect, trace_ids, of_runs } of key.planted) {
      const share = trace_ids.length / of_runs;
      assert(trace_ids.length >= 5, `${defect}: ${trace_ids.length} runs`);
      assert(share >= 0.2 && share <= 0.8, `${defect}: ${share}`);
      assert.equal(new Set(trace_ids).size, trace_ids.length);
    }
    assert(key.clean.length * 3 > key.runs);
  });

  test(`${what}: no trace holds the name of a defect`, () => {
    for (const name of NAMES) assert(!text.includes(name), name);
  });

  test(`${what}: no span has an error status but where a run waits for a person`, () => {
    const waits = new Set(
      key.harmless.flatMap(({ turns }) => Object.values(turns).flatMap((all) => all[0].action)),
    );
    assert(waits.size >= 3);
    for (const span of spans.values()) {
      const isError = span.status.code === ERROR;
      assert.equal(isError, waits.has(span.spanId), `${span.traceId} ${span.name}`);
      if (!isError) assert.deepEqual(span.events, []);
    }
  });

  test(`${what}: the turns of the answer key exist, in order, and fit`, () => {
    for (const { turns, trace_ids, locus } of [...key.planted, ...key.harmless]) {
      assert.deepEqual(Object.keys(turns).sort(), [...trace_ids].sort());
      for (const [trace, marked] of Object.entries(turns)) {
        assert(marked.length >= 1);
        for (const turn of marked) {
          const at = Object.fromEntries(
            Object.entries(turn).map(([role, id]) => [role, spans.get(id)]),
          );
          assert(Object.values(at).every(({ traceId }) => traceId === trace));
          assert.equal(kindOf(at.asked), 'LLM');
          if (at.action) assert.equal(kindOf(at.action), 'TOOL');
          if (at.action && locus.tool) assert.equal(at.action.name, locus.tool);
          if (locus.tool) assert(at.action);
          if (at.seen) assert.equal(kindOf(at.seen), 'LLM');
          const times = [at.asked, at.action, at.seen]
            .filter(Boolean)
            .map((span) => BigInt(span.startTimeUnixNano));
          assert(times.every((time, index) => index === 0 || time >= times[index - 1]));
        }
      }
    }
  });

  test(`${what}: the outcomes follow from the defects`, () => {
    // The user waits, or corrects, and is served; the cheapest of equal prices may be right by luck.
    const mild = ['archive_on_tape', 'newest_order', 'cache_without_key'];
    for (const { defect, trace_ids } of key.planted) {
      if (mild.includes(defect)) continue;
      for (const id of trace_ids) assert.equal(outcomes.get(id), 'failure', defect);
    }
    const failed = key.clean.filter((id) => outcomes.get(id) === 'failure');
    assert(failed.length * 10 < key.clean.length); // a model that is beside the point
  });

  test(`${what}: agents and tools carry the names of the seed`, () => {
    const { agents, tools } = dialectOf(key.seed);
    const seen = (kind, attribute) =>
      new Set(
        [...spans.values()]
          .filter((span) => kindOf(span) === kind)
          .map((span) => valueOf(span, attribute)),
      );
    assert.deepEqual(seen('AGENT', 'agent.name'), new Set(Object.values(agents)));
    assert.deepEqual(seen('TOOL', 'tool.name'), new Set(Object.values(tools)));
  });
}

test('the bundled recordings are what the recorder makes', () => {
  const again = record();
  assert.deepEqual(again.key, bundled.key);
  assert.equal(again.labels, bundled.labels);
  const fixed = load(join(EXAMPLES, 'silent-fixed'));
  const fixedAgain = record('--fix', 'all', '--seed', 'ebbe', '--runs', '40');
  assert.deepEqual(fixedAgain.key, fixed.key);
  assert.equal(fixedAgain.labels, fixed.labels);
});

test('the same seed gives the same bytes, another seed other names', () => {
  assert.equal(record('--seed', 'fresh').text, fresh.text);
  const some = [1, 2, 3, 4, 5, 6].map((seed) => JSON.stringify(dialectOf(String(seed))));
  assert.equal(new Set(some).size, some.length);
});

test('with all defects fixed, none takes effect and all runs are clean', () => {
  for (const seed of ['ebbe', 'other']) {
    const { key, spans, outcomes } = record('--fix', 'all', '--seed', seed, '--runs', '68');
    for (const { defect, trace_ids } of key.planted) assert.deepEqual(trace_ids, [], defect);
    assert.equal(key.clean.length, key.runs);
    assert([...outcomes.values()].filter((one) => one === 'failure').length <= key.runs / 10);
    const errors = [...spans.values()].filter(({ status }) => status.code === ERROR);
    assert(errors.length > 0 && errors.every(({ events }) => events.length === 1));
  }
});

test('a recording of one defect has no other', () => {
  for (const name of NAMES.filter((one) => one !== 'approval_pause')) {
    const { key } = record('--only', name, '--runs', '68');
    for (const { defect, trace_ids } of key.planted) {
      assert.equal(trace_ids.length > 0, defect === name, `${defect} with --only ${name}`);
    }
  }
});

test('words come from pools of at least fifteen different ones', () => {
  const { NO_NOTICE, NO_SUCH_ORDER, ONE_SIDED, THOUGHTS } = answers;
  const pools = {
    ...{ ANNOUNCEMENTS, ASSUMPTIONS, CLAIMS, CONTENT, CORRECTIONS, NOTHING_THERE, PLANS, WALLS },
    ...{ NO_NOTICE, NO_SUCH_ORDER, ONE_SIDED, THOUGHTS, WRITTEN_CALLS, REPORTS: POOLS.REPORTS },
  };
  for (const [name, pool] of Object.entries(pools)) {
    assert(new Set(pool.map(String)).size >= 15, `${name}: ${pool.length}`);
  }
});
