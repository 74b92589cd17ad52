// SPDX-License-Identifier: MIT
// Looks for each fact of a run in its recording. A fact is present if its value occurs anywhere in
// the span and log records of the run: in any attribute, body or embedded JSON, under any key. Ids,
// times and resources do not count.

const SKIPPED = /^(traceId|spanId|parentSpanId|flags|traceState|.*UnixNano|dropped.*|resource)$/;

function* strings(value, key = '') {
  if (SKIPPED.test(key)) return;
  if (typeof value === 'object' && value !== null) {
    for (const [inner, one] of Object.entries(value)) yield* strings(one, inner);
  } else {
    yield String(value);
  }
}

// The text to search: all strings, with the escapes of embedded JSON removed.
export function textOf(requests) {
  const lines = [];
  for (const request of requests) lines.push(...strings(request));
  return lines.join('\n').replace(/\\+"/g, '"').replace(/\s*([:,])\s*/g, '$1');
}

// The start of an error text, without the JSON that a client wraps it in.
const core = (error) => error.replace(/\\+"/g, '"').replace(/^\W*(error\W+)?/i, '').slice(0, 30);

const squeezed = (text) => text.replace(/\s*([:,])\s*/g, '$1');

function seen(text) {
  const word = (value) => new RegExp(`(?<![\\w.-])${value}(?![\\w-]|\\.\\d)`).test(text);
  return {
    has: (value) => text.includes(squeezed(value)),
    number: (...values) => values.some(word),
  };
}

// A finish reason: alone as a value, or after its key in JSON.
const REASONS = 'tool[-_]calls?|tool_?use|stop|end_?turn';
const FINISH_REASON = new RegExp(
  `^\\W*(${REASONS})\\W*$|(finish|stop)_?reason"?:"?(${REASONS})`,
  'im',
);

// The facts. Each has a test for whether the fact of `run` (from truth.json) occurs in `text`;
// undefined if the run has no such fact.
export const FACTS = {
  model: ({ run, has }) =>
    run.model_calls.every((call) => has(call.response_model) || has(call.model)),
  input_tokens: ({ run, number }) =>
    run.model_calls.every(({ input, cache_read, cache_write }) =>
      number(input, input - cache_read, input - cache_read - cache_write),
    ),
  output_tokens: ({ run, number }) =>
    run.model_calls.every(({ output, reasoning }) => number(output, output - reasoning)),
  cache_read_tokens: ({ run, number }) =>
    run.model_calls.every(({ cache_read }) => number(cache_read)),
  cache_write_tokens: ({ run, number }) =>
    run.model_calls.some(({ cache_write }) => cache_write)
      ? run.model_calls.every(({ cache_write }) => number(cache_write))
      : undefined,
  reasoning_tokens: ({ run, number }) =>
    run.model_calls.some(({ reasoning }) => reasoning)
      ? run.model_calls.every(({ reasoning }) => number(reasoning))
      : undefined,
  finish_reason: ({ text }) => FINISH_REASON.test(text),
  tool_name: ({ run, has }) =>
    run.tool_calls.every(({ name }) => has(name.replace(/^mcp__[a-z]+__/, ''))),
  tool_arguments: ({ run, has }) =>
    run.tool_calls.every(({ arguments: args }) =>
      Object.entries(args).every(([key, value]) => has(key) && has(value)),
    ),
  tool_result: ({ run, has }) => {
    const ran = run.tool_calls.filter(({ result }) => result);
    return ran.length > 0 ? ran.every(({ result }) => has(JSON.stringify(result).slice(1, -1))) : undefined;
  },
  tool_failure: ({ run, has }) => {
    const failed = run.tool_calls.filter(({ ran, error }) => ran && error);
    return failed.length > 0 ? failed.every(({ error }) => has(error)) : undefined;
  },
  // The error text of a call that never ran, as the model received it.
  refused_call: ({ run, has }) => {
    const refused = run.tool_calls.filter(({ ran, error }) => !ran && error);
    return refused.length > 0 ? refused.every(({ error }) => has(core(error))) : undefined;
  },
  step_limit: ({ run, text }) =>
    run.outcome === 'step_limit' ? /limit|max.?(turns|steps|iterations)/i.test(text) : undefined,
  question: ({ run, has }) => has(run.question),
  answer: ({ run, has }) => (run.answer ? has(run.answer) : undefined),
  // Only the key is checked, because the amounts depend on the client's price table.
  cost: ({ run, text }) => (run.cost_usd ? /^cost_usd$/m.test(text) : undefined),
  agent: ({ run, has }) => (run.agent ? has(run.agent) : undefined),
  session: ({ run, has }) => (run.session ? has(run.session) : undefined),
  user: ({ run, has }) => (run.user ? has(run.user) : undefined),
};

// The facts that the records of a run do not show.
export function missing(run, requests) {
  const text = textOf(requests);
  const lost = Object.keys(FACTS).filter(
    (fact) => FACTS[fact]({ run, text, ...seen(text) }) === false,
  );
  if (run.model_records !== run.model_calls.length) lost.push('model_calls');
  const ran = run.tool_calls.filter((call) => call.ran).length;
  if (run.tool_records < ran || run.tool_records > run.tool_calls.length) lost.push('tool_calls');
  return lost;
}

// The differences between `cannot` of a truth.json and `lost`, the missing facts by scenario.
export function compare(cannot, lost) {
  const differences = [];
  for (const [scenario, facts] of lost) {
    const declared = cannot.filter(({ runs }) => !runs || runs.includes(scenario));
    for (const fact of facts) {
      if (!declared.some((one) => one.fact === fact)) differences.push(`${scenario}: no ${fact}`);
    }
  }
  for (const { fact, runs } of cannot) {
    const without = [...lost].filter(([, facts]) => facts.includes(fact));
    if (runs ? runs.length !== without.length : without.length === 0) {
      differences.push(`${fact} is there after all`);
    }
  }
  return differences;
}

const valueOf = (record, key) => {
  const found = record.attributes?.find((one) => one.key === key)?.value;
  return found && Object.values(found)[0];
};

// The spans and log records of a kind {name, attribute, value}: a pattern for the name of the span
// or event, an attribute that must exist, and its value. Missing members match everything.
export function recordsOf(requests, { name, attribute, value }) {
  const records = requests.flatMap(({ resourceSpans = [], resourceLogs = [] }) => [
    ...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    ...resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)),
  ]);
  return records.filter(
    (record) =>
      (!name || new RegExp(name).test(record.name ?? record.eventName ?? '')) &&
      (!attribute || valueOf(record, attribute) !== undefined) &&
      (value === undefined || valueOf(record, attribute) === value),
  );
}
