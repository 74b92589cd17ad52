// SPDX-License-Identifier: MIT
// Copied beside the lines and the packages of an emitter; see check.mjs.
import './tracing.mjs';
import { Agent, run, setDefaultOpenAIClient, tool } from '@openai/agents';
import { OpenAI } from 'openai';
import { z } from 'zod';
import { desk, zodOf } from '../../kit/desk.mjs';

setDefaultOpenAIClient(new OpenAI({ baseURL: desk.openai, apiKey: 'none' }));
const agent = new Agent({
  name: desk.agent,
  instructions: desk.instructions,
  model: desk.model,
  tools: desk.tools.map(({ name, description, parameters, run: execute }) =>
    tool({ name, description, parameters: zodOf(z, parameters), execute }),
  ),
});
await run(agent, desk.question);
