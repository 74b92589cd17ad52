// SPDX-License-Identifier: MIT
// The scripted model of the back office: one conversation with one agent. A ticket's `solve` is what
// the model does; where a rule of the prompt leads astray and the ticket is awkward, it obeys.

import { SORRY, THOUGHTS } from './wording/answers.mjs';

const ASIDE = [
  'You will find all of this in the handbook of the office.',
  'Thank you, I have taken note of this.',
  'Could you tell me more about what you need?',
];

function readResult(message) {
  if (!message) return { lost: true };
  const { content } = message;
  if (content.startsWith('Error: ')) return { error: content.slice(7) };
  try {
    return { value: JSON.parse(content), text: content };
  } catch {
    return { text: content };
  }
}

export class OfficeMind {
  #script;
  #request;

  constructor({ ticket, luck, bite, dialect }, request) {
    this.luck = luck;
    this.bite = bite;
    this.dialect = dialect;
    this.ticket = ticket;
    this.careless = ticket.trouble; // follows the prompt to the letter
    this.#request = request;
    this.#script = ticket.task.solve(this, ticket);
  }

  // The assistant's next message.
  next(request) {
    this.#request = request;
    const { value } = this.#script.next();
    if (value !== null && typeof value === 'object') return value;
    const content = this.ticket.slip && value ? this.luck.pick(ASIDE) : value;
    return { role: 'assistant', content };
  }

  tool(key) {
    return this.dialect.tools[key];
  }

  // Whether the prompt has the rule, and the model would follow it here.
  obeys(rule) {
    const { content } = this.#request.messages[0];
    return this.careless && content.includes(this.dialect.rules[rule]);
  }

  // Whether some message of the user has the words.
  remembers(words) {
    return this.#request.messages.some(
      ({ role, content }) => role === 'user' && content.includes(words),
    );
  }

  words(pool, values = {}) {
    const one = this.luck.pick(pool);
    return typeof one === 'function' ? one(values) : one;
  }

  sorry() {
    return this.luck.pick(SORRY);
  }

  // Several calls in one message, with a thought.
  *calls(list, thought = this.luck.chance(0.35) ? this.luck.pick(THOUGHTS) : null) {
    const tool_calls = list.map(([tool, args]) => ({
      id: `call_${this.luck.hex(24)}`,
      type: 'function',
      function: { name: this.tool(tool), arguments: JSON.stringify(args) },
    }));
    yield { role: 'assistant', content: thought, tool_calls };
    const { messages } = this.#request;
    return tool_calls.map(({ id }) => readResult(messages.find((one) => one.tool_call_id === id)));
  }

  *call(tool, args, thought) {
    const [result] = yield* this.calls([[tool, args]], thought);
    return result;
  }
}
