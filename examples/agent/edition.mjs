// SPDX-License-Identifier: MIT
// The edition of a recording, besides its seed: the version of the service, the first day, and the
// fixed defects. Recordings of different editions have different trace, span and session ids, so that
// all of them can be in one store.

export const USAGE =
  'usage: node run.mjs --out DIR [--set desk|silent] [--seed TEXT] [--runs N] ' +
  '[--fix all|DEFECT,... | --only DEFECT] [--version TEXT] [--start 2026-03-10] [--change NAME,...]';

const OPENING_HOUR = 8 * 3600 * 1000;

// Parses a day (from its opening hour) or a time; undefined if it is neither.
function startOf(text) {
  const day = /^\d{4}-\d\d-\d\d$/.test(text);
  const time = Date.parse(day ? `${text}T00:00:00Z` : text);
  if (!(time >= 0)) return undefined;
  if (!day) return time;
  // Date accepts days that do not exist and turns them into later ones.
  return new Date(time).toISOString().startsWith(text) ? time + OPENING_HOUR : undefined;
}

// Undefined if the options are invalid. The ids are derived from `ids`, the set and the seed; `ids`
// is empty for a plain recording such as the bundled ones.
export function editionOf({ version, start: text }, fixes, set) {
  const start = startOf(text ?? set.start);
  if (start === undefined || version === '') return undefined;
  const plain = version === undefined && fixes.length === 0 && start === startOf(set.start);
  return { version, start, ids: plain ? [] : [version ?? '', start, [...fixes].sort().join()] };
}
