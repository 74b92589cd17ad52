// SPDX-License-Identifier: MIT
// Questions that need no desk.

import { aCustomer } from './ticket.mjs';

export const smallTalk = [
  [
    'opening hours',
    ['When are you open?', 'Can I call you on a Saturday?'],
    'We answer from Monday to Friday, 8 to 18 hours.',
  ],
  [
    'means of payment',
    ['Can I pay with a bank transfer?', 'Which cards do you take?'],
    'You can pay by card, PayPal or invoice.',
  ],
].map(([about, ask, reply]) => ({
  about,
  reply,
  make: ({ db, luck }) => {
    const { name } = aCustomer(db, luck);
    return {
      customer: name,
      ask: ask.map((one) => `${one} Thanks, ${name}`),
      goal: { says: [reply] },
    };
  },
}));
