// SPDX-License-Identifier: MIT
// Copied beside the lines and the packages of an emitter; see check.mjs. A program with spans of its
// own.
import './tracing.mjs';
import { trace } from '@opentelemetry/api';
import { OpenAI } from 'openai';
import { desk } from '../../kit/desk.mjs';
import { converse } from '../../kit/loop.mjs';

const tracer = trace.getTracer('order-desk');
const client = new OpenAI({ baseURL: desk.openai, apiKey: 'none' });
await tracer.startActiveSpan(`invoke_agent ${desk.agent}`, async (span) => {
  span.setAttributes({ 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': desk.agent });
  await converse(client, ({ name }, args, call) =>
    tracer.startActiveSpan(`execute_tool ${name}`, async (inner) => {
      inner.setAttributes({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name });
      const result = await call(args);
      inner.end();
      return result;
    }),
  );
  span.end();
});
