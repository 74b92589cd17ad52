// SPDX-License-Identifier: MIT
import { createAnthropic } from '@ai-sdk/anthropic';
import * as ai from 'ai';
import { legacy, runDesk } from '../kit/ai_sdk.mjs';
import { desk } from '../kit/desk.mjs';

await runDesk({
  ai,
  model: createAnthropic({ baseURL: desk.openai, apiKey: 'none' })(desk.model),
  settings: { ...legacy, stopWhen: ai.stepCountIs(desk.limit) },
});
