// SPDX-License-Identifier: MIT
import * as traceloop from '@traceloop/node-server-sdk';
import { OpenAI } from 'openai';
import { desk, serve } from '../kit/desk.mjs';
import { converse } from '../kit/loop.mjs';

traceloop.initialize({
  appName: 'garden-shop',
  apiKey: 'none',
  baseUrl: desk.otlp,
  silenceInitializationMessage: true,
  instrumentModules: { openAI: OpenAI },
});
const client = new OpenAI({ baseURL: desk.openai, apiKey: 'none' });
const callTool = ({ name }, args, call) => traceloop.withTool({ name }, call, args);

await serve(
  () =>
    traceloop.withAssociationProperties({ session_id: desk.session, user_id: desk.user }, () =>
      traceloop.withWorkflow({ name: 'customer-question' }, () =>
        traceloop.withAgent({ name: desk.agent }, () => converse(client, callTool)),
      ),
    ),
  () => traceloop.forceFlush(),
);
