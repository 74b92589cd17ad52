// SPDX-License-Identifier: MIT
// Copied beside the lines and the packages of an emitter; see check.mjs.
import './tracing.mjs';
import { traceAgent, traceTool } from '@arizeai/openinference-core';
import { OpenAI } from 'openai';
import { desk } from '../../kit/desk.mjs';
import { converse } from '../../kit/loop.mjs';

const client = new OpenAI({ baseURL: desk.openai, apiKey: 'none' });
const callTool = ({ name }, args, call) => traceTool(call, { name })(args);
await traceAgent(() => converse(client, callTool), { name: desk.agent })();
