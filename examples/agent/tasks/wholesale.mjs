// SPDX-License-Identifier: MIT
// Quotes of business customers.

export const wholesale = [
  ['new quantities in a quote', (luck) => ({ quantity: luck.int(21, 60) })],
  ['gift wrap for a quote', () => ({ gift_wrap: true })],
].map(([about, change]) => ({
  about,
  trouble: 0.6,
  make({ db, luck, trouble }) {
    const long = ({ lines }) => lines.length > 6;
    const quote = luck.pick(Object.values(db.quotes).filter((one) => long(one) === trouble));
    const changes = change(luck);
    const wish = changes.quantity
      ? `${changes.quantity} pieces of everything`
      : 'every piece gift-wrapped';
    return {
      customer: quote.company,
      quote_id: quote.quote_id,
      changes,
      ask: [
        `For quote ${quote.quote_id} we want ${wish}, please confirm then.`,
        `${quote.company} here. Quote ${quote.quote_id}: ${wish}. Then it is a deal.`,
      ],
      goal: { state: (after) => after.quotes[quote.quote_id].confirmed },
    };
  },
  *solve(m, e) {
    const { value, error } = yield* m.call('get_quote', { quote_id: e.quote_id });
    if (error) return m.giveUp();
    for (const { sku } of value.lines) {
      yield* m.call('set_quote_line', { quote_id: e.quote_id, sku, ...e.changes });
    }
    yield* m.call('confirm_quote', { quote_id: e.quote_id });
    return `Quote ${e.quote_id} is changed and confirmed.`;
  },
}));
