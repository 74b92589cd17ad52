// SPDX-License-Identifier: MIT
import { createOpenAI } from '@ai-sdk/openai';
import { OpenTelemetry } from '@ai-sdk/otel';
import * as ai from 'ai';
import { current, runDesk } from '../kit/ai_sdk.mjs';
import { desk } from '../kit/desk.mjs';

await runDesk({
  ai,
  model: createOpenAI({ baseURL: desk.openai, apiKey: 'none' }).chat(desk.model),
  tracing: { encoding: 'proto' },
  prepare: () => ai.registerTelemetry(new OpenTelemetry({ runtimeContext: true })),
  settings: current(ai),
});
