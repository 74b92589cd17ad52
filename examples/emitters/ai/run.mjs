// SPDX-License-Identifier: MIT
import { createOpenAI } from '@ai-sdk/openai';
import { OpenTelemetry } from '@ai-sdk/otel';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { generateText, isStepCount, jsonSchema, registerTelemetry, tool } from 'ai';
import { desk, serve } from '../kit/desk.mjs';

const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'garden-shop', 'service.version': '2.5.0' }),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${desk.otlp}/v1/traces` }))],
});
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
provider.register();
registerTelemetry(new OpenTelemetry({ runtimeContext: true }));

const openai = createOpenAI({ baseURL: desk.openai, apiKey: 'none' });
const tools = Object.fromEntries(
  desk.tools.map(({ name, description, parameters, run }) => [
    name,
    tool({ description, inputSchema: checked(parameters), execute: run }),
  ]),
);

// The SDK leaves it to the schema to check a call.
function checked(schema) {
  return jsonSchema(schema, {
    validate(value) {
      const lacking = schema.required.filter((key) => !(key in value));
      return lacking.length > 0
        ? { success: false, error: new TypeError(`"${lacking}" is required`) }
        : { success: true, value };
    },
  });
}

await serve(
  async () => {
    const { text } = await generateText({
      model: openai.chat(desk.model),
      instructions: desk.instructions,
      prompt: desk.question,
      tools,
      stopWhen: isStepCount(desk.limit),
      runtimeContext: { sessionId: desk.session, userId: desk.user },
      telemetry: {
        functionId: desk.agent,
        includeRuntimeContext: { sessionId: true, userId: true },
      },
    });
    return text;
  },
  () => provider.shutdown(),
);
