// SPDX-License-Identifier: MIT
import { FunctionTool, Gemini, InMemoryRunner, LlmAgent, maybeSetOtelProviders } from '@google/adk';
import { trace } from '@opentelemetry/api';
import { z } from 'zod';
import { desk, serve, zodOf } from '../kit/desk.mjs';

process.env.GOOGLE_GEMINI_BASE_URL = desk.gemini;
process.env.OTEL_EXPORTER_OTLP_ENDPOINT = desk.otlp;
maybeSetOtelProviders();

const agent = new LlmAgent({
  name: desk.agent,
  model: new Gemini({ model: desk.model, apiKey: 'none' }),
  instruction: desk.instructions,
  tools: desk.tools.map(
    ({ name, description, parameters, run }) =>
      new FunctionTool({ name, description, parameters: zodOf(z, parameters), execute: run }),
  ),
});

await serve(
  async () => {
    const runner = new InMemoryRunner({ agent, appName: 'garden-shop' });
    const place = { userId: desk.user, sessionId: desk.session };
    await runner.sessionService.createSession({ appName: 'garden-shop', ...place });
    let answer;
    for await (const event of runner.runAsync({
      ...place,
      newMessage: { role: 'user', parts: [{ text: desk.question }] },
      runConfig: { maxLlmCalls: desk.limit },
    })) {
      answer = event.content?.parts?.at(-1)?.text ?? answer;
    }
    return answer;
  },
  () => trace.getTracerProvider().getDelegate().forceFlush(),
);
