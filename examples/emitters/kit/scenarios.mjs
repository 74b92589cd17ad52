// SPDX-License-Identifier: MIT
// What happens in each run: the customer's question, the scripted model's answer to each call with
// its usage, and how the tools behave. Every number and name is unique, so that it can be found in
// a recording.
//
// Usage is canonical: `input` is the whole prompt, of which `cache_read` came from a cache and
// `cache_write` was written to it; `output` is the whole completion, of which `reasoning` was not
// shown. model.mjs converts it to the form of each API.

export const AGENT = 'order-desk';
export const INSTRUCTIONS = 'You are the order desk of a garden shop. Use the tools; be brief.';
export const STEP_LIMIT = 4;

const ORDERS = {
  'A-1042': { order_id: 'A-1042', status: 'shipped', arrives: 'Friday' },
  'A-2077': { order_id: 'A-2077', status: 'handed over', arrives: 'Monday' },
  'A-3310': { order_id: 'A-3310', status: 'being packed', arrives: 'Tuesday' },
  'A-4005': { order_id: 'A-4005', status: 'pending', arrives: 'unknown' },
};

const text = (description) => ({ type: 'string', description });

export const TOOLS = [
  {
    name: 'find_order',
    description: 'Finds one order by its number.',
    parameters: {
      type: 'object',
      properties: { order_id: text('the number of the order, such as A-1000') },
      required: ['order_id'],
      additionalProperties: false,
    },
    run({ order_id }) {
      if (!ORDERS[order_id]) throw new TypeError(`no order has the number ${order_id}`);
      return ORDERS[order_id];
    },
  },
  {
    name: 'cancel_order',
    description: 'Cancels an order that has not left the warehouse.',
    parameters: {
      type: 'object',
      properties: { order_id: text('the number of the order'), reason: text('why') },
      required: ['order_id', 'reason'],
      additionalProperties: false,
    },
    run({ order_id }) {
      throw new Error(`${order_id} has already left the warehouse`);
    },
  },
];

const usage = (input, cache_read, output, reasoning, cache_write = 0) => ({
  input,
  output,
  cache_read,
  cache_write,
  reasoning,
});

export const SCENARIOS = [
  {
    name: 'success',
    question: 'Where is my order A-1042?',
    turns: [
      {
        call: { name: 'find_order', arguments: { order_id: 'A-1042' } },
        usage: usage(1511, 1280, 187, 149, 131),
      },
      {
        text: 'Order A-1042 is on its way and arrives on Friday.',
        usage: usage(1733, 1408, 59, 23, 211),
      },
    ],
  },
  {
    name: 'tool_failure',
    question: 'Please cancel my order A-2077, I ordered twice.',
    turns: [
      {
        call: { name: 'cancel_order', arguments: { order_id: 'A-2077', reason: 'ordered twice' } },
        usage: usage(1523, 1152, 193, 139, 151),
      },
      {
        call: { name: 'find_order', arguments: { order_id: 'A-2077' } },
        usage: usage(1741, 1344, 83, 41, 223),
      },
      {
        text: 'I could not cancel order A-2077: it was handed over and arrives on Monday.',
        usage: usage(1913, 1536, 67, 29, 233),
      },
    ],
  },
  {
    name: 'wrong_argument',
    question: 'When does A-3310 come?',
    turns: [
      {
        call: { name: 'find_order', arguments: { number: 'A-3310' } },
        usage: usage(1531, 1216, 197, 157, 163),
      },
      {
        call: { name: 'find_order', arguments: { order_id: 'A-3310' } },
        usage: usage(1747, 1472, 89, 43, 227),
      },
      {
        text: 'Order A-3310 is being packed and arrives on Tuesday.',
        usage: usage(1931, 1600, 71, 31, 239),
      },
    ],
  },
  {
    name: 'step_limit',
    question: 'Tell me as soon as A-4005 is shipped.',
    turns: [
      {
        call: { name: 'find_order', arguments: { order_id: 'A-4005' } },
        usage: usage(1543, 1088, 199, 163, 173),
      },
      {
        call: { name: 'find_order', arguments: { order_id: 'A-4005' } },
        usage: usage(1753, 1424, 97, 47, 229),
      },
      {
        call: { name: 'find_order', arguments: { order_id: 'A-4005' } },
        usage: usage(1951, 1664, 101, 53, 241),
      },
      {
        call: { name: 'find_order', arguments: { order_id: 'A-4005' } },
        usage: usage(2141, 1856, 103, 61, 251),
      },
    ],
  },
].map((scenario, index) => ({
  ...scenario,
  session: `session-7${index}0`,
  user: `customer-4${index}0`,
  callId: (number) => `call_${index}${number}`,
}));
