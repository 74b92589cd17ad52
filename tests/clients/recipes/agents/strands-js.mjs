// SPDX-License-Identifier: MIT
// Copied beside the lines and the packages of an emitter; see check.mjs.
import './tracing.mjs';
import { Agent, tool } from '@strands-agents/sdk';
import { OpenAIModel } from '@strands-agents/sdk/models/openai';
import { z } from 'zod';
import { desk, zodOf } from '../../kit/desk.mjs';

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
  printer: false,
});
await agent.invoke(desk.question);
