// SPDX-License-Identifier: MIT
// A hand-written agent on the chat completions API, for emitters that trace a client library and
// have no agent loop.

import { desk } from './desk.mjs';

// Calls the model until it answers; returns undefined if it does not within the limit.
// `callTool(tool, args, call)` may wrap `call(args)`, which checks the arguments and runs the tool,
// in a span. If DESK_STREAM is set, the model's answers are streamed; if DESK_THROWS is set,
// reaching the limit is an error.
export async function converse(client, callTool = (tool, args, call) => call(args)) {
  const ask = process.env.DESK_STREAM ? streamed : whole;
  const messages = [
    { role: 'system', content: desk.instructions },
    { role: 'user', content: desk.question },
  ];
  const tools = desk.tools.map(({ name, description, parameters }) => ({
    type: 'function',
    function: { name, description, parameters },
  }));
  for (let step = 0; step < desk.limit; ++step) {
    // A copy: some emitters read the prompt when they export, after it has grown.
    const prompt = { model: desk.model, messages: [...messages], tools };
    const message = await ask(client, prompt);
    messages.push(message);
    if (!message.tool_calls) return message.content;
    for (const call of message.tool_calls) {
      messages.push({ role: 'tool', tool_call_id: call.id, content: await result(call, callTool) });
    }
  }
  if (process.env.DESK_THROWS) throw new Error(`no answer within ${desk.limit} steps`);
  return undefined;
}

async function whole(client, prompt) {
  const { choices } = await client.chat.completions.create(prompt);
  return choices[0].message;
}

async function streamed(client, prompt) {
  const options = { stream: true, stream_options: { include_usage: true } };
  const message = { role: 'assistant', content: null };
  for await (const { choices } of await client.chat.completions.create({ ...prompt, ...options })) {
    const { content, tool_calls } = choices[0]?.delta ?? {};
    if (content) message.content = (message.content ?? '') + content;
    for (const { index, ...call } of tool_calls ?? []) (message.tool_calls ??= [])[index] = call;
  }
  return message;
}

// The result of a call, as text for the model.
async function result({ function: { name, arguments: text } }, callTool) {
  const tool = desk.tools.find((one) => one.name === name);
  const call = (args) => {
    const lacking = tool.parameters.required.filter((key) => !(key in args));
    if (lacking.length > 0) throw new TypeError(`argument "${lacking}" is missing`);
    return tool.run(args);
  };
  try {
    return JSON.stringify(await callTool(tool, JSON.parse(text), async (args) => call(args)));
  } catch (error) {
    return `Error: ${error.message}`;
  }
}
