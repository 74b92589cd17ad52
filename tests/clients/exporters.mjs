// SPDX-License-Identifier: MIT
// usage: node exporters.mjs PACKAGES_FOLDER BINARY
// The OTLP exporters of OpenTelemetry's SDK export to the receiver: every span arrives once, also
// while the store is locked, and an exporter that speaks gRPC is told which variable to set.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';

import { startServe } from './served.mjs';

const [folder, binary] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(folder), 'package.json'));
const { TracerProvider, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace');
const exporterOf = (name) => require(`@opentelemetry/exporter-trace-otlp-${name}`).OTLPTraceExporter;

const SPANS = 40;
const LOCKED_MS = 4500;  // longer than the server waits for the store, shorter than an export may take

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'halo-exporters-'));
process.on('exit', () => fs.rmSync(home, { recursive: true, force: true }));
const file = path.join(home, 'halo.db');
const server = await startServe(binary, ['--store', `sqlite:${file}`]);
const base = server.url.replace('/mcp', '');

async function overview() {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', 'mcp-protocol-version': '2025-11-25' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'get_overview' } }),
  });
  return (await response.json()).result.structuredContent;
}

// Exports one batch of spans; returns the SDK's result.
async function exportSpans(exporter, service) {
  const spans = [];
  const collector = { export: (some, done) => { spans.push(...some); done({ code: 0 }); }, forceFlush: async () => {}, shutdown: async () => {} };
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: collector })] });
  const tracer = provider.getTracer(service);
  for (let i = 0; i < SPANS; ++i) {
    tracer.startSpan(`chat ${i}`, { attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-5-mini' } }).end();
  }
  await provider.forceFlush();
  assert.equal(spans.length, SPANS);
  return new Promise((done) => exporter.export(spans, done));
}

let expected = 0;
for (const name of ['proto', 'http']) {
  for (const compression of ['none', 'gzip']) {
    const Exporter = exporterOf(name);
    const result = await exportSpans(new Exporter({ url: `${base}/v1/traces`, compression }), `${name} ${compression}`);
    assert.equal(result.code, 0, `${name} ${compression}: ${result.error}`);
    expected += SPANS;
    assert.equal((await overview()).dataset.spans, expected, `spans of ${name} ${compression}`);
  }
}
console.log('exporters: protobuf and JSON, plain and gzip');

const lock = new DatabaseSync(file);
lock.exec('BEGIN IMMEDIATE');
setTimeout(() => { lock.exec('ROLLBACK'); lock.close(); }, LOCKED_MS);
const Proto = exporterOf('proto');
const began = Date.now();
const late = await exportSpans(new Proto({ url: `${base}/v1/traces`, timeoutMillis: 30_000 }), 'late');
assert.equal(late.code, 0, `while the store was locked: ${late.error}`);
assert(Date.now() - began >= LOCKED_MS - 100, 'acknowledged while the store was locked');
expected += SPANS;
assert.equal((await overview()).dataset.spans, expected, 'spans that were sent while the store was locked');
console.log('exporters: a locked store makes the exporter send again');

const Grpc = exporterOf('grpc');
const refused = await exportSpans(new Grpc({ url: base }), 'grpc');
assert.notEqual(refused.code, 0);
assert.match(String(refused.error?.details ?? refused.error), /OTEL_EXPORTER_OTLP_PROTOCOL=http\/protobuf/);
// The count is written behind the answer to the exporter.
let counted = 0;
for (let i = 0; i < 50 && counted < 1; ++i) {
  await pause(100);
  counted = (await overview()).health.find(({ issue }) => issue === 'grpc_refused')?.count ?? 0;
}
assert(counted >= 1, 'the overview does not count the gRPC client');
console.log('exporters: gRPC is refused with the variable to set');
server.close();
process.exit(0);
