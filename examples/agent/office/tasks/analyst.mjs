// SPDX-License-Identifier: MIT
// Sales and stock.

import { COMPARED, ONE_SIDED } from '../wording/answers.mjs';
import { ASSUMPTIONS, REACH } from '../wording/assumptions.mjs';
import { MONTHS } from '../world.mjs';

const weeksOf = (stock, sold) => (stock / (sold / 4)).toFixed(1);

export const analyst = [
  {
    trouble: 0.6,
    make({ db, luck, trouble }) {
      const category = luck.pick(db.categories);
      const months = luck.shuffle(MONTHS).slice(0, trouble ? luck.int(2, 3) : 1);
      const all = months.join(' and ');
      return {
        category,
        months,
        ask: trouble
          ? [
              `Compare the revenue of ${category} in ${all}.`,
              `How did ${category} do in ${all}? I need the revenue of each month.`,
              `Revenue of ${category}: ${all}, side by side please.`,
              `I want to see ${category} in ${all}.`,
              `For the meeting: revenue with ${category}, ${all}.`,
            ]
          : [
              `What was the revenue of ${category} in ${all}?`,
              `Revenue of ${category} in ${all}, please.`,
              `How much did we make with ${category} in ${all}?`,
              `I need one figure: ${category}, revenue, ${all}.`,
            ],
        goal: { says: months.map((month) => String(db.sales[`${category} ${month}`].revenue)) },
      };
    },
    *solve(m, { category, months }) {
      const results = yield* m.calls(months.map((month) => ['query_sales', { category, month }]));
      const rows = results.filter(({ value }) => value).map(({ value }) => value);
      if (rows.length === months.length) return m.words(COMPARED, { category, rows });
      const [known] = rows;
      const missing = months.filter((month) => month !== known.month).join(' and ');
      return m.words(ONE_SIDED, { category, known, missing });
    },
  },
  {
    trouble: 0.65,
    make({ db, luck }) {
      const category = luck.pick(db.categories);
      const month = MONTHS.at(-1);
      const weeks = weeksOf(db.stock[category].pieces, db.sales[`${category} ${month}`].pieces);
      return {
        category,
        month,
        ask: [
          `How many weeks does our stock of ${category} last, at the rate of ${month}?`,
          `${category}: for how many weeks are we covered? Take ${month} as the measure.`,
          `When do we run out of ${category}? In weeks, by the sales of ${month}.`,
          `Reach of the stock of ${category} in weeks (sales of ${month}).`,
          `Do we have enough ${category}? I need the weeks of stock, based on ${month}.`,
          `Please work out the weeks of stock for ${category}; a month has four weeks, use ${month}.`,
        ],
        goal: { says: [`${weeks} weeks`] },
      };
    },
    *solve(m, { category, month }) {
      const stock = (yield* m.call('get_stock', { category })).value.pieces;
      if (m.obeys('a_figure')) {
        m.bite('always_a_figure', 'said');
        const guess = m.luck.int(4, 40) * 5;
        return m.words(ASSUMPTIONS, { category, stock, guess, weeks: (stock / guess).toFixed(1) });
      }
      const sold = (yield* m.call('query_sales', { category, month })).value.pieces;
      return m.words(REACH, { category, stock, sold, weeks: weeksOf(stock, sold) });
    },
  },
].map((task) => ({ ...task, desk: 'analyst' }));
