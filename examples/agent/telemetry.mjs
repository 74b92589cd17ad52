// SPDX-License-Identifier: MIT
// OpenTelemetry with the OpenInference instrumentation of the OpenAI client, OpenInference spans
// for agents and tools, and an exporter that writes OTLP/JSON: one export request and line per run.

import { fileURLToPath } from 'node:url';
import { context, SpanStatusCode } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { setSession, setUser, withSpan } from '@arizeai/openinference-core';
import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai';
import { OpenAI } from 'openai';
import { random } from './random.mjs';

const HERE = new URL('.', import.meta.url);
Error.stackTraceLimit = 5;

// Removes paths of the recording machine.
function withoutLocalPaths(span) {
  for (const event of span.events) {
    const stack = event.attributes?.['exception.stacktrace'];
    if (!stack) continue;
    event.attributes['exception.stacktrace'] = stack
      .replaceAll(HERE.href, 'file:///app/')
      .replaceAll(fileURLToPath(HERE), '/app/');
  }
  return span;
}

export class Telemetry {
  #instrumentation = new OpenAIInstrumentation();
  #finished = [];
  #modelCalls = new Set();
  #ids;
  #tracer;
  latestModelCall; // its span id

  constructor(seed, ...edition) {
    this.#ids = random(seed, 'ids', ...edition);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    this.#instrumentation.manuallyInstrument({ OpenAI });
  }

  // Sets the service and its version for the following runs.
  startService(service, version, environment) {
    const provider = new BasicTracerProvider({
      // Every message of a prompt is several attributes; the default limit of 128 drops the answer.
      spanLimits: { attributeCountLimit: 4096 },
      idGenerator: {
        generateTraceId: () => this.#ids.hex(32),
        generateSpanId: () => this.#ids.hex(16),
      },
      resource: resourceFromAttributes({
        'service.name': service,
        'service.version': version,
        'deployment.environment.name': environment,
      }),
      spanProcessors: [
        {
          onStart: (span) => {
            if (!span.instrumentationScope.name.endsWith('-openai')) return;
            this.#modelCalls.add(span);
            this.latestModelCall = span.spanContext().spanId;
          },
          onEnd: (span) => {
            this.#modelCalls.delete(span);
            this.#finished.push(withoutLocalPaths(span));
          },
          forceFlush: async () => {},
          shutdown: async () => {},
        },
      ],
    });
    this.#instrumentation.setTracerProvider(provider);
    this.#tracer = provider.getTracer(service, version);
  }

  // Runs `work()` in a span of an OpenInference kind. Records its return value as the output, and
  // exceptions.
  inSpan({ name, kind, input, attributes }, work) {
    const text = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
    const mime = (value) => (typeof value === 'string' ? 'text/plain' : 'application/json');
    return withSpan(work, {
      name,
      kind,
      attributes,
      tracer: this.#tracer,
      processInput: () => ({ 'input.value': text(input), 'input.mime_type': mime(input) }),
      processOutput: (out) => ({ 'output.value': text(out), 'output.mime_type': mime(out) }),
    })();
  }

  inSession(session, user, work) {
    const active = setUser(setSession(context.active(), { sessionId: session }), { userId: user });
    return context.with(active, work);
  }

  // Awaits a call of the model. The instrumentation leaves the span of a call that fails open, and
  // an open span is never exported; so it is ended here.
  async modelCall(call) {
    try {
      return await call();
    } catch (error) {
      for (const span of this.#modelCalls) {
        span.recordException(error);
        span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
        span.end();
      }
      throw error;
    }
  }

  // The spans finished since the last call, as one line.
  drain() {
    const spans = this.#finished.splice(0);
    return new TextDecoder().decode(JsonTraceSerializer.serializeRequest(spans)) + '\n';
  }
}
