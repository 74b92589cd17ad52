// SPDX-License-Identifier: MIT
// A receiver agrees on the times of one or more deliveries. What they say about themselves comes first.

import { DELIVERY_CONFIRMED } from '../wording/answers.mjs';
import { CONTENT, WELCOME } from '../wording/corrections.mjs';

const WISHES = [
  'My gate is locked before ten in the morning, never come earlier.',
  'I work nights: nothing before 10:00, for any of my deliveries.',
  'Please keep in mind that nobody is here before ten.',
  'Important: the yard is closed until 10 o’clock every day.',
  'We open at ten, so no delivery before that.',
  'Never before 10 a.m. please, my baby sleeps.',
];
const NEXT = [
  (id) => `Good. And ${id}, please.`,
  (id) => `Now ${id}.`,
  (id) => `Thanks. The next one is ${id}.`,
  (id) => `Fine, then ${id} too.`,
  (id) => `And can you do the same for ${id}?`,
];

export const deliveries = [
  {
    trouble: 0.6,
    chat: true,
    make({ db, luck, trouble }) {
      const ids = luck.shuffle(Object.keys(db.deliveries)).slice(0, trouble ? luck.int(3, 4) : 1);
      const wish = luck.pick(WISHES);
      return {
        wish,
        ids,
        ask: [
          `${wish} Please fix a time for ${ids[0]}.`,
          `I have to agree on a time for ${ids[0]}. ${wish}`,
          `It is about ${ids[0]}, when does it come? ${wish}`,
          `${wish} When can you bring ${ids[0]}? Take the first time that fits.`,
          `Please set the earliest time for ${ids[0]} that suits me. ${wish}`,
        ],
        reply: (_, count) => {
          if (count + 1 < ids.length) return luck.pick(NEXT)(ids[count + 1]);
          return count + 1 === ids.length && luck.chance(0.4) ? luck.pick(CONTENT) : undefined;
        },
        goal: { state: (after) => ids.every((id) => after.deliveries[id].time > '10') },
      };
    },
    *solve(m, { wish, ids }) {
      for (const delivery_id of ids) {
        yield* m.call('get_delivery', { delivery_id });
        const { value } = yield* m.call('find_slots', { delivery_id });
        const knows = m.remembers(wish);
        if (!knows) m.bite('message_window', 'turn');
        const time = value.free.find((slot) => !knows || slot > '10');
        yield* m.call('confirm_delivery', { delivery_id, time });
        yield m.words(DELIVERY_CONFIRMED, { delivery_id, time });
      }
      return m.words(WELCOME);
    },
  },
].map((task) => ({ ...task, desk: 'deliveries' }));
