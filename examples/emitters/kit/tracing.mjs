// SPDX-License-Identifier: MIT
// OpenTelemetry for an emitter, with the packages of the emitter's own folder.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { desk } from './desk.mjs';

const require = createRequire(join(process.cwd(), 'run.mjs'));

// Registers a provider that exports to the receiver. `encoding` is "http" (JSON) or "proto".
// `processors(exporter)` returns span processors to use instead of batching.
export function startTracing({ encoding = 'http', processors } = {}) {
  const { context } = require('@opentelemetry/api');
  const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
  const { OTLPTraceExporter } = require(`@opentelemetry/exporter-trace-otlp-${encoding}`);
  const { resourceFromAttributes } = require('@opentelemetry/resources');
  const { BatchSpanProcessor, NodeTracerProvider } = require('@opentelemetry/sdk-trace-node');
  const exporter = new OTLPTraceExporter({ url: `${desk.otlp}/v1/traces` });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'garden-shop', 'service.version': '2.5.0' }),
    spanProcessors: processors?.(exporter) ?? [new BatchSpanProcessor(exporter)],
    // Each message of a prompt is several attributes; the default limit of 128 drops some.
    spanLimits: { attributeCountLimit: 4096 },
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  provider.register();
  return provider;
}
