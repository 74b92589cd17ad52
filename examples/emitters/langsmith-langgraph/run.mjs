// SPDX-License-Identifier: MIT
import { tool } from '@langchain/core/tools';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { ChatOpenAI } from '@langchain/openai';
import { initializeOTEL } from 'langsmith/experimental/otel/setup';
import { traceable } from 'langsmith/traceable';
import { desk, serve } from '../kit/desk.mjs';
import { langGraphDesk } from '../kit/langgraph.mjs';

process.env.LANGSMITH_ENDPOINT = desk.otlp; // not the LangSmith service
const { DEFAULT_LANGSMITH_SPAN_PROCESSOR: processor } = initializeOTEL({
  exporterConfig: { url: `${desk.otlp}/v1/traces` },
});
const ask = langGraphDesk({ createReactAgent, ChatOpenAI, tool });
const answer = traceable(() => ask(), {
  name: desk.agent,
  run_type: 'chain',
  project_name: 'garden-shop',
  metadata: { session_id: desk.session, user_id: desk.user },
});

await serve(
  () => answer(desk.question),
  () => processor.shutdown(),
);
