// SPDX-License-Identifier: MIT
import { Agent, tool } from '@strands-agents/sdk';
import { OpenAIModel } from '@strands-agents/sdk/models/openai';
import { z } from 'zod';
import { desk, serve, zodOf } from '../kit/desk.mjs';
import { startTracing } from '../kit/tracing.mjs';

const provider = startTracing();

const agent = new Agent({
  name: desk.agent,
  systemPrompt: desk.instructions,
  model: new OpenAIModel({
    api: 'chat',
    modelId: desk.model,
    apiKey: 'none',
    clientConfig: { baseURL: desk.openai },
  }),
  tools: desk.tools.map(({ name, description, parameters, run }) =>
    tool({ name, description, inputSchema: zodOf(z, parameters), callback: run }),
  ),
  traceAttributes: { 'session.id': desk.session, 'user.id': desk.user },
  printer: false,
});

await serve(
  async () => {
    const { stopReason, lastMessage } = await agent.invoke(desk.question, {
      limits: { turns: desk.limit },
    });
    return stopReason === 'endTurn' ? lastMessage.content.at(-1).text : undefined;
  },
  () => provider.shutdown(),
);
