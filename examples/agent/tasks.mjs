// SPDX-License-Identifier: MIT
// What customers write. A task makes a ticket from the shop's data and random numbers; `trouble` says
// whether this ticket meets awkward circumstances (a slow carrier, a product that is sold out, a long
// letter) that a sound harness can handle. `solve` is what a competent model does, `goal` is what the
// checker compares the result with.

import { billing } from './tasks/billing.mjs';
import { orders } from './tasks/orders.mjs';
import { shipping } from './tasks/shipping.mjs';
import { smallTalk } from './tasks/small_talk.mjs';
import { wholesale } from './tasks/wholesale.mjs';

export const TASKS = [
  ...orders.map((task) => ({ ...task, desk: 'orders' })),
  ...wholesale.map((task) => ({ ...task, desk: 'wholesale' })),
  ...billing.map((task) => ({ ...task, desk: 'billing' })),
  ...shipping.map((task) => ({ ...task, desk: 'shipping' })),
  ...smallTalk.map((task) => ({ ...task, desk: 'none' })),
];
