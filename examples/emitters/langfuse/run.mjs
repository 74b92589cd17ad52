// SPDX-License-Identifier: MIT
import { observeOpenAI } from '@langfuse/openai';
import { LangfuseSpanProcessor } from '@langfuse/otel';
import { observe, propagateAttributes } from '@langfuse/tracing';
import { OpenAI } from 'openai';
import { desk, serve } from '../kit/desk.mjs';
import { converse } from '../kit/loop.mjs';
import { startTracing } from '../kit/tracing.mjs';

const provider = startTracing({
  processors: () => [
    new LangfuseSpanProcessor({ publicKey: 'pk-none', secretKey: 'sk-none', baseUrl: desk.otlp }),
  ],
});
const client = observeOpenAI(new OpenAI({ baseURL: desk.openai, apiKey: 'none' }));
const callTool = ({ name }, args, call) => observe(call, { name, asType: 'tool' })(args);
const answer = observe(() => converse(client, callTool), { name: desk.agent, asType: 'agent' });

await serve(
  () =>
    propagateAttributes({ sessionId: desk.session, userId: desk.user }, () =>
      answer(desk.question),
    ),
  () => provider.shutdown(),
);
