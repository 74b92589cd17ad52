// SPDX-License-Identifier: MIT
// A model API on loopback that follows a script, so that a real client can be tested without a
// model. Implements as much of the Anthropic Messages and OpenAI Responses APIs as the clients
// need, and records every request, which is what a model would see.
import http from 'node:http';

export const FINAL_TEXT = 'The script has ended.';

// `next(results)` receives the tool results so far, each {text, isError}, and returns the next call
// as {tool, input}, or null to end; `plain` calls a tool of the client itself.
export async function startModel({ server, next }) {
  const requests = [];
  const results = new Map();  // by call id, in order

  const step = (seen) => {
    for (const { id, ...result } of seen) if (!results.has(id)) results.set(id, result);
    return next([...results.values()]);
  };

  const listener = http.createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    if (request.method !== 'POST') return sendJson(response, { data: [], models: [] });
    const body = JSON.parse(text || '{}');
    requests.push({ path: request.url, body });
    if (request.url.includes('count_tokens')) {
      return sendJson(response, { input_tokens: Math.ceil(text.length / 4) });
    }
    if (request.url.includes('/messages')) return answerMessages(response, body, server, step);
    if (request.url.includes('/responses')) return answerResponses(response, body, server, step);
    sendJson(response, {});
  });
  await new Promise((listening) => listener.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${listener.address().port}`,
    requests,
    results: () => [...results.values()],
    close: () => { listener.closeAllConnections(); listener.close(); },
  };
}

function sendJson(response, value) {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
}

function sendEvents(response, events) {
  response.setHeader('content-type', 'text/event-stream');
  for (const event of events) {
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }
  response.end();
}

const textOf = (content) =>
  typeof content === 'string' ? content
    : (content ?? []).map((part) => part.text ?? JSON.stringify(part)).join('\n');

// Anthropic Messages. Requests without tools are the client's own side questions.
function answerMessages(response, body, server, step) {
  const blocks = body.messages.flatMap((message) =>
    Array.isArray(message.content) ? message.content : []);
  const call = body.tools?.length && step(blocks
    .filter((block) => block.type === 'tool_result')
    .map((block) => ({ id: block.tool_use_id, text: textOf(block.content),
                       isError: block.is_error === true })));
  const count = blocks.filter((block) => block.type === 'tool_use').length;
  const block = call
    ? { type: 'tool_use', id: `toolu_${count}`, input: {},
        name: call.plain ? call.tool : `mcp__${server}__${call.tool}` }
    : { type: 'text', text: '' };
  const delta = call ? { type: 'input_json_delta', partial_json: JSON.stringify(call.input) }
    : { type: 'text_delta', text: FINAL_TEXT };
  const stop_reason = call ? 'tool_use' : 'end_turn';
  const usage = { input_tokens: 1, output_tokens: 1 };
  const message = { id: 'msg_0', type: 'message', role: 'assistant', model: body.model,
                    content: [], stop_reason: null, stop_sequence: null, usage };
  if (!body.stream) {
    const content = [call ? { ...block, input: call.input } : { ...block, text: FINAL_TEXT }];
    return sendJson(response, { ...message, content, stop_reason });
  }
  sendEvents(response, [
    { type: 'message_start', message },
    { type: 'content_block_start', index: 0, content_block: block },
    { type: 'content_block_delta', index: 0, delta },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage },
    { type: 'message_stop' },
  ]);
}

// OpenAI Responses. The API has no flag for a failed tool.
function answerResponses(response, body, server, step) {
  const outputs = body.input.filter((item) => item.type === 'function_call_output');
  const call = step(outputs.map((item) => ({ id: item.call_id, text: textOf(item.output) })));
  const item = call
    ? { type: 'function_call', id: `fc_${outputs.length}`, call_id: `call_${outputs.length}`,
        namespace: `mcp__${server}`, name: call.tool, arguments: JSON.stringify(call.input) }
    : { type: 'message', role: 'assistant', id: 'msg_0',
        content: [{ type: 'output_text', text: FINAL_TEXT }] };
  const usage = { input_tokens: 1, input_tokens_details: null, output_tokens: 1,
                  output_tokens_details: null, total_tokens: 2 };
  sendEvents(response, [
    { type: 'response.created', response: { id: 'resp_0' } },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: { id: 'resp_0', usage } },
  ]);
}
