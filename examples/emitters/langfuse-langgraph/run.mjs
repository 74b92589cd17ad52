// SPDX-License-Identifier: MIT
import { tool } from '@langchain/core/tools';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { ChatOpenAI } from '@langchain/openai';
import { CallbackHandler } from '@langfuse/langchain';
import { LangfuseSpanProcessor } from '@langfuse/otel';
import { desk, serve } from '../kit/desk.mjs';
import { langGraphDesk } from '../kit/langgraph.mjs';
import { startTracing } from '../kit/tracing.mjs';

const provider = startTracing({
  processors: () => [
    new LangfuseSpanProcessor({ publicKey: 'pk-none', secretKey: 'sk-none', baseUrl: desk.otlp }),
  ],
});
const ask = langGraphDesk({ createReactAgent, ChatOpenAI, tool });

await serve(
  () =>
    ask({
      callbacks: [new CallbackHandler({ sessionId: desk.session, userId: desk.user })],
    }),
  () => provider.shutdown(),
);
