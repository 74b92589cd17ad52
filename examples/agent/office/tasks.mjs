// SPDX-License-Identifier: MIT
// What is asked of the back office; tasks as in ../tasks.mjs. `chat`: the user may write more than once,
// `reply(answer, count)` is their next message.

import { analyst } from './tasks/analyst.mjs';
import { catalogue } from './tasks/catalogue.mjs';
import { deliveries } from './tasks/deliveries.mjs';
import { dispatch } from './tasks/dispatch.mjs';
import { documents } from './tasks/documents.mjs';
import { service } from './tasks/service.mjs';
import { sourcing } from './tasks/sourcing.mjs';

export const OFFICE_TASKS = [
  ...catalogue,
  ...sourcing,
  ...analyst,
  ...dispatch,
  ...deliveries,
  ...service,
  ...documents,
];
