// SPDX-License-Identifier: MIT
import { createOpenAI } from '@ai-sdk/openai';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { Agent, createTool, VoltAgentObservability } from '@voltagent/core';
import { z } from 'zod';
import { desk, serve, zodOf } from '../kit/desk.mjs';

const exporter = new OTLPTraceExporter({ url: `${desk.otlp}/v1/traces` });
const observability = new VoltAgentObservability({
  serviceName: 'garden-shop',
  spanProcessors: [new BatchSpanProcessor(exporter)],
});

const agent = new Agent({
  name: desk.agent,
  instructions: desk.instructions,
  model: createOpenAI({ baseURL: desk.openai, apiKey: 'none' }).chat(desk.model),
  maxSteps: desk.limit,
  observability,
  tools: desk.tools.map(({ name, description, parameters, run }) =>
    createTool({ name, description, parameters: zodOf(z, parameters), execute: run }),
  ),
});

await serve(
  async () => {
    const { text } = await agent.generateText(desk.question, {
      userId: desk.user,
      conversationId: desk.session,
    });
    return text;
  },
  async () => {
    await observability.forceFlush();
    await observability.shutdown();
  },
);
