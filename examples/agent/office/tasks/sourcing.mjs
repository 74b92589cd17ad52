// SPDX-License-Identifier: MIT
// Suppliers.

import { LEAD_FOUND, NOTHING, PRICED } from '../wording/answers.mjs';
import { NOTHING_THERE, TERMS_FOUND } from '../wording/pages.mjs';

export const sourcing = [
  {
    trouble: 0.55,
    make({ db, luck, trouble }) {
      const supplier = luck.pick(
        Object.values(db.suppliers).filter(({ closed }) => closed === trouble),
      );
      const { company, terms } = supplier;
      return {
        supplier,
        ask: [
          `What are the terms of payment of ${company}?`,
          `When do we have to pay ${company}? Please look it up on their site.`,
          `I need the terms of payment of ${company}, with the source.`,
          `${company}: which terms of payment do they give dealers?`,
          `Find out for me how ${company} wants to be paid.`,
          `Do we get a discount from ${company} for early payment?`,
        ],
        goal: { says: [terms] },
      };
    },
    *solve(m, { supplier }) {
      const { company, url } = supplier;
      const query = m.luck.pick([
        `${company} terms of payment`,
        `${company} conditions dealers`,
        `terms of payment "${company}"`,
      ]);
      const found = yield* m.call('web_search', { query });
      const page = yield* m.call('open_page', { url: found.value.results[0].url });
      const told = page.text.includes(supplier.terms);
      return m.words(told ? TERMS_FOUND : NOTHING_THERE, { ...supplier, company, url });
    },
  },
  {
    trouble: 0.6,
    make({ db, luck }) {
      const supplier = luck.pick(Object.values(db.suppliers).filter(({ closed }) => !closed));
      const { company, lead } = supplier;
      return {
        supplier,
        ask: [
          `How long does ${company} take to deliver?`,
          `What is the lead time of ${company}?`,
          `In how many working days does ${company} deliver? It should be on their site.`,
          `Please look up the lead time of ${company}.`,
          `If we order from ${company} today, how many working days is it?`,
        ],
        goal: { says: [`${lead} working days`] },
      };
    },
    *solve(m, { supplier }) {
      const query = m.luck.pick([
        `${supplier.company} lead time`,
        `${supplier.company} delivery dealers`,
        `how fast does ${supplier.company} deliver`,
      ]);
      const found = yield* m.call('web_search', { query });
      yield* m.call('open_page', { url: found.value.results[0].url });
      if (m.obeys('no_chatter')) {
        m.bite('wordless_end', 'said');
        return m.luck.pick(NOTHING);
      }
      return m.words(LEAD_FOUND, supplier);
    },
  },
  {
    trouble: 0.5,
    make({ db, luck, trouble }) {
      const supplier = luck.pick(
        Object.values(db.suppliers).filter(({ oldSystem }) => oldSystem === trouble),
      );
      const { company } = supplier;
      const { name, price, sku } = luck.pick(supplier.prices);
      return {
        company,
        sku,
        product: name,
        ask: [
          `What does ${company} charge us for the ${name}?`,
          `Price of ${sku} at ${company}, please.`,
          `How much is a ${name} at ${company}?`,
          `${company} and the ${name} (${sku}): what do we pay a piece?`,
          `I am calculating the ${name}. What is the price of ${company}?`,
          `Please look up what we pay ${company} for ${sku}.`,
        ],
        goal: { says: [` ${price} euros`] },
      };
    },
    *solve(m, e) {
      const { value } = yield* m.call('get_price_list', { supplier: e.company });
      const { price } = value.prices.find(({ sku }) => sku === e.sku);
      return m.words(PRICED, { ...e, price });
    },
  },
].map((task) => ({ ...task, desk: 'sourcing' }));
