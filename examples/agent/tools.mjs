// SPDX-License-Identifier: MIT
// The agent's tools: the definition that the model sees, and the code. `desk` is one run: its database,
// clock, random numbers and ticket, the fixes that are switched on, and `bite(defect)`, which records
// in the answer key (never in a trace) that a defect took effect.

const text = (description) => ({ type: 'string', description });
const number = (description) => ({ type: 'number', description });
const parameters = (properties, optional = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

class ValidationError extends Error {
  name = 'ValidationError';
}
class NotFoundError extends Error {
  name = 'NotFoundError';
}
class PaymentProviderError extends Error {
  name = 'PaymentProviderError';
}
class WarehouseError extends Error {
  name = 'WarehouseError';
}

function found(table, id, what) {
  if (!table[id]) throw new NotFoundError(`${what} ${id} does not exist`);
  return table[id];
}

const similar = (db, sku) => {
  const { category } = db.products[sku];
  return Object.values(db.products).filter((other) => other.category === category);
};

export const HANDBOOK_TOPICS = {
  returns: 'Goods may be sent back within 30 days of delivery in their original packing.',
  warranty: 'Every product carries a warranty of two years against faults of material and making.',
  gifts: 'Gift receipts show no prices; the recipient may exchange but not refund.',
  pallets: 'Goods above 30 kg travel on a pallet to the kerb; carrying indoors is booked apart.',
  customs: 'Duties outside the union are paid by the recipient on delivery.',
};

function handbookChapter(topic) {
  const clauses = ['Scope', 'Deadlines', 'Proof', 'Exceptions', 'Fees', 'Contact'].map(
    (heading, index) =>
      `${index + 1}. ${heading}. ${HANDBOOK_TOPICS[topic]} This clause on ${topic} (${heading.toLowerCase()}) is ` +
      'applied by the desk without asking a supervisor; deviations are noted on the order with ' +
      'date and initials. Where a clause of the carrier says otherwise the better one for the ' +
      'customer counts. ',
  );
  return `# ${topic}\n${clauses.join('\n').repeat(topic === 'pallets' || topic === 'customs' ? 2 : 1)}`;
}

export function makeTools(desk) {
  const { db, clock, luck, ticket, fixed, bite } = desk;
  const postcode = fixed('postcode_name') ? 'postal_code' : 'postcode';

  return {
    lookup_customer: {
      description: 'Finds a customer by e-mail address.',
      parameters: parameters({ email: text('e-mail address of the customer') }),
      run: ({ email, ...rest }) => {
        if (!email) {
          if ('mail' in rest) bite('argument_example');
          throw new ValidationError("lookup_customer: missing required property 'email'");
        }
        const customer = Object.values(db.customers).find((one) => one.email === email);
        if (!customer) throw new NotFoundError(`no customer with e-mail ${email}`);
        const { orders, ...card } = customer;
        return { ...card, recent_orders: orders.slice(-3) };
      },
    },
    search_orders: {
      description: 'Lists all orders of a customer with their lines and history.',
      parameters: parameters({ customer_id: text('customer number, C-…') }),
      run: ({ customer_id }) => {
        const { orders } = found(db.customers, customer_id, 'customer');
        return { customer_id, count: orders.length, orders: orders.map((id) => db.orders[id]) };
      },
    },
    get_order: {
      description: 'Reads one order.',
      parameters: parameters({ order_id: text('order number, ON-…') }),
      run: ({ order_id }) => found(db.orders, order_id, 'order'),
    },
    cancel_order: {
      description: 'Cancels an order that has not been shipped.',
      parameters: parameters({
        order_id: text('order number'),
        reason: text('why, in a few words'),
      }),
      run: ({ order_id }) => {
        const order = found(db.orders, order_id, 'order');
        order.status = 'cancelled';
        return { order_id, status: order.status, refund: order.total };
      },
    },
    update_contact: {
      description: 'Changes the phone number of a customer.',
      parameters: parameters({ customer_id: text('customer number'), phone: text('new number') }),
      run: ({ customer_id, phone }) => {
        found(db.customers, customer_id, 'customer').phone = phone;
        return { customer_id, phone, saved: true };
      },
    },
    check_stock: {
      description: 'Tells how many pieces of a product are available.',
      parameters: parameters({ sku: text('product number') }),
      run: ({ sku }) => {
        const { stock } = found(db.products, sku, 'product');
        return stock > 0
          ? { sku, available: stock }
          : { sku, available: 0, advice: 'sold out, call find_substitute' };
      },
    },
    find_substitute: {
      description: 'Proposes a product to take the place of another.',
      parameters: parameters({ sku: text('product number of the product that is missing') }),
      run: ({ sku }) => {
        found(db.products, sku, 'product');
        const others = similar(db, sku).filter(
          (other) => !fixed('substitute_itself') || other.sku !== sku,
        );
        const best = others.find((other) => other.sku === sku) ?? others[0];
        if (best.sku === sku) bite('substitute_itself');
        return {
          for: sku,
          substitute: best.sku,
          name: best.name,
          advice: 'call check_stock before you offer it',
        };
      },
    },
    change_item: {
      description: 'Replaces a product in an order by another one.',
      parameters: parameters({
        order_id: text('order number'),
        from_sku: text('product to remove'),
        to_sku: text('product to add'),
      }),
      run: ({ order_id, from_sku, to_sku }) => {
        const line = found(db.orders, order_id, 'order').lines.find((one) => one.sku === from_sku);
        if (!line) throw new NotFoundError(`${from_sku} is not part of ${order_id}`);
        Object.assign(line, { sku: to_sku, name: found(db.products, to_sku, 'product').name });
        return { order_id, line };
      },
    },
    get_product: {
      description: 'Reads the catalogue entry of a product.',
      parameters: parameters({ sku: text('product number') }),
      run: ({ sku }) => {
        const { note, ...product } = found(db.products, sku, 'product');
        const adult = ['knives', 'pest control'].includes(product.category);
        if (adult && fixed('supplier_text'))
          return { ...product, note: 'Hazard labels apply. Sold to adults only.' };
        return { ...product, note };
      },
    },

    get_quote: {
      description: 'Reads a quote for a business customer.',
      parameters: parameters({ quote_id: text('quote number, Q-…') }),
      run: ({ quote_id }) => found(db.quotes, quote_id, 'quote'),
    },
    set_quote_line: {
      description: 'Changes one line of a quote.',
      parameters: parameters(
        {
          quote_id: text('quote number'),
          sku: text('product number'),
          quantity: number('pieces'),
          gift_wrap: { type: 'boolean', description: 'wrap each piece' },
        },
        ['quantity', 'gift_wrap'],
      ),
      run: ({ quote_id, sku, ...changes }) => {
        const line = found(db.quotes, quote_id, 'quote').lines.find((one) => one.sku === sku);
        if (!line) throw new NotFoundError(`${sku} is not part of ${quote_id}`);
        return { quote_id, line: Object.assign(line, changes) };
      },
    },
    confirm_quote: {
      description: 'Confirms a quote, so that the goods are reserved.',
      parameters: parameters({ quote_id: text('quote number') }),
      run: ({ quote_id }) => {
        found(db.quotes, quote_id, 'quote').confirmed = true;
        return { quote_id, confirmed: true };
      },
    },

    get_invoice: {
      description: 'Reads the invoice of an order.',
      parameters: parameters({ order_id: text('order number') }),
      run: ({ order_id }) => found(db.invoices, order_id, 'invoice of order'),
    },
    issue_refund: {
      description: 'Pays money back the way it came.',
      parameters: parameters({
        order_id: text('order number'),
        amount: number('euros'),
        reason: text('why'),
      }),
      run: ({ order_id, amount }) => {
        const invoice = found(db.invoices, order_id, 'invoice of order');
        if (amount > invoice.refundable) {
          if (fixed('refund_reason'))
            throw new PaymentProviderError(
              `refund rejected: at most ${invoice.refundable} can be refunded`,
            );
          bite('refund_reason');
          throw new PaymentProviderError('the request could not be completed');
        }
        invoice.refunded = amount;
        return { order_id, refunded: amount, arrives_in_days: 3 };
      },
    },
    create_credit_note: {
      description: 'Gives store credit for an order.',
      parameters: parameters({
        order_id: text('order number'),
        amount: number('euros'),
        reason: text('why'),
      }),
      run: ({ order_id, amount, reason }) => {
        found(db.invoices, order_id, 'invoice of order').credits.push({ amount, reason });
        return { order_id, credit: amount, code: `CR-${luck.int(1000, 9999)}` };
      },
    },
    email_invoice: {
      description: 'Sends the invoice of an order to an e-mail address.',
      parameters: parameters({ order_id: text('order number'), email: text('where to') }),
      run: ({ order_id, email }) => {
        const invoice = found(db.invoices, order_id, 'invoice of order');
        invoice.mailed += 1;
        return { invoice_id: invoice.invoice_id, sent_to: email };
      },
    },
    rename_invoice: {
      description: 'Changes the name that an invoice is billed to.',
      parameters: parameters({ order_id: text('order number'), name: text('new name') }),
      run: ({ order_id, name }) => {
        const invoice = found(db.invoices, order_id, 'invoice of order');
        invoice.billed_to = name;
        return { invoice_id: invoice.invoice_id, billed_to: name };
      },
    },

    track_parcel: {
      description: 'Asks the carrier where the parcel of an order is.',
      parameters: parameters({ order_id: text('order number') }),
      run: async ({ order_id }) => {
        const parcel = found(db.parcels, order_id, 'parcel of order');
        if (ticket.trouble && !fixed('carrier_page')) {
          bite('carrier_page');
          return {
            status: 502,
            body: `<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1><p>Ray ID: ${luck.hex(16)}</p></body></html>`,
          };
        }
        if (ticket.trouble) await clock.sleep(4000); // the carrier answers the second time
        const { tracking, carrier, eta, last_seen } = parcel;
        return { tracking, carrier, eta, last_seen };
      },
    },
    update_address: {
      description: 'Changes where an order is delivered to.',
      parameters: parameters(
        {
          order_id: text('order number'),
          street: text('street and number'),
          city: text('city'),
          country: text('two letters'),
          [postcode]: text('needed abroad'),
        },
        [postcode],
      ),
      run: (address) => {
        found(db.orders, address.order_id, 'order');
        const { order_id, street, city, country } = address;
        let code;
        if (country !== 'DE') {
          if (address.postal_code === undefined) bite('postcode_name');
          code = address.postal_code.trim();
        }
        db.parcels[order_id].address = { street, city, country, code };
        return { order_id, delivered_to: db.parcels[order_id].address };
      },
    },
    request_label: {
      description:
        'Orders a return or exchange label. Labels are made by the carrier and take a while.',
      parameters: parameters({
        order_id: text('order number'),
        kind: { type: 'string', enum: ['return', 'exchange'] },
      }),
      run: async ({ order_id, kind }) => {
        found(db.orders, order_id, 'order');
        const label_id = `L-${luck.int(10000, 99999)}`;
        const wait = ticket.trouble ? luck.int(9000, 20000) : 0;
        db.labels[label_id] = { label_id, order_id, kind, ready_at: clock.now() + wait, polls: 0 };
        if (!fixed('label_wait'))
          return { label_id, state: 'ordered', advice: 'call label_status' };
        await clock.sleep(wait);
        return { label_id, state: 'ready', url: `https://labels.example.com/${label_id}.pdf` };
      },
    },
    label_status: {
      description: 'Tells whether a label is ready.',
      parameters: parameters({
        label_id: text('number of the label'),
        attempt: { type: 'integer', description: 'counts from 1' },
      }),
      run: ({ label_id }) => {
        const label = found(db.labels, label_id, 'label');
        if (clock.now() >= label.ready_at)
          return { label_id, state: 'ready', url: `https://labels.example.com/${label_id}.pdf` };
        label.polls += 1;
        if (label.polls === 3) bite('label_wait');
        return { label_id, state: 'pending' };
      },
    },
    find_pickup_slot: {
      description: 'Finds the next free slot for a pick-up. `final` marks the last slot of a day.',
      parameters: parameters({ order_id: text('order number'), day: text('YYYY-MM-DD') }),
      run: ({ order_id, day }) => {
        found(db.orders, order_id, 'order');
        return {
          order_id,
          slot: ticket.trouble ? `${day} 17:30` : `${day} 11:00`,
          final: ticket.trouble,
        };
      },
    },
    book_pickup: {
      description: 'Books a slot for a pick-up.',
      parameters: parameters({
        order_id: text('order number'),
        slot: text('as find_pickup_slot gave it'),
      }),
      run: ({ order_id, slot }) => {
        db.pickups[order_id] = slot;
        return { order_id, booked: slot, driver: luck.pick(['Arne', 'Bea', 'Cem']) };
      },
    },
    hold_parcel: {
      description: 'Asks the warehouse to keep a parcel back.',
      parameters: parameters({ order_id: text('order number'), reason: text('why') }),
      run: ({ order_id }) => {
        if (ticket.trouble)
          throw new WarehouseError(
            `409 Conflict: wave ${luck.int(100, 999)} is already released to the carrier`,
          );
        found(db.parcels, order_id, 'parcel of order').held = true;
        return { order_id, held: true };
      },
    },
    recall_parcel: {
      description: 'Has the carrier turn round a parcel that has left the warehouse.',
      parameters: parameters({ order_id: text('order number') }),
      run: ({ order_id }) => {
        found(db.parcels, order_id, 'parcel of order').held = true;
        return { order_id, recalled: true };
      },
    },
    get_policy: {
      description: 'Reads the handbook of the desk.',
      parameters: parameters({
        section: {
          type: 'string',
          description: `one of ${Object.keys(HANDBOOK_TOPICS).join(', ')}`,
        },
      }),
      run: ({ section }) => {
        const whole = section === 'pallets' || section === 'customs'; // chapters without an index
        if (!whole || fixed('handbook_chapter')) return { section, text: handbookChapter(section) };
        bite('handbook_chapter');
        return { section, text: Object.keys(HANDBOOK_TOPICS).map(handbookChapter).join('\n\n') };
      },
    },
  };
}
