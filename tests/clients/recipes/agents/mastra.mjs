// SPDX-License-Identifier: MIT
// Copied beside the lines and the packages of an emitter; see check.mjs.
import { createOpenAI } from '@ai-sdk/openai';
import { Agent } from '@mastra/core/agent';
import { Mastra } from '@mastra/core/mastra';
import { createTool } from '@mastra/core/tools';
import { z } from 'zod';
import { desk, zodOf } from '../../kit/desk.mjs';
import { observability } from './tracing.mjs';

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
const mastra = new Mastra({ agents: { desk: agent }, logger: false, observability });
await mastra.getAgent('desk').generate(desk.question, { maxSteps: desk.limit });
await mastra.shutdown();
process.exit();
