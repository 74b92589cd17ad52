// SPDX-License-Identifier: MIT
import { initializeOTEL } from 'langsmith/experimental/otel/setup';
import { traceable } from 'langsmith/traceable';
import { wrapOpenAI } from 'langsmith/wrappers';
import { OpenAI } from 'openai';
import { desk, serve } from '../kit/desk.mjs';
import { converse } from '../kit/loop.mjs';

process.env.LANGSMITH_ENDPOINT = desk.otlp; // not the LangSmith service
const { DEFAULT_LANGSMITH_SPAN_PROCESSOR: processor } = initializeOTEL({
  exporterConfig: { url: `${desk.otlp}/v1/traces` },
});
const client = wrapOpenAI(new OpenAI({ baseURL: desk.openai, apiKey: 'none' }));

const callTool = ({ name }, args, call) => traceable(call, { name, run_type: 'tool' })(args);
const answer = traceable(() => converse(client, callTool), {
  name: desk.agent,
  run_type: 'chain',
  project_name: 'garden-shop',
  metadata: { session_id: desk.session, user_id: desk.user },
});

await serve(
  () => answer(desk.question),
  () => processor.shutdown(),
);
