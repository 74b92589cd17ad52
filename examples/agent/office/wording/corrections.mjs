// SPDX-License-Identifier: MIT
// How a customer says that the agent got it wrong, and how one says that it did not.

export const CORRECTIONS = [
  ({ wanted, wrong }) => `No, not the ${wrong}. I meant the ${wanted}.`,
  ({ wanted }) => `That is not what I asked for. It is about the ${wanted}!`,
  ({ wanted }) => `Wrong order. The ${wanted} is in another one.`,
  ({ wanted }) => `I already told you that it is the ${wanted} that broke.`,
  ({ wrong }) => `no no, nothing is wrong with the ${wrong}, please read my message again`,
  ({ wanted, wrong }) => `Why the ${wrong}?? I said ${wanted}.`,
  ({ wanted }) => `That's incorrect, my complaint concerns the ${wanted}.`,
  ({ wanted }) => `Sorry, but you picked the wrong one. I wrote ${wanted}.`,
  ({ wanted }) => `You misunderstood me: the ${wanted} is damaged, nothing else.`,
  ({ wrong, wanted }) => `The ${wrong} is fine. As I said in the beginning, it's the ${wanted}.`,
  ({ wanted }) => `Not that order! The one with the ${wanted}, please.`,
  ({ wanted }) => `Hm, this isn't right. Could you open it for the ${wanted} instead?`,
  ({ wanted }) => `Actually no. Please look again, I need the case for the ${wanted}.`,
  ({ wrong, wanted }) => `I never mentioned the ${wrong}. ${wanted}, please!`,
  ({ wanted }) => `Nope, that's the wrong product. ${wanted}.`,
  ({ wanted }) => `You did not read what I wrote, did you? ${wanted}!`,
  ({ wanted }) =>
    `This is a mistake, I do not have a problem with that one but with the ${wanted}.`,
  ({ wanted }) => `I asked about the ${wanted}, not about my last order.`,
];

export const CONTENT = [
  'Perfect, thank you!',
  'Great, that was quick.',
  'No, that is all. Thanks!',
  'Thanks a lot, have a nice day.',
  'Wonderful. Nothing else from my side.',
  'ok thx',
  'That helps, thank you very much.',
  'All good, bye!',
  'No more questions. Thank you!',
  'Super, thanks.',
  'That is what I needed.',
  'Fine, no need for anything else.',
  'Very kind of you.',
  '👍',
  'Thank you for the fast answer.',
];

export const WELCOME = [
  "You're welcome!",
  'My pleasure. Have a good day!',
  'Gladly. Write to us whenever something comes up.',
  'Happy to help.',
  'Thank you for your message.',
];

export const CASE_OPENED = [
  ({ order_id, product, case_id }) =>
    `I have opened case ${case_id} for the ${product} in your order ${order_id}.`,
  ({ case_id, order_id, product }) =>
    `Your case ${case_id} is open: ${product}, order ${order_id}. A colleague will write to you.`,
  ({ order_id, case_id }) => `Done, ${case_id} has been created for ${order_id}.`,
  ({ product, case_id }) =>
    `I am sorry about the ${product}. The case has the number ${case_id}, please keep it.`,
  ({ product, order_id, case_id }) =>
    `**Case ${case_id}**\n- product: ${product}\n- order: ${order_id}\n\nYou will hear from us within two days.`,
];

export const APOLOGIES = [
  'I apologise for the mix-up. ',
  'You are right, sorry. ',
  'Thank you for pointing this out. ',
  'My mistake! ',
  '',
];
