// SPDX-License-Identifier: MIT
// What tickets are made of.

export const euros = (amount) => amount.toFixed(2);
export const many = ({ orders }) => orders.length > 10;
export const few = ({ orders }) => orders.length <= 10;

export function aCustomer(db, luck, fits = () => true) {
  return luck.pick(Object.values(db.customers).filter(fits));
}

// A ticket about one order of some customer.
export function aboutOrder(db, luck, fits) {
  const customer = aCustomer(db, luck, fits);
  const order = db.orders[luck.pick(customer.orders)];
  return {
    customer: customer.name,
    email: customer.email,
    customer_id: customer.id,
    order,
    order_id: order.order_id,
  };
}
