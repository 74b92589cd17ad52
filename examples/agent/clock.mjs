// SPDX-License-Identifier: MIT
// Simulated time. Import it before anything that reads the clock: Date.now() and performance.now()
// then return simulated time, which only sleep() advances. A recording of many days takes seconds, and
// its latencies are the same on every machine. Sleepers wake in order of time, once nothing else is
// left to do.

let now = 0;
const sleepers = [];
let scheduled = false;

Date.now = () => now;
Object.defineProperty(performance, 'timeOrigin', { value: 0 });
Object.defineProperty(performance, 'now', { value: () => now });

function wake() {
  scheduled = false;
  const next = sleepers.shift();
  now = Math.max(now, next.at);
  next.resolve();
  schedule();
}

function schedule() {
  if (scheduled || sleepers.length === 0) return;
  scheduled = true;
  setImmediate(wake);
}

export const clock = {
  now: () => now,
  set: (at) => {
    now = Math.max(now, at);
  },
  sleep: (ms) =>
    new Promise((resolve) => {
      const at = now + Math.round(ms);
      const place = sleepers.findIndex((other) => other.at > at);
      sleepers.splice(place < 0 ? sleepers.length : place, 0, { at, resolve });
      schedule();
    }),
};
