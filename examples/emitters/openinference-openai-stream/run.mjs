// SPDX-License-Identifier: MIT
import { context } from '@opentelemetry/api';
import { setSession, setUser, traceAgent, traceTool } from '@arizeai/openinference-core';
import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai';
import { OpenAI } from 'openai';
import { desk, serve } from '../kit/desk.mjs';
import { converse } from '../kit/loop.mjs';
import { startTracing } from '../kit/tracing.mjs';

const provider = startTracing();
const instrumentation = new OpenAIInstrumentation();
instrumentation.setTracerProvider(provider);
instrumentation.manuallyInstrument(OpenAI);

const client = new OpenAI({ baseURL: desk.openai, apiKey: 'none' });
const agent = traceAgent(
  () => converse(client, (tool, args, call) => traceTool(call, { name: tool.name })(args)),
  { name: desk.agent },
);

await serve(
  () => {
    const session = setSession(context.active(), { sessionId: desk.session });
    return context.with(setUser(session, { userId: desk.user }), () => agent(desk.question));
  },
  () => provider.shutdown(),
);
