// SPDX-License-Identifier: MIT
// Transports and tours.

import { freightPrice } from '../tools.mjs';
import { ALL_THE_SAME, CHEAPEST, TOUR_CONFIRMED, TRANSPORT_BOOKED } from '../wording/answers.mjs';

const DEPOTS = ['Hamburg', 'Leipzig', 'Köln', 'Bremen', 'Dresden', 'Kassel', 'Ulm'];
const PLACES = ['Utrecht', 'Lyon', 'Graz', 'Aarhus', 'Gent', 'Basel', 'Brno'];

export const dispatch = [
  {
    trouble: 0.6,
    make({ luck, trouble }) {
      const depots = luck.shuffle(DEPOTS).slice(0, trouble ? luck.int(3, 4) : 1);
      const to = luck.pick(PLACES);
      const kg = luck.int(20, 400);
      const all = depots.join(', ');
      return {
        depots,
        to,
        kg,
        ask: trouble
          ? [
              `We have to send ${kg} kg to ${to}. Which depot is the cheapest: ${all}?`,
              `Compare the freight for ${kg} kg to ${to} from ${all}.`,
              `${kg} kg for ${to}: from where should it go? Possible are ${all}.`,
              `Where is freight to ${to} lowest for ${kg} kg, ${all}?`,
              `Please ask for the rates from ${all} to ${to} (${kg} kg) and tell me the best.`,
            ]
          : [
              `What does it cost to send ${kg} kg from ${all} to ${to}?`,
              `Freight ${all} to ${to}, ${kg} kg?`,
              `I need the rate for ${kg} kg from ${all} to ${to}.`,
              `How much is the transport of ${kg} kg to ${to}, starting in ${all}?`,
            ],
        goal: { says: [String(Math.min(...depots.map((from) => freightPrice(from, to, kg))))] },
      };
    },
    *solve(m, { depots, to, kg }) {
      const rates = [];
      for (const from of depots) {
        const { value } = yield* m.call('get_freight_rate', { from, to, kg });
        rates.push({ from, price: value.price });
      }
      const best = rates.reduce((low, one) => (one.price < low.price ? one : low));
      if (rates.length > 1 && rates.every(({ price }) => price === best.price)) {
        return m.words(ALL_THE_SAME, { places: depots, price: best.price });
      }
      return m.words(CHEAPEST, {
        place: best.from,
        price: best.price,
        others: rates.filter((one) => one !== best).map(({ from, price }) => `${from} ${price}`),
      });
    },
  },
  {
    trouble: 0.55,
    make({ db, luck, trouble }) {
      const long = ({ stops }) => stops.length > 5;
      const tour = luck.pick(Object.values(db.tours).filter((one) => long(one) === trouble));
      const { tour_id } = tour;
      return {
        tour_id,
        ask: [
          `Please confirm all stops of ${tour_id} at their proposed times.`,
          `${tour_id} is final. Confirm every stop.`,
          `Tour ${tour_id} can go out: fix the times of all its stops.`,
          `Confirm ${tour_id}, stop by stop, as proposed.`,
          `All receivers of ${tour_id} should get their confirmation today.`,
          `The proposed times of ${tour_id} are fine, please confirm them all.`,
        ],
        goal: { state: (after) => after.tours[tour_id].stops.every(({ confirmed }) => confirmed) },
      };
    },
    *solve(m, { tour_id }) {
      const { value } = yield* m.call('list_stops', { tour_id });
      for (const { stop_id, time } of value.stops) yield* m.call('confirm_stop', { stop_id, time });
      return m.words(TOUR_CONFIRMED, { tour_id, count: value.stops.length });
    },
  },
  {
    trouble: 0.55,
    make({ luck, trouble }) {
      const [from, to] = [luck.pick(DEPOTS), luck.pick(PLACES)];
      const kg = trouble ? luck.int(1700, 3200) : luck.int(40, 900);
      return {
        from,
        to,
        kg,
        ask: [
          `Book a transport of ${kg} kg from ${from} to ${to}.`,
          `${kg} kg have to go from ${from} to ${to}, please order the truck.`,
          `Please arrange for ${kg} kg to be brought from ${from} to ${to}.`,
          `We need a transport, ${from} to ${to}, ${kg} kg.`,
          `Can you book ${from} - ${to} for ${kg} kg?`,
        ],
        goal: { state: (after) => Object.keys(after.transports).length === 1 },
      };
    },
    *solve(m, { from, to, kg }) {
      const { price } = (yield* m.call('get_freight_rate', { from, to, kg })).value;
      const { value } = yield* m.call('book_transport', { from, to, kg, price });
      return m.words(TRANSPORT_BOOKED, value);
    },
  },
].map((task) => ({ ...task, desk: 'dispatch' }));
