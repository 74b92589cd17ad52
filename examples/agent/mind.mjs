// SPDX-License-Identifier: MIT
// The scripted model: a coroutine per conversation that imitates how a language model reacts. It
// takes names from an example in the prompt rather than from a schema, repeats a call whose result
// it never saw, polls while a job is pending, retries calls that failed without a reason, and gives
// up in prose. A ticket's `solve` is what a competent model does.

const THOUGHTS = [
  'Let me look that up.',
  'I will check this first.',
  'One moment, I am reading the record.',
  'Checking.',
  'I need one more detail for this.',
];

const BESIDE_THE_POINT = [
  'You find all that in your account under "My orders".',
  'Thank you for your message, we value your feedback.',
  'Could you tell me more about what you need?',
];

// Words that mean the same, as prompts and schemas may use either.
const OTHER_WORDS = {
  create_credit_note: ['issue_store_credit'],
  email: ['mail'],
  postal_code: ['postcode'],
};

function readResult(content) {
  if (content.startsWith('Error: ')) return { error: content.slice(7) };
  if (content.startsWith('[')) return { unseen: true };
  return { value: JSON.parse(content) };
}

export class Mind {
  #script;
  #request;

  constructor({ ticket, luck, bite }, request) {
    this.luck = luck;
    this.bite = bite;
    this.careless = ticket.trouble; // follows the prompt to the letter
    this.ticket = ticket;
    this.#script = request.tools ? ticket.task.solve(this, ticket) : this.#route();
    this.#request = undefined;
  }

  // The assistant's next message.
  next(request) {
    this.#request = request;
    const { value } = this.#script.next();
    if (typeof value !== 'string') return value;
    const slips = this.ticket.slip && request.tools; // then it gives an irrelevant answer
    return { role: 'assistant', content: slips ? this.luck.pick(BESIDE_THE_POINT) : value };
  }

  get prompt() {
    return this.#request.messages[0].content;
  }

  *#route() {
    const { task, customer } = this.ticket;
    if (task.desk === 'none') return JSON.stringify({ desk: 'none', reply: task.reply });
    const summary = this.luck.pick([
      `${customer} asks about ${task.about}`,
      `Request: ${task.about}`,
      `${task.about}, from ${customer}`,
    ]);
    return JSON.stringify({ desk: task.desk, summary });
  }

  // Several calls in one message.
  *calls(list) {
    const tool_calls = list.map(([tool, args]) => ({
      id: `call_${this.luck.hex(24)}`,
      type: 'function',
      function: {
        name: this.#toolName(tool),
        arguments: JSON.stringify(this.#argumentNames(tool, args)),
      },
    }));
    yield {
      role: 'assistant',
      content: this.luck.chance(0.35) ? this.luck.pick(THOUGHTS) : null,
      tool_calls,
    };
    const { messages } = this.#request;
    return tool_calls.map(({ id }) =>
      readResult(messages.find((one) => one.tool_call_id === id).content),
    );
  }

  *once(tool, args) {
    const [result] = yield* this.calls([[tool, args]]);
    return result;
  }

  // One call, and the model's reaction if it fails. `error` is set if it never succeeds.
  *call(tool, args) {
    const isOffered = this.#request.tools.some((one) => one.function.name === tool);
    if (!isOffered) return { error: 'I have no tool for this' };
    let result = yield* this.once(tool, args);
    if (/timed out|RESET|REFUSED|deadlock|unavailable|closed/.test(result.error)) {
      result = yield* this.once(tool, args);
    }

    for (let again = this.luck.int(3, 5); result.unseen && again > 0; --again) {
      result = yield* this.once(tool, args);
    }
    if (result.unseen) return { error: 'nothing came back' };

    if (/could not be completed/.test(result.error)) {
      for (let again = this.luck.int(2, 4); result.error && again > 0; --again) {
        result = yield* this.once(tool, args);
      }
    } else if (/no tool|missing required/.test(result.error)) {
      this.careless = false; // reads the definitions now
      if (this.luck.chance(0.6)) result = yield* this.once(tool, args);
    } else if (/Cannot read/.test(result.error)) {
      result = yield* this.once(tool, args);
    }
    return result;
  }

  giveUp() {
    return this.luck.pick([
      'I am sorry, I could not get this done. A colleague will write to you tomorrow.',
      'Unfortunately our system did not let me finish this. Please try again later.',
      'I could not complete your request right now and have left a note for the team.',
    ]);
  }

  #toolName(tool) {
    const inPrompt = (OTHER_WORDS[tool] ?? []).find((word) => this.prompt.includes(word));
    return this.careless && inPrompt ? inPrompt : tool;
  }

  #argumentNames(tool, args) {
    const { properties } = this.#request.tools.find((one) => one.function.name === tool).function
      .parameters;
    const rename = (name) => {
      const words = [name, ...(OTHER_WORDS[name] ?? [])];
      const example = words.find((word) => this.prompt.includes(`${tool}(${word}=`));
      if (this.careless && example) return example;
      return words.find((word) => word in properties) ?? name;
    };
    return Object.fromEntries(Object.entries(args).map(([name, value]) => [rename(name), value]));
  }
}
