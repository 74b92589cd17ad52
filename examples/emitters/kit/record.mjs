// SPDX-License-Identifier: MIT
// Records emitters: node kit/record.mjs NAME...
// Runs NAME/run.mjs (or that of the folder of which NAME is a variant) once per scenario against
// the scripted model and the OTLP receiver. Writes NAME/traces.jsonl, NAME/logs.jsonl (if there are
// logs), NAME/truth.json and, if NAME/emitter.json asks for it, NAME/*.binpb. Fails if the facts
// that the recording lacks differ from those that emitter.json lists as `cannot`.

import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { compare, missing, recordsOf } from './facts.mjs';
import { ModelServer } from './model.mjs';
import { runOnce } from './run_once.mjs';
import { AGENT, SCENARIOS, STEP_LIMIT } from './scenarios.mjs';
import { Scrub } from './scrub.mjs';
import { Sink } from './sink.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LARGE = 64_000; // bytes; longer recordings are kept compressed

const readJson = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));

// A call that the model requested, and what happened to it.
function toolCall({ call }, { tools, raised }, told, rename) {
  const at = tools.findIndex(
    ({ tool, arguments: args }) =>
      rename(tool) === call.name && JSON.stringify(args) === JSON.stringify(call.arguments),
  );
  const ran = at >= 0 ? tools.splice(at, 1)[0] : undefined;
  const text = told.get(call.id) ?? (/argument|input/i.test(raised) ? raised : undefined);
  const fate = { id: call.id, name: call.name, arguments: call.arguments, ran: Boolean(ran) };
  if (ran?.result) return { ...fate, failed: false, result: ran.result };
  if (ran) return { ...fate, failed: true, error: ran.error, ...(text && { told: text }) };
  return text ? { ...fate, failed: true, error: text } : { ...fate, failed: false };
}

function truthOf(emitter, scenario, served, heard, requests) {
  const rename = (tool) => (emitter.tool_prefix ?? '') + tool;
  const spans = requests.flatMap(({ resourceSpans = [] }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  );
  const gives = (fact) => emitter.gives?.includes(fact);
  return {
    scenario: scenario.name,
    trace_ids: [...new Set(spans.map(({ traceId }) => traceId))],
    agent: gives('agent') ? (emitter.agent ?? AGENT) : null,
    session: heard.session ?? (gives('session') ? scenario.session : null),
    user: gives('user') ? scenario.user : null,
    question: scenario.question,
    answer: heard.answer ?? null,
    outcome: heard.answer
      ? 'answered'
      : served.calls.length >= STEP_LIMIT
        ? 'step_limit'
        : 'raised',
    raised: heard.raised ?? null,
    cost_usd: heard.cost_usd ?? null,
    model_calls: served.calls.map(({ asked, model, usage, call }) => ({
      model: asked,
      response_model: model,
      ...usage,
      asks_for_tool: Boolean(call),
    })),
    asides: served.asides,
    tool_calls: served.calls
      .filter(({ call }) => call)
      .map((answer) => toolCall(answer, heard, served.told, rename)),
    model_records: recordsOf(requests, emitter.model_record).length,
    tool_records: recordsOf(requests, emitter.tool_record).length,
  };
}

async function record(name) {
  const folder = join(ROOT, name);
  const emitter = readJson(folder, 'emitter.json');
  const program = join(ROOT, emitter.variant_of ?? name);
  const model = new ModelServer();
  const sink = new Sink();
  const servers = { model: await model.listen(), otlp: await sink.listen() };
  const scrub = new Scrub([model.port, sink.port], [program]);
  for (const file of readdirSync(folder)) {
    if (/\.(jsonl(\.gz)?|binpb)$|^truth\.json$/.test(file)) rmSync(join(folder, file));
  }

  const lines = { traces: [], logs: [] };
  const runs = [];
  const surprises = [];
  const lost = new Map(); // missing facts, by scenario
  for (const scenario of SCENARIOS) {
    if (emitter.scenarios && !emitter.scenarios.includes(scenario.name)) continue;
    const served = model.begin(scenario, (tool) => (emitter.tool_prefix ?? '') + tool);
    served.namespace = emitter.tool_namespace;
    const heard = await runOnce(program, emitter, scenario, servers);
    if (heard.code !== 0) surprises.push(`${scenario.name}: the process ended with ${heard.code}`);
    const received = sink.take();
    const requests = received.map((one) => scrub.request(one.request));
    received.forEach(({ signal }, at) => lines[signal].push(requests[at]));
    const bodies = received.filter(({ signal, body }) => signal === 'traces' && body);
    if (emitter.keeps_protobuf === scenario.name) keepProtobuf(folder, scenario, bodies, new Scrub([], [program]));

    const run = truthOf(emitter, scenario, served, heard, requests);
    runs.push(run);
    lost.set(scenario.name, missing(run, requests));
    report(run);
  }
  surprises.push(...compare(emitter.cannot, lost));
  model.close();
  sink.close();

  for (const [signal, of] of Object.entries(lines)) {
    if (of.length === 0) continue;
    const text = of.map((line) => `${JSON.stringify(line)}\n`).join('');
    for (const left of scrub.leftIn(text)) surprises.push(`${signal}.jsonl has ${left}`);
    const packed = text.length > LARGE;
    writeFileSync(
      join(folder, `${signal}.jsonl${packed ? '.gz' : ''}`),
      packed ? gzipSync(text, { level: 9 }) : text,
    );
  }
  const { title, api, cannot, notes } = emitter;
  const { dependencies } = readJson(program, 'package.json');
  const truth = { emitter: title, packages: dependencies, api, notes, cannot, runs };
  // Text that the model received may quote a stack trace, with folders of this machine.
  const text = JSON.stringify(scrub.truth(truth), null, 1);
  for (const left of scrub.leftIn(text)) surprises.push(`truth.json has ${left}`);
  writeFileSync(join(folder, 'truth.json'), `${text}\n`);
  for (const surprise of surprises) console.error(`${name}: ${surprise}`);
  return surprises.length === 0;
}

// Writes the protobuf bodies as they were received, except bodies that scrubbing (without ports)
// would change.
function keepProtobuf(folder, scenario, bodies, scrub) {
  bodies.forEach(({ request, body }, at) => {
    if (JSON.stringify(scrub.request(request)) !== JSON.stringify(request)) {
      console.error(`${scenario.name}: the protobuf body tells of this machine and is not kept`);
      return;
    }
    const number = bodies.length > 1 ? `-${at + 1}` : '';
    writeFileSync(join(folder, `${scenario.name}${number}.binpb`), body);
  });
}

function report(run) {
  const { model_calls: models, tool_calls: tools } = run;
  console.log(
    `${run.scenario}: ${run.outcome}, ${models.length} model calls in ${run.model_records} records, ` +
      `${tools.length} tool calls in ${run.tool_records}, ${run.trace_ids.length} traces` +
      `${run.raised ? `, raised ${run.raised.slice(0, 200)}` : ''}`,
  );
}

let good = true;
for (const name of process.argv.slice(2)) {
  console.log(`--- ${name}`);
  good = (await record(name)) && good;
}
process.exit(good ? 0 : 1);
