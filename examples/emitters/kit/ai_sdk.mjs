// SPDX-License-Identifier: MIT
// The desk on the Vercel AI SDK, for all its versions.

import { desk, serve } from './desk.mjs';
import { startTracing } from './tracing.mjs';

// The SDK checks arguments only with this function of the schema.
function validate(schema, value) {
  const lacking = schema.required.filter((key) => !(key in value));
  return lacking.length > 0
    ? { success: false, error: new TypeError(`"${lacking}" is required`) }
    : { success: true, value };
}

// `ai`: the module. `model`: a model of one of its providers. `settings`: what differs between
// versions: telemetry, step limit, system prompt. `schemaKey`: the name of a tool's schema.
// `tracing`: the argument of startTracing. `prepare`: called once tracing has started.
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

// Settings for the built-in telemetry, which writes ai.* attributes.
export const legacy = {
  system: desk.instructions,
  experimental_telemetry: {
    isEnabled: true,
    functionId: desk.agent,
    metadata: { sessionId: desk.session, userId: desk.user },
  },
};

// Settings for @ai-sdk/otel.
export const current = (ai) => ({
  instructions: desk.instructions,
  stopWhen: ai.isStepCount(desk.limit),
  runtimeContext: { sessionId: desk.session, userId: desk.user },
  telemetry: {
    functionId: desk.agent,
    includeRuntimeContext: { sessionId: true, userId: true },
  },
});
