// SPDX-License-Identifier: MIT
import { createOpenAI } from '@ai-sdk/openai';
import * as ai from 'ai';
import { legacy, runDesk } from '../kit/ai_sdk.mjs';
import { desk } from '../kit/desk.mjs';

await runDesk({
  ai,
  model: createOpenAI({ baseURL: desk.openai, apiKey: 'none' })(desk.model),
  schemaKey: 'parameters',
  settings: { ...legacy, maxSteps: desk.limit },
});
