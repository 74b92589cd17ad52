// SPDX-License-Identifier: MIT
import { context } from '@opentelemetry/api';
import { setSession, setUser } from '@arizeai/openinference-core';
import { LangChainInstrumentation } from '@arizeai/openinference-instrumentation-langchain';
import * as callbackManager from '@langchain/core/callbacks/manager';
import { tool } from '@langchain/core/tools';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { ChatOpenAI } from '@langchain/openai';
import { desk, serve } from '../kit/desk.mjs';
import { langGraphDesk } from '../kit/langgraph.mjs';
import { startTracing } from '../kit/tracing.mjs';

const provider = startTracing();
const instrumentation = new LangChainInstrumentation();
instrumentation.setTracerProvider(provider);
instrumentation.manuallyInstrument(callbackManager);

const ask = langGraphDesk({ createReactAgent, ChatOpenAI, tool });

await serve(
  () => {
    const session = setSession(context.active(), { sessionId: desk.session });
    return context.with(setUser(session, { userId: desk.user }), ask);
  },
  () => provider.shutdown(),
);
