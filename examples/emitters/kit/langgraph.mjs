// SPDX-License-Identifier: MIT
// The desk as a ReAct agent of LangGraph, with the LangChain packages of the emitter's folder.

import { desk } from './desk.mjs';

// Returns a function that asks the agent; its `options` are passed to `invoke`.
export function langGraphDesk({ createReactAgent, ChatOpenAI, tool }) {
  const agent = createReactAgent({
    name: desk.agent,
    prompt: desk.instructions,
    llm: new ChatOpenAI({
      model: desk.model,
      apiKey: 'none',
      configuration: { baseURL: desk.openai },
    }),
    tools: desk.tools.map(({ name, description, parameters, run }) =>
      tool((args) => run(args).then(JSON.stringify), { name, description, schema: parameters }),
    ),
  });
  return async (options) => {
    const { messages } = await agent.invoke(
      { messages: [{ role: 'user', content: desk.question }] },
      { recursionLimit: 2 * desk.limit, configurable: { thread_id: desk.session }, ...options },
    );
    return messages.at(-1).content;
  };
}
