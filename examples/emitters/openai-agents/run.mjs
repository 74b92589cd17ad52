// SPDX-License-Identifier: MIT
import { OpenAIAgentsInstrumentation } from '@arizeai/openinference-instrumentation-openai-agents';
import * as agents from '@openai/agents';
import { OpenAI } from 'openai';
import { z } from 'zod';
import { desk, serve, zodOf } from '../kit/desk.mjs';
import { startTracing } from '../kit/tracing.mjs';

const provider = startTracing();
new OpenAIAgentsInstrumentation({ tracerProvider: provider }).manuallyInstrument(agents);
agents.setDefaultOpenAIClient(new OpenAI({ baseURL: desk.openai, apiKey: 'none' }));

const agent = new agents.Agent({
  name: desk.agent,
  instructions: desk.instructions,
  model: desk.model,
  tools: desk.tools.map(({ name, description, parameters, run }) =>
    agents.tool({ name, description, parameters: zodOf(z, parameters), execute: run }),
  ),
});

await serve(
  async () => {
    const runner = new agents.Runner({
      workflowName: 'customer-question',
      groupId: desk.session,
      traceMetadata: { user_id: desk.user },
    });
    const { finalOutput } = await runner.run(agent, desk.question, { maxTurns: desk.limit });
    return finalOutput;
  },
  async () => {
    await agents.getGlobalTraceProvider().forceFlush();
    await provider.shutdown();
  },
);
