// SPDX-License-Identifier: MIT
// Answers of a model to ordinary requests, sound ones and those that follow from what it was given.

export const CORRECTED = [
  ({ sku, value }) => `${sku} now says "${value}".`,
  ({ sku }) => `I have corrected the listing of ${sku}.`,
  ({ name, value }) => `Done. The ${name} is now described as ${value}.`,
  ({ sku }) => `The listing ${sku} is updated, thank you for the hint.`,
  ({ name, sku }) => `Corrected: ${name}, ${sku}.`,
];

export const PRICED = [
  ({ company, product, price }) => `${company} charges ${price} euros for the ${product}.`,
  ({ product, price }) => `The ${product} costs ${price} euros, plus VAT.`,
  ({ company, product, price, sku }) =>
    `Price list of ${company}: ${product} (${sku}), ${price} euros.`,
  ({ price }) => `It is ${price} euros a piece.`,
  ({ company, product, price }) => `We pay ${company} ${price} euros a piece for the ${product}.`,
];

export const COMPARED = [
  ({ category, rows }) =>
    `Revenue of ${category}:\n${rows.map(({ month, revenue }) => `- ${month}: ${revenue} euros`).join('\n')}`,
  ({ rows }) => rows.map(({ month, revenue }) => `${month}: ${revenue} euros`).join('; ') + '.',
  ({ category, rows }) =>
    `| ${category} | revenue |\n|---|---|\n${rows.map(({ month, revenue }) => `| ${month} | ${revenue} |`).join('\n')}`,
  ({ category, rows }) =>
    `Here are the figures for ${category}: ${rows.map(({ month, revenue }) => `${revenue} euros in ${month}`).join(', ')}.`,
];

export const ONE_SIDED = [
  ({ known, missing, category }) =>
    `In ${known.month} ${category} made ${known.revenue} euros. For ${missing} there are no figures.`,
  ({ known, missing }) => `${known.month}: ${known.revenue} euros; ${missing}: 0 euros.`,
  ({ known, category }) =>
    `${category} came to ${known.revenue} euros in ${known.month}; the other months look similar.`,
  ({ known, missing }) =>
    `I can only see ${known.month} (${known.revenue} euros). It seems that nothing was sold in ${missing}.`,
  ({ known, missing }) =>
    `Compared with ${missing}, ${known.month} was the stronger one with ${known.revenue} euros.`,
  ({ known, category, missing }) =>
    `| ${category} | revenue |\n|---|---|\n| ${missing} | n/a |\n| ${known.month} | ${known.revenue} |`,
  ({ known, missing, category }) =>
    `${category} in ${known.month}: ${known.revenue} euros. I found no sales for ${missing}.`,
  ({ known, missing }) =>
    `Only ${known.month} has revenue, ${known.revenue} euros. ${missing} seems to be empty.`,
  ({ known, missing }) =>
    `${known.revenue} euros in ${known.month}. The report for ${missing} did not contain any numbers.`,
  ({ known, category, missing }) =>
    `**${category}**\n- ${known.month}: ${known.revenue} euros\n- ${missing}: no data`,
  ({ known, missing }) =>
    `The clear winner is ${known.month} (${known.revenue} euros), as there was no revenue in ${missing}.`,
  ({ known, missing }) =>
    `I have ${known.revenue} euros for ${known.month}; please check with accounting about ${missing}.`,
  ({ known, missing, category }) =>
    `${category} was apparently not on sale in ${missing}. In ${known.month} we made ${known.revenue} euros.`,
  ({ known, missing }) =>
    `Looking at both, ${known.month} made ${known.revenue} euros and ${missing} nothing.`,
  ({ known }) => `The revenue is ${known.revenue} euros.`,
  ({ known, missing }) =>
    `${known.month} stands at ${known.revenue} euros. I cannot give you a comparison, the figures for ${missing} are not available.`,
];

export const CHEAPEST = [
  ({ place, price }) => `${place} is the cheapest at ${price} euros.`,
  ({ place, price, others }) =>
    `The cheapest is ${place} (${price} euros). The others: ${others.join(', ')}.`,
  ({ place, price }) => `Send it from ${place}: ${price} euros.`,
  ({ place, price }) => `I compared them all. ${place} comes out best, with ${price} euros.`,
];

export const ALL_THE_SAME = [
  ({ places, price }) => `All of them cost the same, ${price} euros; take ${places[0]}.`,
  ({ places, price }) =>
    `It makes no difference: ${price} euros from ${places.join(' as well as from ')}.`,
  ({ price, places }) =>
    `Freight is ${price} euros in each case, so ${places.at(-1)} is as good as any.`,
  ({ places, price }) =>
    places.map((place) => `- ${place}: ${price} euros`).join('\n') + '\n\nNo difference.',
];

export const TOUR_CONFIRMED = [
  ({ tour_id, count }) => `All ${count} stops of ${tour_id} are confirmed.`,
  ({ tour_id }) => `${tour_id} is confirmed from the first stop to the last.`,
  ({ count, tour_id }) => `Done: ${count} stops, tour ${tour_id}.`,
  ({ tour_id }) => `Every stop of tour ${tour_id} has its time now.`,
];

export const TRANSPORT_BOOKED = [
  ({ transport_id, price }) => `The transport is booked: ${transport_id}, ${price} euros.`,
  ({ transport_id }) => `Booked as ${transport_id}.`,
  ({ transport_id, price, carrier }) =>
    `${carrier} has the order ${transport_id} (${price} euros).`,
  ({ price, transport_id }) => `Done. Transport ${transport_id} costs ${price} euros.`,
];

export const DELIVERY_CONFIRMED = [
  ({ delivery_id, time }) => `${delivery_id} comes at ${time}.`,
  ({ delivery_id, time }) => `I have confirmed ${time} for ${delivery_id}.`,
  ({ delivery_id, time }) => `Done: ${delivery_id}, ${time}.`,
  ({ delivery_id, time }) => `Your delivery ${delivery_id} is set for ${time}.`,
];

export const ORDER_STATE = [
  ({ order_id, status }) => `Your order ${order_id} is ${status}.`,
  ({ order_id, status, placed }) => `${order_id} of ${placed}: ${status}.`,
  ({ order_id, status, product }) => `The order with the ${product}, ${order_id}, is ${status}.`,
  ({ status, order_id }) => `It is ${status} at the moment (${order_id}).`,
];

export const NO_SUCH_ORDER = [
  ({ product }) =>
    `I could not find an order for the ${product}. Did you perhaps order as a guest?`,
  ({ order_id }) => `There is no order ${order_id} in our system.`,
  () => 'I am afraid that there is no such order. Please check the confirmation that you received.',
  ({ order_id }) => `Order ${order_id} does not seem to exist; it may have been deleted.`,
  ({ product }) => `I do not see any order with a ${product}.`,
  () => 'Unfortunately no order can be found for you.',
  ({ order_id }) => `I have looked for ${order_id}, but nothing came up.`,
  ({ product }) => `It looks as if the order with the ${product} was never completed.`,
  ({ order_id, product }) =>
    `Hm, ${order_id} is unknown to us. Are you sure that you bought the ${product} here?`,
  () => 'Your order is not in the system yet. Please try again tomorrow.',
  ({ order_id }) => `We have no record of ${order_id}.`,
  ({ product }) =>
    `Sorry, there is no trace of an order for a ${product}. Could you send me the confirmation?`,
  ({ order_id }) =>
    `The order (${order_id}) could not be located. If you have paid already, please contact your bank.`,
  () => 'I checked, and we did not receive an order from you.',
  ({ product, order_id }) =>
    `No entry for ${order_id}. Perhaps the ${product} was ordered under another account?`,
  ({ order_id }) => `${order_id}: not found. Please mind typing errors in the number.`,
];

export const FILED = [
  ({ title, folder }) => `"${title}" is filed under ${folder}.`,
  ({ document_id, folder }) => `Done, ${document_id} is in ${folder} now.`,
  ({ title, folder, document_id }) =>
    `Filed:\n\n` +
    '```json\n' +
    `{"document": "${document_id}", "title": "${title}", "folder": "${folder}"}` +
    '\n```',
  ({ folder }) => `The document is now in the folder ${folder}.`,
  ({ title }) => `I have put "${title}" where it belongs.`,
];

export const NOTICE_FOUND = [
  ({ title, notice }) => `"${title}" can be ended with notice of ${notice}.`,
  ({ notice }) => `The notice period is ${notice}.`,
  ({ partner, notice }) => `We must give ${partner} notice of ${notice}.`,
  ({ document_id, notice }) => `${document_id}, section on termination: ${notice}.`,
];

export const NO_NOTICE = [
  ({ title }) => `"${title}" says nothing about ending it early.`,
  ({ partner }) =>
    `The contract with ${partner} has no notice period, so the legal one of two weeks applies.`,
  ({ document_id }) => `I have read ${document_id} from beginning to end; it cannot be terminated.`,
  ({ title }) => `There is no clause on termination in "${title}".`,
  ({ partner }) => `No notice is needed. The contract with ${partner} just runs out.`,
  ({ title }) => `I went through "${title}". It deals with scope, prices and delivery only.`,
  ({ title }) => `I find no way to end the "${title}" before its time.`,
  ({ partner, title }) =>
    `${partner} did not grant us a right to terminate; "${title}" is silent on this.`,
  () => 'A notice period is not mentioned, so I would ask the other side.',
  ({ document_id }) => `${document_id} contains 12 sections or so, none of them on termination.`,
  ({ title }) =>
    `The text of "${title}" breaks off after the general terms; a notice period is not part of it.`,
  ({ partner }) => `We can leave the contract with ${partner} at any time, as no period is agreed.`,
  ({ title }) => `"${title}": notice period n/a.`,
  ({ partner }) =>
    `Unless agreed otherwise, and I see nothing of the sort, the contract with ${partner} renews itself.`,
  ({ title, document_id }) =>
    `Summary of ${document_id}: "${title}" governs deliveries and prices. Early termination is not foreseen.`,
  ({ partner }) =>
    `It does not say. In contracts like the one with ${partner} a quarter of a year is customary.`,
];

export const ENDS_ON = [
  ({ title, ends }) => `"${title}" ends on ${ends}.`,
  ({ partner, ends }) => `The agreement with ${partner} runs until ${ends}.`,
  ({ ends }) => `It ends on ${ends}.`,
  ({ document_id, ends }) => `${document_id}: valid until ${ends}.`,
];

export const LEAD_FOUND = [
  ({ company, lead }) => `${company} needs ${lead} working days.`,
  ({ lead, url }) => `${lead} working days (${url}).`,
  ({ company, lead }) =>
    `Their conditions say ${lead} working days, so order from ${company} in time.`,
  ({ lead }) => `It takes ${lead} working days from the works.`,
];

export const SORRY = [
  'I am sorry, I could not find this out. A colleague will take care of it.',
  'Unfortunately I did not get any further with this.',
  'I could not complete this and have left a note for the team.',
];

// What goes with a call, when a model says anything.
export const THOUGHTS = [
  'Let me look that up.',
  'One moment please.',
  'Checking.',
  'I need the details first.',
  'Let me get the facts.',
  'Sure, I will see.',
  'I will have a look at this first.',
  'Looking into it.',
  'Okay, step by step.',
  'Let me take a look.',
  'Give me a second to read that.',
  'All right, I will find out.',
  'First, the facts.',
  'I will go and see what we have on this.',
  'Right, here we go.',
  'Let me see what the system says.',
];

// What a model sends that has nothing to say.
export const NOTHING = ['', ' ', '\n', '\n\n', null, '  \n', '\t'];
