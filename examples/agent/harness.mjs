// SPDX-License-Identifier: MIT
// The harness: prompts, the loop around the model, its retries and limits, how tools are run. This
// is the code under observation. `fixed(defect)` says whether a defect is switched off.

import { OpenInferenceSpanKind as Kind } from '@arizeai/openinference-semantic-conventions';
import { trace } from '@opentelemetry/api';
import { makeTools } from './tools.mjs';

class MaxTurnsExceeded extends Error {
  name = 'MaxTurnsExceeded';
}
class UnknownToolError extends Error {
  name = 'UnknownToolError';
}

const HOUSE_RULES = `You work for the customer desk of a shop for house and garden. Be brief and
kind. Never invent order numbers, amounts or dates: read them with a tool first. Amounts are in
euros. Answer in the language of the customer.`;

function agents(fixed) {
  const mail = fixed('argument_example') ? 'email' : 'mail';
  const credit = fixed('credit_tool_name') ? 'create_credit_note' : 'issue_store_credit';
  return {
    triage: {
      model: 'gpt-4o-mini',
      tools: [],
      max_turns: 2,
      max_tokens: 400,
      prompt: `Decide which desk takes a message: orders (orders, stock, products, contact data),
wholesale (quotes of business customers), billing (invoices, refunds, credit), shipping (parcels,
addresses, labels, pick-ups, handbook), or none if you can answer at once. Reply with JSON:
{"desk": "...", "summary": "..."} or {"desk": "none", "reply": "..."}.`,
    },
    orders: {
      model: 'gpt-4o-mini',
      tools: [
        'lookup_customer',
        'search_orders',
        'get_order',
        'cancel_order',
        'update_contact',
        'check_stock',
        'find_substitute',
        'change_item',
        'get_product',
      ],
      max_turns: 20,
      max_tokens: 600,
      max_result: fixed('keep_results') ? Infinity : 6000,
      prompt: `You are the orders desk. Customers often give only their e-mail address; then start
with lookup_customer(${mail}="name@example.com"). A product that is sold out may be replaced by a
substitute that is in stock. ${fixed('announce_first') ? '' : 'Before you cancel anything, tell the customer what you are about to do.'}`,
    },
    wholesale: {
      model: 'gpt-4.1-mini',
      tools: ['get_quote', 'set_quote_line', 'confirm_quote'],
      max_turns: fixed('turn_limit') ? 30 : 8,
      max_tokens: 600,
      prompt: `You are the wholesale desk. Change quotes line by line with set_quote_line and
confirm them with confirm_quote at the end.`,
    },
    billing: {
      model: 'gpt-4.1',
      tools: [
        'get_invoice',
        'issue_refund',
        'create_credit_note',
        'email_invoice',
        'rename_invoice',
      ],
      max_turns: 12,
      max_tokens: 600,
      prompt: `You are the billing desk. Refunds go back the way the money came (issue_refund). As a
gesture of goodwill give store credit with ${credit}. ${fixed('silent_after_mail') ? 'Always end with a short confirmation.' : 'When a tool has already written to the customer, do not write a second time.'}`,
    },
    shipping: {
      model: 'gpt-4.1-mini',
      tools: [
        'track_parcel',
        'update_address',
        'request_label',
        'label_status',
        'find_pickup_slot',
        'book_pickup',
        'hold_parcel',
        'recall_parcel',
        'get_policy',
      ],
      max_turns: 20,
      max_tokens: fixed('answer_length') ? 1200 : 150,
      prompt: `You are the shipping desk. Parcels, addresses, labels, pick-ups and the handbook are
yours. Letters to customers give every item and what happens next.`,
    },
  };
}

export class Harness {
  constructor({ desk, client, telemetry }) {
    this.desk = desk;
    this.client = client;
    this.telemetry = telemetry;
    this.tools = makeTools(desk);
    this.agents = agents(desk.fixed);
    this.hiccup = desk.ticket.hiccup; // an error of the outside world that happens once
  }

  // One message of a customer, answered.
  handle(ticket) {
    return this.telemetry.inSession(ticket.session, ticket.user, () =>
      this.telemetry.inSpan(
        { name: 'handle_ticket', kind: Kind.CHAIN, input: ticket.message },
        async () => {
          this.traceId = trace.getActiveSpan().spanContext().traceId;
          await this.desk.clock.sleep(this.desk.luck.int(1, 6));
          const routed = JSON.parse(await this.runAgent('triage', ticket.message));
          if (routed.desk === 'none') return routed.reply;
          return this.runAgent(routed.desk, ticket.message);
        },
      ),
    );
  }

  runAgent(name, message) {
    const agent = this.agents[name];
    const attributes = { 'agent.name': name };
    return this.telemetry.inSpan(
      { name: `${name} agent`, kind: Kind.AGENT, input: message, attributes },
      async () => {
        await this.desk.clock.sleep(this.desk.luck.int(1, 4));
        const messages = [
          { role: 'system', content: `${HOUSE_RULES}\n${agent.prompt}` },
          { role: 'user', content: message },
        ];
        for (let turn = 0; turn < agent.max_turns; ++turn) {
          const { message: answer, finish_reason } = await this.complete(agent, messages);
          if (finish_reason === 'length') this.desk.bite('answer_length');
          if (finish_reason === 'content_filter') this.desk.bite('supplier_text');
          if (!answer.tool_calls) {
            if (!answer.content) this.desk.bite('silent_after_mail');
            return answer.content ?? '';
          }
          messages.push(answer);
          const results = await this.runCalls(agent, answer.tool_calls);
          messages.push(...results);
          if (
            !this.desk.fixed('final_flag') &&
            results.some(({ content }) => content.includes('"final":true'))
          ) {
            this.desk.bite('final_flag');
            return 'Your request has been taken care of.';
          }
        }
        this.desk.bite('turn_limit');
        throw new MaxTurnsExceeded(`Max turns (${agent.max_turns}) exceeded`);
      },
    );
  }

  async complete(agent, messages) {
    const body = { model: agent.model, messages, max_tokens: agent.max_tokens, temperature: 0.2 };
    if (agent.tools.length > 0) {
      body.tools = agent.tools.map((name) => {
        const { description, parameters } = this.tools[name];
        return { type: 'function', function: { name, description, parameters } };
      });
    }
    for (let attempt = 1; ; ++attempt) {
      try {
        const response = await this.telemetry.modelCall(() =>
          this.client.chat.completions.create(body),
        );
        await this.desk.clock.sleep(this.desk.luck.int(1, 3));
        return response.choices[0];
      } catch (error) {
        if (attempt === 20 || (error.status !== 429 && error.status < 500)) throw error;
        if (attempt === 2) this.desk.bite('backoff');
        const wait = Number(error.headers?.get('retry-after-ms') ?? 500);
        await this.desk.clock.sleep(this.desk.fixed('backoff') ? wait * 1.1 : 1);
      }
    }
  }

  async runCalls(agent, calls) {
    const run = async (call) => ({
      role: 'tool',
      tool_call_id: call.id,
      content: await this.runCall(agent, call),
    });
    if (this.desk.fixed('parallel_calls')) return Promise.all(calls.map(run));
    if (calls.length > 1) this.desk.bite('parallel_calls');
    const results = [];
    for (const call of calls) results.push(await run(call));
    return results;
  }

  // The result of a call, as the model sees it.
  async runCall(agent, call) {
    const { name } = call.function;
    try {
      const result = JSON.stringify(await this.runTool(name, call));
      if (result.length > agent.max_result) {
        this.desk.bite('keep_results');
        return `[${(result.length / 1024).toFixed(1)} kB removed to save space]`;
      }
      return result;
    } catch (error) {
      if (error.name === 'WarehouseError' && !this.desk.fixed('warehouse_error')) {
        this.desk.bite('warehouse_error');
        return '{"ok":true}';
      }
      return `Error: ${error.message}`;
    }
  }

  runTool(name, call) {
    const tool = this.tools[name];
    if (!tool) {
      this.desk.bite('credit_tool_name');
      throw new UnknownToolError(`there is no tool ${name}`);
    }
    const attributes = {
      'tool.name': name,
      'tool.description': tool.description,
      'tool.parameters': JSON.stringify(tool.parameters),
      'tool_call.id': call.id,
    };
    const input = JSON.parse(call.function.arguments);
    return this.telemetry.inSpan({ name, kind: Kind.TOOL, input, attributes }, async () => {
      await this.desk.clock.sleep(this.desk.luck.int(30, 380));
      if (this.hiccup) {
        const error = Object.assign(new Error(this.hiccup.message), { name: this.hiccup.name });
        this.hiccup = undefined;
        await this.desk.clock.sleep(5000);
        throw error;
      }
      return tool.run(input);
    });
  }
}
