// SPDX-License-Identifier: MIT
// Chats with customers about what they bought.

import { NO_SUCH_ORDER, ORDER_STATE } from '../wording/answers.mjs';
import { CLAIMS } from '../wording/claims.mjs';
import { APOLOGIES, CASE_OPENED, CONTENT, CORRECTIONS, WELCOME } from '../wording/corrections.mjs';

const ISSUES = [
  'has a crack',
  'arrived with a scratch',
  'is broken',
  'smells of glue',
  'came in the wrong colour',
];

// A customer with two orders or more that have nothing in common, and one product of each.
function twoOrders(db, luck) {
  const names = (id) => db.orders[id].lines.map(({ name }) => name);
  const fits = ({ orders }) =>
    orders.length >= 2 && !names(orders.at(-1)).some((name) => names(orders.at(-2)).includes(name));
  const customer = luck.pick(Object.values(db.customers).filter(fits));
  const [older, newest] = customer.orders.slice(-2);
  return { email: customer.email, older, newest, names };
}

export const service = [
  {
    trouble: 0.55,
    chat: true,
    make({ db, luck, trouble }) {
      const { email, older, newest, names } = twoOrders(db, luck);
      const order_id = trouble ? older : newest;
      const product = luck.pick(names(order_id));
      const wrong = names(newest)[0];
      const issue = luck.pick(ISSUES);
      return {
        email,
        product,
        issue,
        ask: [
          `The ${product} ${issue}. Please open a case, my mail is ${email}.`,
          `My ${product} ${issue}! I am ${email}, what now?`,
          `I want to report that the ${product} ${issue} (${email}).`,
          `Please open a complaint: ${product}, it ${issue}. Account ${email}.`,
          `${email} here. The ${product} ${issue}.`,
          `Unfortunately the ${product} that you sent ${issue}. You find me under ${email}.`,
        ],
        reply: (_, count) => {
          const opened = Object.values(db.cases).at(-1);
          if (opened && opened.order_id !== order_id) {
            return luck.pick(CORRECTIONS)({ wanted: product, wrong });
          }
          return count < 2 && luck.chance(0.6) ? luck.pick(CONTENT) : undefined;
        },
        goal: { state: (after) => Object.values(after.cases).at(-1)?.order_id === order_id },
      };
    },
    *solve(m, { email, product, issue }) {
      const { orders } = (yield* m.call('find_orders', { email })).value;
      const right = orders.find(({ products }) => products.includes(product));
      let sorry = '';
      if (m.obeys('newest') && right !== orders[0]) {
        const { order_id, products } = orders[0];
        const wrong = { order_id, product: products[0] };
        const { value } = yield* m.call('open_case', { ...wrong, issue });
        m.bite('newest_order', 'turn');
        yield m.words(CASE_OPENED, { ...wrong, case_id: value.case_id });
        sorry = m.luck.pick(APOLOGIES);
      }
      const { order_id } = right;
      const { value } = yield* m.call('open_case', { order_id, product, issue });
      yield sorry + m.words(CASE_OPENED, { order_id, product, case_id: value.case_id });
      for (;;) yield m.words(WELCOME);
    },
  },
  {
    trouble: 0.6,
    make({ db, luck, trouble }) {
      const { email, newest, names } = twoOrders(db, luck);
      const product = names(newest)[0];
      const digits = newest.slice(3);
      return {
        email,
        product,
        order_id: newest,
        knows: !trouble, // the number of the order
        ask: trouble
          ? [
              `How far is my order with the ${product}? My mail is ${email}.`,
              `I ordered a ${product} and hear nothing (${email}).`,
              `${email}: what about the ${product} that I ordered?`,
              `When do you send the ${product}? I no longer have the number, my account is ${email}.`,
              `Please tell me the state of my order, it was a ${product}. ${email}`,
            ]
          : [
              `How far is my order ${newest}? It is the one with the ${product}.`,
              `Order ${digits}: has it been sent?`,
              `What about ${newest}, the ${product}?`,
              `State of order no. ${digits}, please.`,
            ],
        goal: { says: [db.orders[newest].status] },
      };
    },
    *solve(m, e) {
      let { order_id } = e;
      if (!e.knows && m.obeys('order_pattern')) {
        order_id = `ON-${m.luck.int(100, 999)}${m.luck.pick(['000', '111', '123', '456', '789', '001'])}`;
        m.bite('guessed_number', 'turn');
      } else if (!e.knows) {
        const { orders } = (yield* m.call('find_orders', { email: e.email })).value;
        ({ order_id } = orders.find(({ products }) => products.includes(e.product)));
      }
      const { value } = yield* m.call('get_order_details', { order_id });
      if (value.found === false) return m.words(NO_SUCH_ORDER, { order_id, product: e.product });
      return m.words(ORDER_STATE, { ...value, product: e.product });
    },
  },
  {
    trouble: 0.65,
    make({ db, luck }) {
      const { newest: order_id, names } = twoOrders(db, luck);
      const product = names(order_id)[0];
      const until = `20${luck.int(27, 29)}-${luck.pick(['01', '02', '04', '07', '11'])}-${luck.int(10, 28)}`;
      db.orders[order_id].warranty = until;
      return {
        order_id,
        product,
        ask: [
          `Until when does the ${product} of order ${order_id} have warranty?`,
          `Is my ${product} still under warranty? ${order_id}`,
          `${order_id}, ${product}: when does the warranty end?`,
          `I need the date on which the warranty of the ${product} ends (order ${order_id}).`,
          `The ${product} from ${order_id} broke. Until when is it covered?`,
          `Please check the warranty for the ${product}, order ${order_id}.`,
        ],
        goal: { says: [until] },
      };
    },
    *solve(m, { order_id, product }) {
      if (m.obeys('by_heart')) {
        m.bite('unchecked_warranty', 'said');
        const until = `2028-0${m.luck.int(1, 9)}-0${m.luck.int(1, 9)}`;
        return m.words(CLAIMS, { order_id, product, until });
      }
      const { value } = yield* m.call('check_warranty', { order_id, product });
      return m.words(CLAIMS, { order_id, product, until: value.until });
    },
  },
].map((task) => ({ ...task, desk: 'service' }));
