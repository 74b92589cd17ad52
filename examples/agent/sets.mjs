// SPDX-License-Identifier: MIT
// The two teams of agents that can be recorded: the customer desk, whose defects mostly show as
// errors, and the back office, whose defects are silent.

import { DEFECTS } from './defects.mjs';
import { Harness } from './harness.mjs';
import { Mind } from './mind.mjs';
import { OFFICE_DEFECTS } from './office/defects.mjs';
import { OfficeHarness } from './office/harness.mjs';
import { OfficeMind } from './office/mind.mjs';
import { dialectOf } from './office/names.mjs';
import { OFFICE_TASKS } from './office/tasks.mjs';
import { makeOfficeWorld } from './office/world.mjs';
import { TASKS } from './tasks.mjs';
import { makeWorld } from './world.mjs';

export { changed, CHANGES } from './changes.mjs';

const HELLOS = ['Hello, ', 'Hi there. ', 'Good morning! ', '', '', 'Dear team, '];
const BYES = ['', '', ' Thank you!', ' Thanks a lot.', ' Best regards'];

export const SETS = {
  desk: {
    service: 'order-desk',
    versions: ['2.4.1', '2.5.0'],
    start: '2026-03-02',
    words: [], // what its random numbers depend on, besides the seed
    defects: DEFECTS,
    tasks: TASKS,
    hiccups: true, // errors of the environment
    makeWorld,
    dialectOf: () => undefined,
    Harness,
    Mind,
  },
  silent: {
    service: 'back-office',
    versions: ['1.8.2', '1.9.0'],
    start: '2026-04-06',
    words: ['office'],
    defects: OFFICE_DEFECTS,
    tasks: OFFICE_TASKS,
    hiccups: false,
    makeWorld: makeOfficeWorld,
    dialectOf,
    Harness: OfficeHarness,
    Mind: OfficeMind,
  },
};

export const phrase = (luck, ask) => {
  const hello = luck.pick(HELLOS);
  const bye = luck.pick(BYES);
  return hello + luck.pick(ask) + bye;
};
