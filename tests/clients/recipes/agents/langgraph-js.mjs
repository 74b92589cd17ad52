// SPDX-License-Identifier: MIT
// Copied beside the lines and the packages of an emitter; see check.mjs.
import './tracing.mjs';
import { tool } from '@langchain/core/tools';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { ChatOpenAI } from '@langchain/openai';
import { langGraphDesk } from '../../kit/langgraph.mjs';

await langGraphDesk({ createReactAgent, ChatOpenAI, tool })();
