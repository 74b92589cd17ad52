// SPDX-License-Identifier: MIT
import { createOpenAI } from '@ai-sdk/openai';
import { Agent } from '@mastra/core/agent';
import { Mastra } from '@mastra/core/mastra';
import { createTool } from '@mastra/core/tools';
import { Observability } from '@mastra/observability';
import { OtelExporter } from '@mastra/otel-exporter';
import { z } from 'zod';
import { desk, serve, zodOf } from '../kit/desk.mjs';

const agent = new Agent({
  id: desk.agent,
  name: desk.agent,
  instructions: desk.instructions,
  model: createOpenAI({ baseURL: desk.openai, apiKey: 'none' }).chat(desk.model),
  tools: Object.fromEntries(
    desk.tools.map(({ name, description, parameters, run }) => [
      name,
      createTool({
        id: name,
        description,
        inputSchema: zodOf(z, parameters),
        execute: (args) => run(args),
      }),
    ]),
  ),
});
const exporter = new OtelExporter({
  provider: { custom: { endpoint: `${desk.otlp}/v1/traces`, protocol: 'http/json' } },
});
const mastra = new Mastra({
  agents: { desk: agent },
  logger: false,
  observability: new Observability({
    configs: { otel: { serviceName: 'garden-shop', exporters: [exporter] } },
  }),
});

await serve(
  async () => {
    const { text } = await mastra.getAgent('desk').generate(desk.question, {
      maxSteps: desk.limit,
      tracingOptions: { metadata: { sessionId: desk.session, userId: desk.user } },
    });
    return text;
  },
  () => mastra.shutdown(),
);
