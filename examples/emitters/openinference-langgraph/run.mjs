// SPDX-License-Identifier: MIT
import { context } from '@opentelemetry/api';
import { setSession, setUser } from '@arizeai/openinference-core';
import { LangChainInstrumentation } from '@arizeai/openinference-instrumentation-langchain';
import * as callbackManager from '@langchain/core/callbacks/manager';
import { tool } from '@langchain/core/tools';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { ChatOpenAI } from '@langchain/openai';
import { desk, serve } from '../kit/desk.mjs';
import { startTracing } from '../kit/tracing.mjs';

const provider = startTracing();
const instrumentation = new LangChainInstrumentation();
instrumentation.setTracerProvider(provider);
instrumentation.manuallyInstrument(callbackManager);

const agent = createReactAgent({
  name: desk.agent,
  prompt: desk.instructions,
  llm: new ChatOpenAI({
    model: desk.model,
    apiKey: 'none',
    configuration: { baseURL: desk.openai },
  }),
  tools: desk.tools.map(({ name, description, parameters, run }) =>
    tool((args) => run(args).then(JSON.stringify), { name, description, schema: parameters }),
  ),
});

await serve(
  () => {
    const session = setSession(context.active(), { sessionId: desk.session });
    return context.with(setUser(session, { userId: desk.user }), async () => {
      const { messages } = await agent.invoke(
        { messages: [{ role: 'user', content: desk.question }] },
        { recursionLimit: 2 * desk.limit, configurable: { thread_id: desk.session } },
      );
      return messages.at(-1).content;
    });
  },
  () => provider.shutdown(),
);
