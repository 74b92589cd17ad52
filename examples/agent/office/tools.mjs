// SPDX-License-Identifier: MIT
// The tools of the back office, by the names that this code has for them. `desk` is one run, as in
// ../tools.mjs; `bite(defect, where)` also says where in the run.

import { random } from '../random.mjs';

const text = (description) => ({ type: 'string', description });
const number = (description) => ({ type: 'number', description });
const parameters = (properties) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const none = (what) => ({ found: false, message: `no ${what} with this number` });

// Waits for a person. Not an error: the run goes on when the person has agreed.
class Pause extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
    this.pause = true;
  }
}

function shopTools({ db, fixed, bite, words }) {
  return {
    get_sheet: {
      description: 'Reads the data sheet of a product, and the text that the shop shows.',
      parameters: parameters({ sku: text('product number') }),
      run: ({ sku }) => db.sheets[sku] ?? none('product'),
    },
    check_claims: {
      description:
        'Checks whether all claims of a text are covered by the data sheet. Required by law.',
      parameters: parameters({ sku: text('product number'), text: text('the draft') }),
      run: ({ sku, text: draft }) => {
        db.checked[sku] = draft;
        return { sku, covered: true, remarks: [] };
      },
    },
    update_listing: {
      description: 'Writes the text of a product into the shop.',
      parameters: parameters({ sku: text('product number'), text: text('the new text') }),
      run: ({ sku, text: wording }) => {
        db.sheets[sku].listing = wording;
        return { sku, saved: true };
      },
    },
    web_search: {
      description: 'Searches the web.',
      parameters: parameters({ query: text('what to look for') }),
      run: ({ query }) => {
        const hits = Object.values(db.suppliers).filter(({ company }) => query.includes(company));
        return {
          results: hits.map(({ company, url, domain }) => ({
            title: `${company} | for dealers`,
            url,
            snippet: `${domain}: conditions, terms of payment and delivery for dealers of ${company}.`,
          })),
        };
      },
    },
    open_page: {
      description: 'Opens a web page and returns its text.',
      parameters: parameters({ url: text('address') }),
      run: ({ url }, call) => {
        const supplier = Object.values(db.suppliers).find((one) => one.url === url);
        if (!supplier) return none('page');
        if (!supplier.closed || fixed('partner_login')) return words.page(supplier);
        bite('partner_login', { call });
        return words.wall(supplier);
      },
    },
    get_price_list: {
      description: 'Reads what a supplier charges, in euros a piece.',
      parameters: parameters({ supplier: text('company') }),
      run: ({ supplier }, call) => {
        const { oldSystem, prices } = db.suppliers[supplier];
        if (!oldSystem || fixed('cents_as_euros')) return { supplier, prices };
        bite('cents_as_euros', { call });
        return {
          supplier,
          prices: prices.map((one) => ({ ...one, price: Math.round(one.price * 100) })),
        };
      },
    },
    query_sales: {
      description: 'Pieces and revenue (euros) of a category in a month.',
      parameters: parameters({ category: text('category'), month: text('YYYY-MM') }),
      run: ({ category, month }) => db.sales[`${category} ${month}`] ?? none('month'),
    },
    get_stock: {
      description: 'Pieces of a category in all depots.',
      parameters: parameters({ category: text('category') }),
      run: ({ category }) => db.stock[category],
    },
  };
}

// The price of freight between two places, in euros.
export function freightPrice(from, to, kg) {
  const distance = random('freight', from, to).int(0, 4800);
  return Number((38 + distance / 100 + kg * 0.31).toFixed(2));
}

function transportTools({ db, clock, luck, fixed, bite, dialect, approved, cache }) {
  return {
    get_freight_rate: {
      description: 'The price (euros) and the days of a transport.',
      parameters: parameters({ from: text('city'), to: text('city'), kg: number('weight') }),
      run: async (asked, call) => {
        const { from, to, kg } = asked;
        const key = fixed('cache_without_key') ? JSON.stringify(asked) : 'rate';
        const kept = cache.get(key);
        if (kept && kept.from !== from) bite('cache_without_key', { call });
        if (!kept) {
          await clock.sleep(luck.int(300, 1200));
          const rate = { price: freightPrice(from, to, kg), days: luck.int(1, 4) };
          cache.set(key, { from, rate });
        }
        return cache.get(key).rate;
      },
    },
    list_stops: {
      description: 'The stops of a tour, with their proposed times.',
      parameters: parameters({ tour_id: text('tour, T-…') }),
      run: ({ tour_id }) => db.tours[tour_id] ?? none('tour'),
    },
    confirm_stop: {
      description: 'Confirms the time of a stop with its receiver.',
      parameters: parameters({ stop_id: text('stop'), time: text('HH:MM') }),
      run: ({ stop_id }) => {
        const { stops } = db.tours[stop_id.split('/')[0]];
        stops.find((one) => one.stop_id === stop_id).confirmed = true;
        return { confirmed: true };
      },
    },
    book_transport: {
      description: 'Books a transport. Above 500 euros a person has to agree first.',
      parameters: parameters({
        from: text('city'),
        to: text('city'),
        kg: number('weight'),
        price: number('euros, as quoted'),
      }),
      run: ({ from, to, price }, call) => {
        if (price > 500 && !approved.has(call)) {
          bite('approval_pause', { call });
          throw new Pause(
            dialect.interrupt,
            `transport from ${from} to ${to} for ${price} euros awaits approval`,
          );
        }
        const transport_id = `TR-${luck.int(10000, 99999)}`;
        db.transports[transport_id] = { from, to, price };
        return { transport_id, carrier: luck.pick(['Nordpost', 'Velo Express', 'DHX']), price };
      },
    },
    get_delivery: {
      description: 'Reads a delivery.',
      parameters: parameters({ delivery_id: text('delivery, DL-…') }),
      run: ({ delivery_id }) => {
        if (!db.deliveries[delivery_id]) return none('delivery');
        const { goods, day, time } = db.deliveries[delivery_id];
        return { delivery_id, goods, day, time };
      },
    },
    find_slots: {
      description: 'The free times on the day of a delivery.',
      parameters: parameters({ delivery_id: text('delivery') }),
      run: ({ delivery_id }) => ({ delivery_id, free: db.deliveries[delivery_id].slots }),
    },
    confirm_delivery: {
      description: 'Confirms the time of a delivery.',
      parameters: parameters({ delivery_id: text('delivery'), time: text('HH:MM') }),
      run: ({ delivery_id, time }) => {
        db.deliveries[delivery_id].time = time;
        return { delivery_id, time, confirmed: true };
      },
    },
  };
}

function deskTools({ db, clock, luck, fixed, bite }) {
  return {
    find_orders: {
      description: 'The orders of a customer, the newest first.',
      parameters: parameters({ email: text('e-mail address') }),
      run: ({ email }) => {
        const customer = Object.values(db.customers).find((one) => one.email === email);
        const orders = (customer?.orders ?? []).map((id) => db.orders[id]).reverse();
        return {
          email,
          orders: orders.slice(0, 5).map(({ order_id, placed, lines }) => ({
            order_id,
            placed,
            products: lines.map(({ name }) => name),
          })),
        };
      },
    },
    get_order_details: {
      description: 'Reads one order.',
      parameters: parameters({ order_id: text('order number') }),
      run: ({ order_id }) => db.orders[order_id] ?? { found: false, order: null },
    },
    check_warranty: {
      description: 'Until when a product of an order is under warranty.',
      parameters: parameters({ order_id: text('order number'), product: text('name') }),
      run: ({ order_id, product }) => ({ order_id, product, until: db.orders[order_id].warranty }),
    },
    open_case: {
      description: 'Opens a case for a product of an order.',
      parameters: parameters({
        order_id: text('order number'),
        product: text('name'),
        issue: text('what is wrong, in a few words'),
      }),
      run: ({ order_id, product }) => {
        const case_id = `CS-${luck.int(1000, 9999)}`;
        db.cases[case_id] = { order_id, product };
        return { case_id, order_id, state: 'open' };
      },
    },
    search_documents: {
      description: 'Finds documents by the words of their titles.',
      parameters: parameters({ query: text('words of the title') }),
      run: ({ query }) => ({
        documents: Object.values(db.documents)
          .filter(({ title }) => title.includes(query))
          .map(({ document_id, title, folder }) => ({ document_id, title, folder })),
      }),
    },
    read_document: {
      description: 'Returns the text of a document.',
      parameters: parameters({ document_id: text('document, D-…') }),
      run: async ({ document_id }, call) => {
        const document = db.documents[document_id];
        if (!document) return none('document');
        if (document.onTape && !fixed('archive_on_tape')) {
          bite('archive_on_tape', { call });
          await clock.sleep(luck.int(75_000, 280_000));
        } else {
          await clock.sleep(luck.int(300, 1500));
        }
        return document.text;
      },
    },
    file_document: {
      description: 'Moves a document into a folder.',
      parameters: parameters({ document_id: text('document'), folder: text('name of the folder') }),
      run: ({ document_id, folder }) => {
        db.documents[document_id].folder = folder;
        return { document_id, folder, filed: true };
      },
    },
  };
}

export const makeOfficeTools = (desk) => ({
  ...shopTools(desk),
  ...transportTools(desk),
  ...deskTools(desk),
});
