// SPDX-License-Identifier: MIT
// The desk on the Vercel AI SDK, for every version of it.

import { desk, serve } from './desk.mjs';
import { startTracing } from './tracing.mjs';

// The SDK leaves it to the schema to check a call.
function validate(schema, value) {
  const lacking = schema.required.filter((key) => !(key in value));
  return lacking.length > 0
    ? { success: false, error: new TypeError(`"${lacking}" is required`) }
    : { success: true, value };
}

// `ai`: the module; `model`: of its provider; `settings`: what differs by version: the telemetry,
// the step limit, the system prompt. `schemaKey`: what a tool calls its schema. `tracing`: for
// startTracing.
export async function runDesk({ ai, model, settings, schemaKey = 'inputSchema', tracing, prepare }) {
  const provider = startTracing(tracing);
  prepare?.();
  const tools = Object.fromEntries(
    desk.tools.map(({ name, description, parameters, run }) => {
      const schema = ai.jsonSchema(parameters, { validate: (value) => validate(parameters, value) });
      return [name, ai.tool({ description, [schemaKey]: schema, execute: (args) => run(args) })];
    }),
  );
  const request = { model, prompt: desk.question, tools, ...settings };
  const generate = process.env.DESK_STREAM
    ? async () => ai.streamText({ ...request, onError: () => {} }).text
    : async () => (await ai.generateText(request)).text;
  await serve(generate, () => provider.shutdown());
}

// The settings of the telemetry that writes ai.* attributes.
export const legacy = {
  system: desk.instructions,
  experimental_telemetry: {
    isEnabled: true,
    functionId: desk.agent,
    metadata: { sessionId: desk.session, userId: desk.user },
  },
};

// The settings of @ai-sdk/otel.
export const current = (ai) => ({
  instructions: desk.instructions,
  stopWhen: ai.isStepCount(desk.limit),
  runtimeContext: { sessionId: desk.session, userId: desk.user },
  telemetry: {
    functionId: desk.agent,
    includeRuntimeContext: { sessionId: true, userId: true },
  },
});
