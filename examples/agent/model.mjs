// SPDX-License-Identifier: MIT
// A local stand-in for the chat completions API. Its answers come from a Mind; this file is the
// provider around it: token counts that follow the text, latency, cached prompts, truncation at
// max_tokens, the content filter, the rate limit.

import { createServer } from 'node:http';

const VERSION = {
  'gpt-4o-mini': '2024-07-18',
  'gpt-4.1': '2025-04-14',
  'gpt-4.1-mini': '2025-04-14',
};
const FILTERED = /lethal|fatal/i;

const tokens = (text) => Math.ceil(text.length / 4);
const cut = (text, limit) => text.slice(0, limit * 4).replace(/\s\S*$/, '');

export class ModelServer {
  #clock;
  #Mind;
  #run;
  #server = createServer((request, response) => this.#serve(request, response));

  constructor(clock, Mind) {
    this.#clock = clock;
    this.#Mind = Mind;
  }

  listen() {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () =>
        resolve(`http://127.0.0.1:${this.#server.address().port}/v1`),
      );
    });
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  // From here on all requests belong to this ticket.
  begin({ ticket, luck, bite, dialect }) {
    this.#run = {
      ticket,
      luck,
      bite,
      dialect,
      minds: new Map(),
      limitedUntil: undefined,
      hiccup: ticket.modelHiccup,
    };
  }

  async #serve(request, response) {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { status, headers = {}, body } = await this.#complete(JSON.parse(text));
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  }

  async #complete(asked) {
    const run = this.#run;
    const refused = await this.#refuse(asked);
    if (refused) return refused;

    const system = asked.messages[0].content;
    if (!run.minds.has(system)) {
      run.minds.set(system, { mind: new this.#Mind(run, asked), prompt: 0 });
    }
    const conversation = run.minds.get(system);
    let finish_reason = 'stop';
    let message;
    if (asked.messages.some(({ content }) => FILTERED.test(content ?? ''))) {
      message = { role: 'assistant', content: "I'm sorry, but I can't assist with that." };
      finish_reason = 'content_filter';
    } else {
      message = conversation.mind.next(asked);
      if (message.tool_calls) finish_reason = 'tool_calls';
      if (tokens(message.content ?? '') > asked.max_tokens) {
        message = { ...message, content: cut(message.content, asked.max_tokens) };
        finish_reason = 'length';
      }
    }

    const prompt_tokens = tokens(JSON.stringify([asked.messages, asked.tools]));
    const completion_tokens = tokens(JSON.stringify([message.content, message.tool_calls]));
    const cached_tokens =
      conversation.prompt < 1024 ? 0 : conversation.prompt - (conversation.prompt % 128);
    conversation.prompt = prompt_tokens;
    await this.#clock.sleep(280 + prompt_tokens * 0.05 + completion_tokens * run.luck.int(9, 16));
    const body = {
      id: `chatcmpl-${run.luck.hex(24)}`,
      object: 'chat.completion',
      created: Math.floor(this.#clock.now() / 1000),
      model: `${asked.model}-${VERSION[asked.model]}`,
      choices: [
        { index: 0, message: { refusal: null, ...message }, logprobs: null, finish_reason },
      ],
      usage: {
        prompt_tokens,
        completion_tokens,
        total_tokens: prompt_tokens + completion_tokens,
        prompt_tokens_details: { cached_tokens },
      },
    };
    return { status: 200, body };
  }

  // Overload: gpt-4.1 has a small quota, and in busy hours others have used it up.
  async #refuse(asked) {
    const run = this.#run;
    if (run.ticket.busy && asked.model === 'gpt-4.1') {
      run.limitedUntil ??= this.#clock.now() + run.luck.int(450, 900);
      const left = run.limitedUntil - this.#clock.now();
      if (left > 0) {
        await this.#clock.sleep(run.luck.int(60, 140));
        const used = run.luck.int(28000, 29990);
        const message = `Rate limit reached for gpt-4.1 in organization org-9tqR2 on tokens per min (TPM): Limit 30000, Used ${used}, Requested ${run.luck.int(600, 1900)}. Please try again in ${left}ms.`;
        return {
          status: 429,
          headers: { 'retry-after-ms': String(left) },
          body: { error: { message, type: 'tokens', param: null, code: 'rate_limit_exceeded' } },
        };
      }
    }
    if (run.hiccup && asked.tools) {
      run.hiccup = false;
      await this.#clock.sleep(2100);
      return {
        status: 500,
        body: {
          error: {
            message: 'The server had an error while processing your request. Sorry about that!',
            type: 'server_error',
            param: null,
            code: null,
          },
        },
      };
    }
    return undefined;
  }
}
