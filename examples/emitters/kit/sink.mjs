// SPDX-License-Identifier: MIT
// An OTLP/HTTP receiver on a loopback port that keeps the requests it receives. Bodies may be JSON
// or protobuf, plain or gzip; protobuf is decoded with the exporters' own classes.

import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';
import { LoopbackServer } from './loopback.mjs';

const require = createRequire(import.meta.url);
const { opentelemetry } = require('@opentelemetry/otlp-transformer/build/src/generated/root');
const { trace, logs } = opentelemetry.proto.collector;
const REQUESTS = {
  traces: trace.v1.ExportTraceServiceRequest,
  logs: logs.v1.ExportLogsServiceRequest,
};

// OTLP/JSON writes ids in hex, but the JSON mapping of protobuf writes them in base64.
function withHexIds(value) {
  if (Array.isArray(value)) return value.map(withHexIds);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, inner]) => [
    key,
    /^(traceId|spanId|parentSpanId)$/.test(key)
      ? Buffer.from(inner, 'base64').toString('hex')
      : withHexIds(inner),
  ]);
  return Object.fromEntries(fields);
}

export function decode(signal, body) {
  const Request = REQUESTS[signal];
  return withHexIds(Request.toObject(Request.decode(body), { longs: String, bytes: String }));
}

export class Sink extends LoopbackServer {
  #received = [];

  constructor() {
    super((request, response) => this.#serve(request, response));
  }

  // The requests since the last call: [{signal, request, body}]; `body` only of protobuf.
  take() {
    return this.#received.splice(0);
  }

  async #serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    let body = Buffer.concat(chunks);
    if (request.headers['content-encoding'] === 'gzip') body = gunzipSync(body);
    const signal = /\/v1\/(traces|logs|metrics)$/.exec(request.url)?.[1];
    const json = request.headers['content-type']?.startsWith('application/json');
    if (signal && signal !== 'metrics' && body.length > 0) {
      this.#received.push(
        json
          ? { signal, request: JSON.parse(body) }
          : { signal, request: decode(signal, body), body },
      );
    }
    response.writeHead(signal ? 200 : 404, {
      'content-type': json ? 'application/json' : 'application/x-protobuf',
    });
    response.end(json ? '{}' : '');
  }
}
