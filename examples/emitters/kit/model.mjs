// SPDX-License-Identifier: MIT
// A scripted model on a loopback port with four APIs: OpenAI chat completions and responses,
// Anthropic messages, Gemini generateContent; each whole and streamed. The n-th request with tools
// gets the n-th turn of the scenario, or the last turn if there are no more. A request without
// tools is an aside of the client (a title, a summary) and gets a short text.
//
// It records what it served, which is the truth about model calls, and the result of each tool call
// as the client sent it to the model.

import { LoopbackServer } from './loopback.mjs';

const ASIDE = { text: 'Order desk', usage: { input: 11, output: 3, cache_read: 0, cache_write: 0, reasoning: 0 } };

// The dated model name with which a provider answers.
function answered(model) {
  if (model.startsWith('claude')) return `${model}-20250929`;
  return model.startsWith('gpt') ? `${model}-2025-08-07` : model;
}

const FORMS = [
  { path: /\/chat\/completions$/, form: chatCompletions() },
  { path: /\/responses$/, form: responses() },
  { path: /\/messages$/, form: anthropic() },
  { path: /:(generateContent|streamGenerateContent)$/, form: gemini() },
];

export class ModelServer extends LoopbackServer {
  #run;

  constructor() {
    super((request, response) => this.#serve(request, response));
  }

  // `rename(tool)` returns the name by which the client offers a tool.
  begin(scenario, rename = (tool) => tool) {
    this.#run = { scenario, rename, calls: [], asides: 0, told: new Map() };
    return this.#run;
  }

  async #serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const path = new URL(request.url, 'http://localhost').pathname;
    const found = FORMS.find((one) => one.path.test(path));
    if (!found || request.method !== 'POST') {
      response.writeHead(path.includes('count_tokens') ? 200 : 404, { 'content-type': 'application/json' });
      response.end('{"input_tokens":11}');
      return;
    }
    const body = JSON.parse(Buffer.concat(chunks).toString());
    const { form } = found;
    const asked = form.read(body, path);
    for (const [id, result] of asked.results) this.#run.told.set(id, result);
    const answer = this.#next(asked);
    if (asked.stream) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const part of form.stream(answer)) response.write(part);
      response.end();
    } else {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(form.whole(answer)));
    }
  }

  #next({ model, tools, echo, writesCache, reportsReasoning }) {
    const { scenario, rename, calls } = this.#run;
    const number = tools ? calls.length : 900 + this.#run.asides++;
    const turn = tools ? scenario.turns[Math.min(number, scenario.turns.length - 1)] : ASIDE;
    const usage = { ...turn.usage };
    if (!writesCache) usage.cache_write = 0;
    if (!reportsReasoning) usage.reasoning = 0;
    const call = turn.call && {
      id: scenario.callId(number),
      namespace: this.#run.namespace,
      name: rename(turn.call.name),
      arguments: turn.call.arguments,
    };
    const answer = { number, asked: model, model: answered(model), text: turn.text, call, usage, echo };
    if (tools) calls.push(answer);
    return answer;
  }
}

const sse = (event, data) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
const data = (value) => `data: ${JSON.stringify(value)}\n\n`;
const textOf = (content) =>
  typeof content === 'string'
    ? content
    : (content ?? []).map((part) => part.text ?? JSON.stringify(part)).join('');

function chatCompletions() {
  const usageOf = ({ input, output, cache_read, reasoning }) => ({
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cache_read },
    completion_tokens_details: { reasoning_tokens: reasoning },
  });
  const head = ({ number, model }, object) => ({
    id: `chatcmpl-${number}`,
    object,
    created: 1764000000,
    model,
  });
  const callOf = ({ id, name, arguments: args }) => ({
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  });
  return {
    read: (body) => ({
      model: body.model,
      stream: body.stream,
      tools: body.tools?.length > 0,
      reportsReasoning: true,
      results: body.messages
        .filter(({ role }) => role === 'tool')
        .map(({ tool_call_id, content }) => [tool_call_id, textOf(content)]),
    }),
    whole: (answer) => ({
      ...head(answer, 'chat.completion'),
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: answer.text ?? null,
            refusal: null,
            ...(answer.call && { tool_calls: [callOf(answer.call)] }),
          },
          logprobs: null,
          finish_reason: answer.call ? 'tool_calls' : 'stop',
        },
      ],
      usage: usageOf(answer.usage),
    }),
    *stream(answer) {
      const chunk = (delta, finish_reason = null) =>
        data({
          ...head(answer, 'chat.completion.chunk'),
          choices: [{ index: 0, delta, logprobs: null, finish_reason }],
        });
      yield chunk({ role: 'assistant', content: answer.text ?? null });
      if (answer.call) yield chunk({ tool_calls: [{ index: 0, ...callOf(answer.call) }] });
      yield chunk({}, answer.call ? 'tool_calls' : 'stop');
      yield data({
        ...head(answer, 'chat.completion.chunk'),
        choices: [],
        usage: usageOf(answer.usage),
      });
      yield 'data: [DONE]\n\n';
    },
  };
}

function responses() {
  const whole = ({ number, model, text, call, usage, echo }) => ({
    id: `resp_${number}`,
    object: 'response',
    created_at: 1764000000,
    status: 'completed',
    error: null,
    incomplete_details: null,
    instructions: echo.instructions,
    model,
    output: call
      ? [
          {
            type: 'function_call',
            id: `fc_${number}`,
            call_id: call.id,
            name: call.name,
            ...(call.namespace && { namespace: call.namespace }),
            arguments: JSON.stringify(call.arguments),
            status: 'completed',
          },
        ]
      : [
          {
            type: 'message',
            id: `msg_${number}`,
            status: 'completed',
            role: 'assistant',
            content: [{ type: 'output_text', text, annotations: [] }],
          },
        ],
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: echo.tools,
    usage: {
      input_tokens: usage.input,
      input_tokens_details: { cached_tokens: usage.cache_read },
      output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: usage.reasoning },
      total_tokens: usage.input + usage.output,
    },
  });
  return {
    read: (body) => ({
      model: body.model,
      stream: body.stream,
      tools: body.tools?.length > 0,
      echo: { instructions: body.instructions ?? null, tools: body.tools ?? [] },
      reportsReasoning: true,
      results: (Array.isArray(body.input) ? body.input : [])
        .filter(({ type }) => type === 'function_call_output')
        .map(({ call_id, output }) => [call_id, textOf(output)]),
    }),
    whole,
    *stream(answer) {
      const response = whole(answer);
      const [item] = response.output;
      let sequence_number = 0;
      const event = (type, fields) => sse(type, { type, sequence_number: sequence_number++, ...fields });
      yield event('response.created', {
        response: { ...response, status: 'in_progress', output: [], usage: null },
      });
      const place = { output_index: 0, item_id: item.id };
      yield event('response.output_item.added', {
        output_index: 0,
        item: { ...item, status: 'in_progress', ...(answer.call ? { arguments: '' } : { content: [] }) },
      });
      if (answer.call) {
        yield event('response.function_call_arguments.delta', { ...place, delta: item.arguments });
        yield event('response.function_call_arguments.done', { ...place, arguments: item.arguments });
      } else {
        const part = { ...place, content_index: 0 };
        yield event('response.content_part.added', { ...part, part: { ...item.content[0], text: '' } });
        yield event('response.output_text.delta', { ...part, delta: answer.text });
        yield event('response.output_text.done', { ...part, text: answer.text });
        yield event('response.content_part.done', { ...part, part: item.content[0] });
      }
      yield event('response.output_item.done', { output_index: 0, item });
      yield event('response.completed', { response });
    },
  };
}

function anthropic() {
  const usageOf = ({ input, output, cache_read, cache_write }) => ({
    input_tokens: input - cache_read - cache_write,
    output_tokens: output,
    cache_read_input_tokens: cache_read,
    cache_creation_input_tokens: cache_write,
  });
  const whole = ({ number, model, text, call, usage }) => ({
    id: `msg_${number}`,
    type: 'message',
    role: 'assistant',
    model,
    content: call
      ? [{ type: 'tool_use', id: call.id, name: call.name, input: call.arguments }]
      : [{ type: 'text', text }],
    stop_reason: call ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: usageOf(usage),
  });
  return {
    read: (body) => ({
      model: body.model,
      stream: body.stream,
      tools: body.tools?.length > 0,
      writesCache: true,
      results: body.messages
        .flatMap(({ content }) => (Array.isArray(content) ? content : []))
        .filter(({ type }) => type === 'tool_result')
        .map(({ tool_use_id, content }) => [tool_use_id, textOf(content)]),
    }),
    whole,
    *stream(answer) {
      const { content, stop_reason, usage, ...message } = whole(answer);
      const [block] = content;
      const event = (type, fields) => sse(type, { type, ...fields });
      yield event('message_start', {
        message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
      });
      yield event('content_block_start', {
        index: 0,
        content_block: answer.call ? { ...block, input: {} } : { type: 'text', text: '' },
      });
      yield event('content_block_delta', {
        index: 0,
        delta: answer.call
          ? { type: 'input_json_delta', partial_json: JSON.stringify(block.input) }
          : { type: 'text_delta', text: block.text },
      });
      yield event('content_block_stop', { index: 0 });
      yield event('message_delta', {
        delta: { stop_reason, stop_sequence: null },
        usage: { output_tokens: usage.output_tokens },
      });
      yield event('message_stop', {});
    },
  };
}

function gemini() {
  const whole = ({ number, model, text, call, usage }) => ({
    candidates: [
      {
        index: 0,
        content: {
          role: 'model',
          parts: [
            call ? { functionCall: { id: call.id, name: call.name, args: call.arguments } } : { text },
          ],
        },
        finishReason: 'STOP',
      },
    ],
    usageMetadata: {
      promptTokenCount: usage.input,
      cachedContentTokenCount: usage.cache_read,
      candidatesTokenCount: usage.output - usage.reasoning,
      thoughtsTokenCount: usage.reasoning,
      totalTokenCount: usage.input + usage.output,
    },
    modelVersion: model,
    responseId: `response-${number}`,
  });
  return {
    read: (body, path) => ({
      model: /models\/([^:]+):/.exec(path)[1],
      stream: path.endsWith(':streamGenerateContent'),
      tools: body.tools?.length > 0,
      reportsReasoning: true,
      results: (body.contents ?? [])
        .flatMap(({ parts }) => parts ?? [])
        .filter((part) => part.functionResponse)
        .map(({ functionResponse: { id, response } }) => [id, JSON.stringify(response)]),
    }),
    whole,
    *stream(answer) {
      yield data(whole(answer));
    },
  };
}
