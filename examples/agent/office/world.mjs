// SPDX-License-Identifier: MIT
// What the back office works on, in addition to the shop: listings, suppliers, sales, tours, deliveries,
// documents. Generated from a seed; every run starts from a fresh copy.

import { random } from '../random.mjs';
import { makeWorld } from '../world.mjs';

const FIRMS =
  'Adler Brandt Castell Dorn Engel Falk Gruber Holm Imker Jonker Krone Linde Moor Nagel Oster Prinz'.split(
    ' ',
  );
const TRADES = ['Woodworks', 'Textiles', 'Lighting', 'Garden Supplies', 'Ceramics', 'Ironware'];
const MATERIALS = {
  kitchen: [
    ['solid birch', 'pine'],
    ['cast iron', 'steel'],
    ['enamelled steel', 'stoneware'],
  ],
  textiles: [
    ['pure linen', 'cotton'],
    ['virgin wool', 'a wool blend'],
    ['organic cotton', 'viscose'],
  ],
  decor: [
    ['glazed stoneware', 'porcelain'],
    ['powder-coated steel', 'aluminium'],
  ],
  lighting: [
    ['lead-free brass', 'copper'],
    ['rice paper', 'plastic'],
  ],
  garden: [
    ['oiled oak', 'teak'],
    ['galvanised steel', 'zinc'],
    ['larch', 'spruce'],
  ],
};
const KINDS = [
  'Supply contract',
  'Lease',
  'Service agreement',
  'Licence agreement',
  'Framework agreement',
];
const NOTICES = [
  'three months',
  'six weeks',
  'four weeks',
  'half a year',
  'ten working days',
  'two months',
];
const CLAUSES = [
  'The goods are described in annex A; small deviations of colour and grain are no defect.',
  'Prices hold for twelve months and are plus VAT. Changes are announced six weeks ahead.',
  'Deliveries are made on weekdays between 7 and 16 hours to the ramp in the yard.',
  'Each side names a contact. Messages are in writing, e-mail is enough.',
  'Losses by force majeure are borne by the side where they occur.',
  'What one side learns about the other is kept secret for five years.',
  'Drawings and samples stay the property of the side that made them.',
  'Visible faults are reported within eight days, hidden ones when they show.',
  'The invoice names the order. A missing order number delays the payment.',
  'Packing is taken back free of charge if it is clean and sorted.',
  'Insurance up to the ramp is paid by the sender.',
  'Subcontractors are named before they begin, and keep to this contract too.',
];
export const MONTHS = ['2025-10', '2025-11', '2025-12', '2026-01', '2026-02'];
const SLOTS = ['08:00', '09:00', '10:30', '13:00', '15:30'];

const cents = (amount) => Math.round(amount * 100) / 100;

function makeSuppliers(luck, products) {
  return Object.fromEntries(
    FIRMS.map((firm, index) => {
      const company = `${firm} ${luck.pick(TRADES)}`;
      const domain = `${firm.toLowerCase()}-${luck.pick(['trade', 'werk', 'supply', 'handel'])}.example`;
      const sold = luck.shuffle(products).slice(0, 3);
      const terms = luck.pick([
        `${luck.pick([14, 21, 30, 45, 60])} days net`,
        `${luck.pick([2, 3])} % discount within ${luck.pick([8, 10, 12])} days, else ${luck.pick([30, 40, 50])} days net`,
        `half on order, the rest ${luck.pick([10, 20, 28])} days after delivery`,
      ]);
      const prices = sold.map(({ sku, name, price }) => ({
        sku,
        name,
        price: cents(price * 0.55),
      }));
      return [
        company,
        {
          company,
          domain,
          url: `https://www.${domain}/${luck.pick(['conditions', 'dealers', 'b2b/terms', 'trade'])}`,
          terms,
          lead: luck.int(4, 25),
          closed: index % 2 === 0, // shows its conditions to dealers only
          oldSystem: index % 4 < 2, // sends its prices in another unit
          prices,
        },
      ];
    }),
  );
}

// The clause on termination of a long document comes late.
function makeDocument(luck, index) {
  const long = index % 2 === 0;
  const partner = `${luck.pick(FIRMS)} & ${luck.pick(FIRMS)}`;
  const document_id = `D-${4100 + index * 17}`;
  const title = `${luck.pick(KINDS)} with ${partner}, no. ${luck.int(10, 99)}`;
  const notice = luck.pick(NOTICES);
  const ends = `20${luck.int(27, 31)}-${luck.pick(['03-31', '06-30', '09-30', '12-31'])}`;
  const clauses = luck.shuffle(CLAUSES).slice(0, long ? 12 : 3);
  const facts = [
    `This agreement runs until ${ends}.`,
    `Either side may end it early with notice of ${notice}.`,
  ];
  const parts = long
    ? [...clauses, ...clauses.map((one) => `Annex: ${one}`), ...facts]
    : [...facts, ...clauses];
  const text = `${title}\n\n${parts.map((part, n) => `§ ${n + 1} ${part}`).join('\n')}`;
  return { document_id, title, partner, notice, ends, long, text, folder: 'inbox' };
}

export function makeOfficeWorld(seed) {
  const luck = random(seed, 'office', 'world');
  const db = makeWorld(seed);
  const products = Object.values(db.products).filter(
    ({ category }) => !['knives', 'pest control'].includes(category),
  );
  for (const { orders } of Object.values(db.customers)) {
    orders.sort((one, other) => (db.orders[one].placed < db.orders[other].placed ? -1 : 1));
  }
  const sheets = {};
  for (const { sku, name, category, note } of products) {
    const [material, wrong] = luck.pick(MATERIALS[category]);
    const weight = `${luck.int(2, 90) / 10} kg`;
    sheets[sku] = { sku, name, material, weight, note, listing: `${name}, made of ${wrong}.` };
  }
  const sales = {};
  const categories = [...new Set(products.map(({ category }) => category))];
  const stock = {};
  for (const category of categories) {
    for (const month of MONTHS) {
      const pieces = luck.int(60, 900);
      sales[`${category} ${month}`] = {
        category,
        month,
        pieces,
        revenue: cents((pieces * luck.int(1900, 5200)) / 100),
      };
    }
    stock[category] = { category, pieces: luck.int(300, 4000), depots: 2 };
  }
  const tours = {};
  for (let index = 0; index < 24; ++index) {
    const tour_id = `T-${410 + index * 3}`;
    const stops = Array.from(
      { length: index % 2 === 0 ? luck.int(7, 10) : luck.int(2, 3) },
      (_, n) => ({
        stop_id: `${tour_id}/${n + 1}`,
        city: luck.pick(['Hamburg', 'Lübeck', 'Kiel', 'Bremen', 'Stade', 'Celle']),
        time: `${String(8 + n)}:${luck.pick(['00', '15', '30', '45'])}`,
        confirmed: false,
      }),
    );
    tours[tour_id] = { tour_id, stops };
  }
  const deliveries = {};
  for (let index = 0; index < 60; ++index) {
    const delivery_id = `DL-${5200 + index * 7}`;
    deliveries[delivery_id] = {
      delivery_id,
      goods: luck.pick(products).name,
      day: `2026-04-${luck.int(13, 29)}`,
      slots: [
        luck.pick(['08:00', '09:00']),
        ...SLOTS.filter((slot) => slot > '10' && luck.chance(0.7)),
        '16:30',
      ],
      time: null,
    };
  }
  const documents = {};
  for (let index = 0; index < 40; ++index) {
    const made = makeDocument(luck, index);
    documents[made.document_id] = made;
  }
  return {
    ...db,
    sheets,
    suppliers: makeSuppliers(luck, products),
    categories,
    sales,
    stock,
    tours,
    deliveries,
    documents,
    checked: {},
    transports: {},
    cases: {},
  };
}
