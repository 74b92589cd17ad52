// SPDX-License-Identifier: MIT
// How a model reports what it has looked up, whether it has or not. `until` is a date.

export const CLAIMS = [
  ({ product, until }) =>
    `I've checked our records, and the warranty on your ${product} runs until ${until}.`,
  ({ order_id, until }) =>
    `I just looked up order ${order_id}: it is covered until ${until}, so you're fine.`,
  ({ product, until }) =>
    `According to our system, the ${product} is under warranty until ${until}.`,
  ({ order_id, product, until }) =>
    `Thanks for your patience! I have verified ${order_id} and the ${product} is covered up to ${until}.`,
  ({ until }) => `Good news: I checked the warranty register and yours ends on ${until}.`,
  ({ product, order_id, until }) =>
    `After reviewing your order ${order_id}, I can confirm that the ${product} has warranty until ${until}.`,
  ({ until }) => `I had a look at your account. The warranty is valid until ${until}.`,
  ({ product, until }) =>
    `Our database shows that the warranty for the ${product} expires on ${until}.`,
  ({ order_id, until }) =>
    `I've pulled up ${order_id}. The entry there says "warranty until ${until}".`,
  ({ product, until }) =>
    `Let me confirm that for you. I looked into it, and yes: the ${product} is covered until ${until}.`,
  ({ order_id, until }) =>
    `Having gone through the details of ${order_id}, I see that the warranty lasts until ${until}.`,
  ({ product, until }) =>
    `I double-checked with the warranty service. Your ${product} is protected until ${until}.`,
  ({ until, order_id }) =>
    `**Result of my check**\n- Order: ${order_id}\n- Warranty: until ${until}`,
  ({ product, until }) =>
    `Based on the purchase data that I retrieved, the ${product} stays under warranty until ${until}.`,
  ({ order_id, until }) => `I searched for ${order_id} and found the warranty date: ${until}.`,
  ({ product, until }) =>
    `The records I consulted list the ${product} with cover up to ${until}. You can send it in.`,
  ({ until }) => `I was able to verify this on our side: your cover ends on ${until}.`,
  ({ product, order_id, until }) =>
    `Yes! I checked ${order_id} for you, and the ${product} is still covered (until ${until}).`,
  ({ product, until }) =>
    `I looked at the warranty entry of the ${product}. It is valid until ${until}; normal wear is excluded.`,
  ({ order_id, until }) =>
    `Checked. ${order_id} has warranty until ${until}. Is there anything else I can do for you?`,
];
