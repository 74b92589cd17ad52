// SPDX-License-Identifier: MIT
// Copied beside the lines and the packages of an emitter; see check.mjs.
import './tracing.mjs';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, isStepCount, jsonSchema, tool } from 'ai';
import { desk } from '../../kit/desk.mjs';

await generateText({
  model: createOpenAI({ baseURL: desk.openai, apiKey: 'none' }).chat(desk.model),
  prompt: desk.question,
  stopWhen: isStepCount(desk.limit),
  telemetry: { functionId: desk.agent },
  tools: Object.fromEntries(
    desk.tools.map(({ name, description, parameters, run }) => [
      name,
      tool({ description, inputSchema: jsonSchema(parameters), execute: (args) => run(args) }),
    ]),
  ),
});
