// SPDX-License-Identifier: MIT
// Parcels, addresses, labels, letters, pick-ups, the handbook.

import { HANDBOOK_TOPICS } from '../tools.mjs';
import { aCustomer, aboutOrder, few } from './ticket.mjs';

export const shipping = [
  ...['where a parcel is', 'when a parcel will arrive'].map((about) => ({
    about,
    trouble: 0.55,
    make({ db, luck }) {
      const e = aboutOrder(db, luck);
      return {
        ...e,
        ask: about.includes('when')
          ? [
              `When will ${e.order_id} get here? I must take a day off.`,
              `Delivery date of ${e.order_id}?`,
            ]
          : [`Where is my parcel ${e.order_id}?`, `${e.order_id} has not come. Where is it?`],
        goal: { says: [db.parcels[e.order_id].eta] },
      };
    },
    *solve(m, e) {
      const { value, error } = yield* m.call('track_parcel', { order_id: e.order_id });
      if (error) return m.giveUp();
      if (value.body)
        return `There is no news about ${e.order_id} from the carrier. Please be patient for a few days.`;
      return `${value.carrier} saw your parcel ${value.tracking} at ${value.last_seen}; it should arrive on ${value.eta}.`;
    },
  })),
  ...['a new delivery address', 'delivery to a friend'].map((about) => ({
    about,
    trouble: 0.65,
    make({ db, luck, trouble }) {
      const e = aboutOrder(db, luck);
      const street = `${luck.pick(['Kerkstraat', 'Rue Haute', 'Marktplatz', 'Ringweg'])} ${luck.int(2, 80)}`;
      const [city, country] = trouble
        ? luck.pick([
            ['Utrecht', 'NL'],
            ['Lyon', 'FR'],
            ['Graz', 'AT'],
          ])
        : [luck.pick(['Hamburg', 'Bremen', 'Dresden']), 'DE'];
      const code = String(luck.int(10000, 98000));
      return {
        ...e,
        to: { order_id: e.order_id, street, city, country, postal_code: code },
        ask: [
          `Please send ${e.order_id} to ${street}, ${code} ${city} (${country}).`,
          `${e.order_id} should go to ${street} in ${code} ${city}, ${country}.`,
        ],
        goal: { state: (after) => after.parcels[e.order_id].address?.street === street },
      };
    },
    *solve(m, e) {
      const { error } = yield* m.call('update_address', e.to);
      return error ? m.giveUp() : `${e.order_id} now goes to ${e.to.street} in ${e.to.city}.`;
    },
  })),
  ...['return', 'exchange'].map((kind) => ({
    about: `a label to ${kind} an order`,
    trouble: 0.7,
    make({ db, luck }) {
      const e = aboutOrder(db, luck);
      return {
        ...e,
        kind,
        ask: [
          `I want to ${kind} what came with ${e.order_id}. Send me a label.`,
          `Please give me a label to ${kind} ${e.order_id}.`,
        ],
        goal: { says: ['https://labels.example.com/'] },
      };
    },
    *solve(m, e) {
      let { value, error } = yield* m.call('request_label', { order_id: e.order_id, kind: e.kind });
      for (
        let attempt = 1, patience = m.luck.int(6, 14);
        !error && value.state !== 'ready' && attempt <= patience;
        ++attempt
      ) {
        ({ value, error } = yield* m.call('label_status', { label_id: value.label_id, attempt }));
      }
      return error || value.state !== 'ready' ? m.giveUp() : `Here is your label: ${value.url}`;
    },
  })),
  ...['a letter about a damaged delivery', 'a letter that explains a return'].map((about) => ({
    about,
    trouble: 0.75,
    make({ db, luck, trouble }) {
      const e = aboutOrder(db, luck, few);
      return {
        ...e,
        section: luck.pick(['returns', 'warranty']),
        points: trouble ? luck.int(9, 12) : luck.int(2, 3),
        ask: [
          `I need ${about} for ${e.order_id}.`,
          `Please write ${about} that I can show, order ${e.order_id}.`,
        ],
        goal: { says: ['Yours sincerely'] },
      };
    },
    *solve(m, e) {
      const { error } = yield* m.call('get_policy', { section: e.section });
      if (error) return m.giveUp();
      const steps = [
        'Keep the box and the filling until we have seen pictures.',
        'Take two pictures of the outside and two of the inside.',
        'Put the pieces into a bag so that nobody gets hurt.',
        'The carrier has three days to look at the parcel.',
        'You need not be at home for that, a neighbour will do.',
        'We send what is missing as soon as it is in stock.',
        'If it is not, we pay the money back within a week.',
        'Small parts may stay with you.',
        'The label is valid for fourteen days.',
        'Any post office takes the parcel.',
        'Ask for the receipt and keep it.',
        'The guarantee starts anew with the second delivery.',
      ];
      const list = steps
        .slice(0, e.points)
        .map((step, index) => `${index + 1}. ${step}`)
        .join('\n');
      return `Dear ${e.customer},\n\nthank you for telling us about ${e.order_id}. We are sorry for the trouble. This is what happens next:\n${list}\n\nYours sincerely\nThe shipping desk`;
    },
  })),
  ...['a pick-up at home', 'a pick-up at the office'].map((about) => ({
    about,
    trouble: 0.6,
    make({ db, luck }) {
      const e = aboutOrder(db, luck);
      const day = `2026-03-${luck.int(20, 30)}`;
      return {
        ...e,
        day,
        ask: [
          `Can someone fetch ${e.order_id} on ${day}? It is ${about}.`,
          `I need ${about} for the return of ${e.order_id}, ${day} would be fine.`,
        ],
        goal: { state: (after) => after.pickups[e.order_id] !== undefined },
      };
    },
    *solve(m, e) {
      const { value, error } = yield* m.call('find_pickup_slot', {
        order_id: e.order_id,
        day: e.day,
      });
      if (error) return m.giveUp();
      const booked = yield* m.call('book_pickup', { order_id: e.order_id, slot: value.slot });
      return booked.error ? m.giveUp() : `${booked.value.driver} comes on ${value.slot}.`;
    },
  })),
  ...['holding back a parcel', 'a parcel that must not be sent yet'].map((about) => ({
    about,
    trouble: 0.6,
    make({ db, luck }) {
      const e = aboutOrder(db, luck);
      return {
        ...e,
        ask: [
          `Please do not send ${e.order_id} yet, I am away until April.`,
          `Hold ${e.order_id} back, I want to add something.`,
        ],
        goal: { state: (after) => after.parcels[e.order_id].held },
      };
    },
    *solve(m, e) {
      let held = yield* m.call('hold_parcel', {
        order_id: e.order_id,
        reason: 'wish of the customer',
      });
      if (held.error) held = yield* m.call('recall_parcel', { order_id: e.order_id });
      return held.error ? m.giveUp() : `${e.order_id} stays with us until you write again.`;
    },
  })),
  {
    about: 'a rule of the handbook',
    trouble: 0.55,
    weight: 2,
    make({ db, luck, trouble }) {
      const { name } = aCustomer(db, luck);
      const section = trouble
        ? luck.pick(['pallets', 'customs'])
        : luck.pick(['returns', 'warranty', 'gifts']);
      const ask = {
        pallets: [
          'Will the driver carry the garden bench up to the third floor?',
          'How does a heavy parcel reach me?',
        ],
        customs: [
          'Who pays duty if I have it sent to Norway?',
          'Do parcels to Switzerland cost duty?',
        ],
        returns: [
          'How long may I think about sending it back?',
          'Until when can I return the lamp?',
        ],
        warranty: [
          'My lamp broke after a year. Is that covered?',
          'How long is the warranty on the pan?',
        ],
        gifts: [
          'Does a gift receipt show what I paid?',
          'Can my aunt exchange the vase I gave her?',
        ],
      }[section];
      return {
        customer: name,
        section,
        ask: ask.map((one) => `${one} Regards, ${name}`),
        goal: { says: [HANDBOOK_TOPICS[section]] },
      };
    },
    *solve(m, e) {
      const { value, error } = yield* m.call('get_policy', { section: e.section });
      if (error) return m.giveUp();
      return `Our handbook says: ${value.text.match(/Scope\. (.*?) This clause/)[1]}`;
    },
  },
];
