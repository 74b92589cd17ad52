// SPDX-License-Identifier: MIT
// Copied beside the lines and the packages of an emitter; see check.mjs.
import './tracing.mjs';
import { FunctionTool, Gemini, InMemoryRunner, LlmAgent } from '@google/adk';
import { trace } from '@opentelemetry/api';
import { z } from 'zod';
import { desk, zodOf } from '../../kit/desk.mjs';

process.env.GOOGLE_GEMINI_BASE_URL = desk.gemini;
const agent = new LlmAgent({
  name: desk.agent,
  model: new Gemini({ model: desk.model, apiKey: 'none' }),
  instruction: desk.instructions,
  tools: desk.tools.map(
    ({ name, description, parameters, run }) =>
      new FunctionTool({ name, description, parameters: zodOf(z, parameters), execute: run }),
  ),
});
const runner = new InMemoryRunner({ agent, appName: 'garden-shop' });
const place = { userId: desk.user, sessionId: desk.session };
await runner.sessionService.createSession({ appName: 'garden-shop', ...place });
const newMessage = { role: 'user', parts: [{ text: desk.question }] };
for await (const event of runner.runAsync({ ...place, newMessage })) void event;
await trace.getTracerProvider().getDelegate().forceFlush().catch(() => {});
process.exit();
