// SPDX-License-Identifier: MIT
import { register } from 'node:module';
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { desk, serve } from '../kit/desk.mjs';
import { converse } from '../kit/loop.mjs';

register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
process.env.OTEL_EXPORTER_OTLP_ENDPOINT = desk.otlp;
const sdk = new NodeSDK({
  instrumentations: [new OpenAIInstrumentation({ captureMessageContent: true })],
});
sdk.start();
const { OpenAI } = await import('openai'); // imported late: the instrumentation patches it on import

const client = new OpenAI({ baseURL: desk.openai, apiKey: 'none' });

await serve(
  () => converse(client),
  () => sdk.shutdown(),
);
