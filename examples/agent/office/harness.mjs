// SPDX-License-Identifier: MIT
// The harness of the back office: agents, prompts, the loop around the model. None of its faults
// shows as an error.

import { OpenInferenceSpanKind as Kind } from '@arizeai/openinference-semantic-conventions';
import { trace } from '@opentelemetry/api';
import { Ledger } from './ledger.mjs';
import { makeOfficeTools } from './tools.mjs';
import { PAGES, WALLS } from './wording/pages.mjs';

const HOUSE_RULES = `You work in the back office of a shop for house and garden. Amounts are in
euros. Use the tools for everything that is written down somewhere.`;
const spanId = () => trace.getActiveSpan().spanContext().spanId;

// A prompt holds the rule that leads astray, or the sound one if the defect is fixed.
function agents(fixed, { rules }) {
  const astray = (defect, rule, sound) => (fixed(defect) ? sound : rules[rule]);
  return {
    catalogue: {
      model: 'gpt-4o-mini',
      tools: ['get_sheet', 'check_claims', 'update_listing'],
      prompt: `You edit the texts of the shop. New texts must not claim what the data sheet does not say.
${astray('announced_listing', 'explain_first', 'Report when a change has been made.')}
${astray('skipped_check', 'few_calls', 'Take as many calls as a text needs.')}`,
    },
    sourcing: {
      model: 'gpt-4.1-mini',
      tools: ['web_search', 'open_page', 'get_price_list'],
      prompt: `You find out about suppliers, on the web and from their price lists.
${astray('wordless_end', 'no_chatter', 'Answer each question in a sentence.')}`,
    },
    analyst: {
      model: 'gpt-4.1',
      tools: ['query_sales', 'get_stock'],
      prompt: `You answer questions about sales and stock.
${astray('always_a_figure', 'a_figure', 'If you cannot read a figure, say so.')}`,
    },
    dispatch: {
      model: 'gpt-4.1-mini',
      tools: ['get_freight_rate', 'list_stops', 'confirm_stop', 'book_transport'],
      max_turns: fixed('quiet_limit') ? 30 : 5,
      prompt: 'You plan transports and tours. Ask for the rate before you book.',
    },
    deliveries: {
      model: 'gpt-4o-mini',
      tools: ['get_delivery', 'find_slots', 'confirm_delivery'],
      window: fixed('message_window') ? undefined : 9,
      prompt:
        'You agree with receivers on the time of their deliveries. Heed what they tell you about themselves.',
    },
    service: {
      model: 'gpt-4o-mini',
      tools: ['find_orders', 'get_order_details', 'check_warranty', 'open_case'],
      prompt: `You chat with customers about what they bought.
${astray('newest_order', 'newest', 'Use the order that holds the product in question.')}
${astray('guessed_number', 'order_pattern', 'If you have no order number, look for the orders of the customer.')}
${astray('unchecked_warranty', 'by_heart', 'Read the date of a warranty before you name it.')}`,
    },
    documents: {
      model: 'gpt-4.1-mini',
      tools: ['search_documents', 'read_document', 'file_document'],
      max_result: fixed('sliced_result') ? undefined : 1500,
      prompt: `You look after contracts and letters.
${astray('written_call', 'call_format', 'Use the functions that you are offered.')}`,
    },
  };
}

// The system prompt and the latest messages.
function latest(messages, count) {
  if (messages.length <= count) return messages;
  const rest = messages.slice(1 - count);
  while (rest[0].role === 'tool') rest.shift(); // the call it belongs to is gone
  return [messages[0], ...rest];
}

export class OfficeHarness {
  constructor({ desk, client, telemetry }) {
    const { luck, fixed, dialect } = desk;
    this.ledger = new Ledger();
    this.approved = new Set();
    this.desk = {
      ...desk,
      bite: (defect, where) => {
        desk.bite(defect);
        this.ledger.mark(defect, where);
      },
    };
    this.client = client;
    this.telemetry = telemetry;
    this.agents = agents(fixed, dialect);
    this.tools = makeOfficeTools({
      ...this.desk,
      approved: this.approved,
      cache: new Map(),
      words: {
        page: (supplier) => luck.pick(PAGES)(supplier),
        wall: (supplier) => luck.pick(WALLS)(supplier),
      },
    });
    this.toolOf = new Map(Object.entries(dialect.tools).map(([key, name]) => [name, key]));
  }

  // One request, or one chat, until nobody has anything to say.
  handle(ticket) {
    const { clock, luck } = this.desk;
    return this.telemetry.inSession(ticket.session, ticket.user, () =>
      this.telemetry.inSpan(
        { name: 'handle_request', kind: Kind.CHAIN, input: ticket.message },
        async () => {
          this.traceId = trace.getActiveSpan().spanContext().traceId;
          const agent = ticket.task.desk;
          const messages = [
            { role: 'system', content: `${HOUSE_RULES}\n${this.agents[agent].prompt}` },
          ];
          let text = ticket.message;
          for (let count = 0; ; ++count) {
            await clock.sleep(luck.int(1, 6));
            messages.push({ role: 'user', content: text });
            const answer = await this.answer(agent, messages, text);
            text = ticket.reply?.(answer, count);
            if (!text) return answer;
            await clock.sleep(luck.int(9_000, 70_000));
          }
        },
      ),
    );
  }

  // Runs the agent until it is done, with a person's approval in between if it takes one.
  async answer(name, messages, input) {
    let pending;
    for (;;) {
      const result = await this.runAgent(name, messages, input, pending);
      if (!result.pending) return result.text;
      pending = result.pending;
      await this.desk.clock.sleep(this.desk.luck.int(300_000, 2_400_000));
      this.approved.add(pending.id);
    }
  }

  async runAgent(name, messages, input, pending) {
    const { dialect, luck, clock } = this.desk;
    const shown = dialect.agents[name];
    const attributes = { 'agent.name': shown };
    let paused;
    const text = await this.telemetry.inSpan(
      { name: `${shown} agent`, kind: Kind.AGENT, input, attributes },
      async () => {
        await clock.sleep(luck.int(1, 4));
        if (pending) messages.push(await this.runCall(name, pending));
        return this.loop(name, messages, (call) => {
          paused = call;
          return dialect.waiting;
        });
      },
    );
    return { text, pending: paused };
  }

  async loop(name, messages, pause) {
    const agent = this.agents[name];
    for (let turn = 0; turn < (agent.max_turns ?? 30); ++turn) {
      const answer = await this.complete(name, messages);
      messages.push(answer);
      if (!answer.tool_calls) return answer.content ?? '';
      const results = await Promise.all(
        answer.tool_calls.map((call) =>
          this.runCall(name, call).catch((error) => {
            if (!error.pause) throw error;
            return { pause: call };
          }),
        ),
      );
      if (results[0].pause) return pause(results[0].pause);
      messages.push(...this.kept(results));
    }
    this.desk.bite('quiet_limit', 'turn');
    return this.desk.dialect.report;
  }

  // What of the results of one message reaches the conversation.
  kept(results) {
    if (this.desk.fixed('overwritten_results')) return results;
    for (const { tool_call_id } of results.slice(0, -1)) {
      this.desk.bite('overwritten_results', { call: tool_call_id });
    }
    return results.slice(-1);
  }

  async complete(name, messages) {
    const agent = this.agents[name];
    const step = this.ledger.step(name);
    const body = {
      model: agent.model,
      messages: agent.window ? latest(messages, agent.window) : messages,
      max_tokens: 900,
      temperature: 0.2,
      tools: agent.tools.map((key) => {
        const { description, parameters } = this.tools[key];
        const name = this.desk.dialect.tools[key];
        return { type: 'function', function: { name, description, parameters } };
      }),
    };
    const response = await this.telemetry.modelCall(() =>
      this.client.chat.completions.create(body),
    );
    await this.desk.clock.sleep(this.desk.luck.int(1, 3));
    const { message } = response.choices[0];
    step.span = this.telemetry.latestModelCall;
    step.calls = (message.tool_calls ?? []).map(({ id }) => id);
    return message;
  }

  // The result of a call, as the model sees it.
  async runCall(name, call) {
    const { max_result } = this.agents[name];
    const result = await this.runTool(call);
    let content = typeof result === 'string' ? result : JSON.stringify(result);
    if (content.length > max_result) {
      this.desk.bite('sliced_result', { call: call.id });
      content = content.slice(0, max_result) + this.desk.dialect.cutMark;
    }
    return { role: 'tool', tool_call_id: call.id, content };
  }

  // The turns in which each defect took effect.
  turns() {
    return this.ledger.turns();
  }

  runTool(call) {
    const { name } = call.function;
    const tool = this.tools[this.toolOf.get(name)];
    const attributes = {
      'tool.name': name,
      'tool.description': tool.description,
      'tool.parameters': JSON.stringify(tool.parameters),
      'tool_call.id': call.id,
    };
    const input = JSON.parse(call.function.arguments);
    return this.telemetry.inSpan({ name, kind: Kind.TOOL, input, attributes }, async () => {
      this.ledger.action(call.id, spanId());
      await this.desk.clock.sleep(this.desk.luck.int(30, 380));
      return tool.run(input, call.id);
    });
  }
}
