// SPDX-License-Identifier: MIT
// Orders, stock, products, contact data.

import { aCustomer, aboutOrder, euros, few, many } from './ticket.mjs';

export const orders = [
  {
    about: 'the state of an order',
    make({ db, luck }) {
      const e = aboutOrder(db, luck, few);
      return {
        ...e,
        ask: [
          `What is the state of my order ${e.order_id}?`,
          `Has ${e.order_id} left your house yet?`,
          `I ordered under ${e.order_id}, how far is it?`,
        ],
        goal: { says: [e.order.status] },
      };
    },
    *solve(m, e) {
      const { value, error } = yield* m.call('get_order', { order_id: e.order_id });
      return error ? m.giveUp() : `Your order ${e.order_id} of ${value.placed} is ${value.status}.`;
    },
  },
  {
    about: 'the last order, found by e-mail',
    trouble: 0.7,
    make({ db, luck }) {
      const e = aboutOrder(db, luck);
      const last = db.customers[e.customer_id].orders.at(-1);
      return {
        ...e,
        ask: [
          `I lost the number of my last order. My mail is ${e.email}.`,
          `Which order did I place last? I am ${e.email}.`,
        ],
        goal: { says: [last] },
      };
    },
    *solve(m, e) {
      const { value, error } = yield* m.call('lookup_customer', { email: e.email });
      return error ? m.giveUp() : `Your last order is ${value.recent_orders.at(-1)}.`;
    },
  },
  {
    about: 'a new phone number',
    trouble: 0.5,
    make({ db, luck }) {
      const e = aboutOrder(db, luck);
      const phone = `+49 40 ${luck.int(200000, 899999)}`;
      return {
        ...e,
        phone,
        ask: [
          `My new phone number is ${phone}, my account is ${e.email}.`,
          `Please change my number to ${phone} (${e.email}).`,
        ],
        goal: { state: (after) => after.customers[e.customer_id].phone === phone },
      };
    },
    *solve(m, e) {
      const { value, error } = yield* m.call('lookup_customer', { email: e.email });
      if (error) return m.giveUp();
      yield* m.call('update_contact', { customer_id: value.id, phone: e.phone });
      return `I have saved ${e.phone}, ${value.name}.`;
    },
  },
  {
    about: 'an order from some time ago',
    trouble: 0.75,
    make({ db, luck, trouble }) {
      const e = aboutOrder(db, luck, trouble ? many : few);
      const [{ name }] = e.order.lines;
      return {
        ...e,
        product: name,
        ask: [
          `When did I buy the ${name}? My number is ${e.customer_id}.`,
          `I need the order number for my ${name}, customer ${e.customer_id}.`,
        ],
        goal: { says: ['ON-'] },
      };
    },
    *solve(m, e) {
      const { value, error } = yield* m.call('search_orders', { customer_id: e.customer_id });
      if (error) return m.giveUp();
      const hit = value.orders.find(({ lines }) => lines.some(({ name }) => name === e.product));
      return `You bought the ${e.product} on ${hit.placed} with order ${hit.order_id}.`;
    },
  },
  {
    about: 'the sum of all orders',
    trouble: 0.5,
    make({ db, luck, trouble }) {
      const e = aboutOrder(db, luck, trouble ? many : few);
      const sum = db.customers[e.customer_id].orders.reduce(
        (total, id) => total + db.orders[id].total,
        0,
      );
      return {
        ...e,
        ask: [
          `How much have I spent with you in all? ${e.customer}, ${e.customer_id}.`,
          `For my tax return I need the total of my orders (${e.customer_id}).`,
        ],
        goal: { says: [euros(sum)] },
      };
    },
    *solve(m, e) {
      const { value, error } = yield* m.call('search_orders', { customer_id: e.customer_id });
      if (error) return m.giveUp();
      return `Your ${value.count} orders come to ${euros(value.orders.reduce((total, { total: one }) => total + one, 0))} euros.`;
    },
  },
  {
    about: 'a cancellation',
    trouble: 0.6,
    weight: 2,
    make({ db, luck }) {
      const e = aboutOrder(db, luck, few);
      return {
        ...e,
        ask: [
          `Please cancel ${e.order_id}, I ordered twice.`,
          `I changed my mind about ${e.order_id}. Cancel it, please.`,
        ],
        goal: { state: (after) => after.orders[e.order_id].status === 'cancelled' },
      };
    },
    *solve(m, e) {
      const { error } = yield* m.call('get_order', { order_id: e.order_id });
      if (error) return m.giveUp();
      if (m.careless && m.prompt.includes('tell the customer what you are about to do')) {
        m.bite('announce_first');
        return `I will now cancel your order ${e.order_id}. The money goes back the way it came.`;
      }
      yield* m.call('cancel_order', { order_id: e.order_id, reason: 'wish of the customer' });
      return `Your order ${e.order_id} is cancelled.`;
    },
  },
  ...['exchange of a product before it is sent', 'a product for another colour'].map(
    (about, index) => ({
      about,
      trouble: 0.65,
      make({ db, luck, trouble }) {
        const e = aboutOrder(db, luck);
        const [{ sku: from_sku, name }] = e.order.lines;
        const wanted = luck.pick(
          Object.values(db.products).filter(
            (one) =>
              one.sku !== from_sku &&
              ['kitchen', 'textiles', 'lighting', 'decor', 'garden'].includes(one.category),
          ),
        );
        if (trouble) wanted.stock = 0;
        const ask =
          index === 0
            ? [
                `In ${e.order_id} I would rather have the ${wanted.name} (${wanted.sku}) than the ${name}, or something like it.`,
              ]
            : [
                `Can you put ${wanted.sku} into ${e.order_id} in place of the ${name}? A similar one will do as well.`,
              ];
        return {
          ...e,
          from_sku,
          wanted: wanted.sku,
          ask,
          goal: {
            state: (after) => !after.orders[e.order_id].lines.some(({ sku }) => sku === from_sku),
          },
        };
      },
      *solve(m, e) {
        let sku = e.wanted;
        for (let patience = m.luck.int(4, 6); patience > 0; --patience) {
          const stock = yield* m.call('check_stock', { sku });
          if (stock.error) return m.giveUp();
          if (stock.value.available > 0) {
            yield* m.call('change_item', {
              order_id: e.order_id,
              from_sku: e.from_sku,
              to_sku: sku,
            });
            return `Done: your order ${e.order_id} now holds ${sku}.`;
          }
          const other = yield* m.call('find_substitute', { sku });
          if (other.error) return m.giveUp();
          sku = other.value.substitute;
        }
        return m.giveUp();
      },
    }),
  ),
  ...['how to look after a product', 'what to mind about a product'].map((about, index) => ({
    about,
    trouble: 0.7,
    make({ db, luck, trouble }) {
      const customer = aCustomer(db, luck);
      const adult = ({ category }) => ['knives', 'pest control'].includes(category);
      const product = luck.pick(Object.values(db.products).filter((one) => adult(one) === trouble));
      const ask =
        index === 0
          ? [
              `How do I look after the ${product.name} (${product.sku})?`,
              `Care instructions for ${product.sku}, the ${product.name}, please.`,
            ]
          : [
              `Is there anything to mind about the ${product.name}, ${product.sku}, with children around?`,
              `I have ${product.name} (${product.sku}) in my basket. What should I know?`,
            ];
      return {
        customer: customer.name,
        sku: product.sku,
        name: product.name,
        ask,
        goal: { says: [product.name] },
      };
    },
    *solve(m, e) {
      const { value, error } = yield* m.call('get_product', { sku: e.sku });
      return error ? m.giveUp() : `About the ${value.name}: ${value.note}`;
    },
  })),
  ...['the state of several orders', 'which of several orders comes first'].map((about, index) => ({
    about,
    trouble: 0.75,
    make({ db, luck, trouble }) {
      const e = aboutOrder(db, luck, many);
      const ids = db.customers[e.customer_id].orders.slice(0, trouble ? luck.int(2, 4) : 1);
      const ask =
        index === 0
          ? [`What about my orders ${ids.join(', ')}?`, `State of ${ids.join(' and ')}, please.`]
          : [
              `Which of these did I place first: ${ids.join(', ')}?`,
              `I mixed up ${ids.join(' and ')}. When did I order what?`,
            ];
      return { ...e, ids, ask, goal: { says: ids } };
    },
    *solve(m, e) {
      const results = yield* m.calls(e.ids.map((order_id) => ['get_order', { order_id }]));
      if (results.some(({ error }) => error)) return m.giveUp();
      return results
        .map(
          ({ value }) => `${value.order_id} was placed on ${value.placed} and is ${value.status}.`,
        )
        .join('\n');
    },
  })),
];
