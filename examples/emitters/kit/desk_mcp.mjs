// SPDX-License-Identifier: MIT
// The tools of the desk as an MCP server over stdio, for clients that accept tools in no other way.
// It writes what the tools did to the file $DESK_TOOL_LOG, one JSON message per line.

import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { TOOLS } from './scenarios.mjs';

const text = (value, isError) => ({ content: [{ type: 'text', text: value }], isError });

function call({ name, arguments: args }) {
  const tool = TOOLS.find((one) => one.name === name);
  const lacking = tool.parameters.required.filter((key) => !(key in args));
  if (lacking.length > 0) return text(`argument "${lacking}" is missing`, true);
  const note = (fate) => {
    const message = { tool: name, arguments: args, ...fate };
    appendFileSync(process.env.DESK_TOOL_LOG, `${JSON.stringify(message)}\n`);
  };
  try {
    const result = tool.run(args);
    note({ result });
    return text(JSON.stringify(result), false);
  } catch (error) {
    note({ error: error.message });
    return text(error.message, true);
  }
}

const METHODS = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'desk', version: '2.5.0' },
  }),
  ping: () => ({}),
  'tools/list': () => ({
    tools: TOOLS.map(({ name, description, parameters }) => ({
      name,
      description,
      inputSchema: parameters,
    })),
  }),
  'tools/call': call,
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params = {} } = JSON.parse(line);
  if (id === undefined) continue;
  const handler = METHODS[method];
  const answer = handler
    ? { result: handler(params) }
    : { error: { code: -32601, message: `Method not found: ${method}` } };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`);
}
