// SPDX-License-Identifier: MIT
// The desk of one scenario, for an emitter's run.mjs. kit/record.mjs starts each run as its own
// process, which reports through the channel to its parent what the tools did and how the run
// ended.

import { INSTRUCTIONS, SCENARIOS, STEP_LIMIT, TOOLS } from './scenarios.mjs';

Error.stackTraceLimit = 4; // recordings keep stack traces, but short ones

const scenario = SCENARIOS.find(({ name }) => name === process.env.DESK_SCENARIO);
export const say = (message) => new Promise((resolve) => process.send(message, resolve));

export const desk = {
  ...scenario,
  agent: process.env.DESK_AGENT,
  instructions: INSTRUCTIONS,
  limit: STEP_LIMIT, // model calls
  model: process.env.DESK_MODEL,
  openai: `${process.env.DESK_MODEL_URL}/v1`,
  anthropic: process.env.DESK_MODEL_URL,
  gemini: process.env.DESK_MODEL_URL,
  otlp: process.env.DESK_OTLP_URL,
  tools: TOOLS.map(({ run, ...tool }) => ({
    ...tool,
    // Runs the tool and reports that. Throws if the tool fails.
    async run(args) {
      try {
        const result = run(args);
        await say({ tool: tool.name, arguments: args, result });
        return result;
      } catch (error) {
        await say({ tool: tool.name, arguments: args, error: error.message });
        throw error;
      }
    },
  })),
};

// The parameters of a tool as a zod schema; `z` is the emitter's copy of zod.
export const zodOf = (z, { properties }) =>
  z.object(
    Object.fromEntries(
      Object.entries(properties).map(([key, { description }]) => [
        key,
        z.string().describe(description),
      ]),
    ),
  );

// Runs `work`, which returns the final answer (undefined if there is none), then `flush`.
export async function serve(work, flush) {
  try {
    await say({ answer: (await work()) || undefined });
  } catch (error) {
    await say({ raised: `${error.name}: ${error.message}` });
  }
  await flush?.();
  process.exit(); // some SDKs keep timers
}
