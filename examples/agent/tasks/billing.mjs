// SPDX-License-Identifier: MIT
// Invoices, refunds, credit.

import { aboutOrder, euros } from './ticket.mjs';

export const billing = [
  {
    about: 'what an invoice contains',
    make({ db, luck }) {
      const e = aboutOrder(db, luck);
      return {
        ...e,
        ask: [
          `Why did you charge me ${e.order.total} euros for ${e.order_id}?`,
          `I do not understand the invoice for ${e.order_id}.`,
        ],
        goal: { says: [db.invoices[e.order_id].invoice_id] },
      };
    },
    *solve(m, e) {
      const { value, error } = yield* m.call('get_invoice', { order_id: e.order_id });
      return error
        ? m.giveUp()
        : `Invoice ${value.invoice_id} comes to ${value.total} euros, shipping of 4.90 included, paid by ${value.paid_by}.`;
    },
  },
  {
    about: 'another name on an invoice',
    make({ db, luck }) {
      const e = aboutOrder(db, luck);
      const name = `${e.customer.split(' ')[1]} ${luck.pick(['GmbH', 'Studio', 'Architects', 'Bakery'])}`;
      return {
        ...e,
        name,
        ask: [
          `Can the invoice for ${e.order_id} be made out to ${name}?`,
          `Please bill ${e.order_id} to ${name}.`,
        ],
        goal: { state: (after) => after.invoices[e.order_id].billed_to === name },
      };
    },
    *solve(m, e) {
      const { value, error } = yield* m.call('rename_invoice', {
        order_id: e.order_id,
        name: e.name,
      });
      return error ? m.giveUp() : `Invoice ${value.invoice_id} is now made out to ${e.name}.`;
    },
  },
  ...['a refund for a damaged product', 'a refund for a late parcel'].map((about) => ({
    about,
    trouble: 0.65,
    make({ db, luck, trouble }) {
      const e = aboutOrder(db, luck);
      const { refundable } = db.invoices[e.order_id];
      const amount = trouble ? e.order.total : Math.round(refundable * luck.int(20, 80)) / 100;
      const cause = about.includes('late')
        ? `my parcel ${e.order_id} came two weeks late`
        : `a piece in ${e.order_id} was broken`;
      return {
        ...e,
        amount,
        ask: [
          `${cause[0].toUpperCase()}${cause.slice(1)}. I want ${euros(amount)} euros back.`,
          `Since ${cause}, please refund ${euros(amount)}.`,
        ],
        goal: { state: (after) => after.invoices[e.order_id].refunded > 0 },
      };
    },
    *solve(m, e) {
      let refund = yield* m.call('issue_refund', {
        order_id: e.order_id,
        amount: e.amount,
        reason: e.task.about,
      });
      const most = /at most ([\d.]+)/.exec(refund.error ?? '');
      if (most)
        refund = yield* m.call('issue_refund', {
          order_id: e.order_id,
          amount: Number(most[1]),
          reason: e.task.about,
        });
      return refund.error
        ? m.giveUp()
        : `I have refunded ${euros(refund.value.refunded)} euros for ${e.order_id}.`;
    },
  })),
  ...['goodwill for a poor product', 'goodwill for a late delivery'].map((about) => ({
    about,
    trouble: 0.75,
    make({ db, luck }) {
      const e = aboutOrder(db, luck);
      const amount = luck.pick([5, 8, 10, 15]);
      return {
        ...e,
        amount,
        ask: about.includes('late')
          ? [`${e.order_id} arrived days after the party. What can you do for me?`]
          : [
              `The quality of what came with ${e.order_id} is a let-down.`,
              `Not happy with ${e.order_id}. Any gesture?`,
            ],
        goal: { state: (after) => after.invoices[e.order_id].credits.length === 1 },
      };
    },
    *solve(m, e) {
      const { error } = yield* m.call('get_invoice', { order_id: e.order_id });
      if (error) return m.giveUp();
      const credit = yield* m.call('create_credit_note', {
        order_id: e.order_id,
        amount: e.amount,
        reason: e.task.about,
      });
      return credit.error
        ? m.giveUp()
        : `We are sorry. Here are ${e.amount} euros of credit: ${credit.value.code}.`;
    },
  })),
  ...['a copy of an invoice', 'an invoice for the accountant'].map((about) => ({
    about,
    trouble: 0.7,
    make({ db, luck }) {
      const e = aboutOrder(db, luck);
      const to = about.includes('accountant')
        ? `office@${e.customer.split(' ')[1].toLowerCase()}-tax.example.com`
        : e.email;
      return {
        ...e,
        to,
        ask: [
          `Please mail the invoice of ${e.order_id} to ${to}.`,
          `I need the invoice for ${e.order_id} once more, to ${to}.`,
        ],
        goal: { says: [to], state: (after) => after.invoices[e.order_id].mailed === 1 },
      };
    },
    *solve(m, e) {
      const { value, error } = yield* m.call('email_invoice', {
        order_id: e.order_id,
        email: e.to,
      });
      if (error) return m.giveUp();
      if (m.careless && m.prompt.includes('do not write a second time')) return '';
      return `Invoice ${value.invoice_id} is on its way to ${e.to}.`;
    },
  })),
];
