// SPDX-License-Identifier: MIT
// Pseudo-random numbers that depend on nothing but the words they are made from (mulberry32 over
// an FNV-1a hash), so that a recording can be repeated byte for byte.

export function random(...words) {
  let state = 2166136261;
  for (const letter of words.join('\u0000')) {
    state = Math.imul(state ^ letter.codePointAt(0), 16777619);
  }
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const int = (low, high) => low + Math.floor(next() * (high - low + 1));
  const pick = (list) => list[int(0, list.length - 1)];
  const shuffle = (list) => {
    const out = [...list];
    for (let i = out.length - 1; i > 0; --i) {
      const j = int(0, i);
      [out[i], out[j]] = [out[j], out[i]];
    }
    return out;
  };
  const hex = (digits) => Array.from({ length: digits }, () => int(0, 15).toString(16)).join('');
  return { next, int, pick, shuffle, hex, chance: (share) => next() < share };
}
