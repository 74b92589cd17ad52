// SPDX-License-Identifier: MIT
import { openAICompatible } from '@genkit-ai/compat-oai';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { genkit, z } from 'genkit';
import { enableTelemetry, flushTracing } from 'genkit/tracing';
import { desk, serve, zodOf } from '../kit/desk.mjs';

const exporter = new OTLPTraceExporter({ url: `${desk.otlp}/v1/traces` });
await enableTelemetry({ spanProcessors: [new BatchSpanProcessor(exporter)] });

const ai = genkit({
  plugins: [openAICompatible({ name: 'scripted', apiKey: 'none', baseURL: desk.openai })],
});
const tools = desk.tools.map(({ name, description, parameters, run }) =>
  ai.defineTool({ name, description, inputSchema: zodOf(z, parameters) }, (args) => run(args)),
);
const answer = ai.defineFlow(desk.agent, async (question) => {
  const { text } = await ai.generate({
    model: `scripted/${desk.model}`,
    system: desk.instructions,
    prompt: question,
    tools,
    maxTurns: desk.limit - 1,
  });
  return text;
});

await serve(
  () => answer(desk.question),
  () => flushTracing(),
);
