// SPDX-License-Identifier: MIT
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runClient } from '../kit/coding_client.mjs';
import { desk, say, serve } from '../kit/desk.mjs';

const otlp = (signal) =>
  `{ otlp-http = { endpoint = "${desk.otlp}/v1/${signal}", protocol = "binary" } }`;
const entries = (values) =>
  Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`).join('\n');

await serve(async () => {
  const printed = await runClient(({ home, server }) => {
    const { env, ...command } = server;
    writeFileSync(
      join(home, 'config.toml'),
      `model = "${desk.model}"
model_provider = "scripted"
approval_policy = "never"
sandbox_mode = "danger-full-access"
[model_providers.scripted]
name = "scripted"
base_url = "${desk.openai}"
wire_api = "responses"
env_key = "SCRIPTED_KEY"
request_max_retries = 0
stream_max_retries = 0
[otel]
exporter = ${otlp('logs')}
trace_exporter = ${otlp('traces')}
log_user_prompt = true
[mcp_servers.desk]
${entries(command)}
default_tools_approval_mode = "approve"
[mcp_servers.desk.env]
${entries(env)}
`,
    );
    return {
      command: 'codex',
      args: ['exec', '--skip-git-repo-check', '--json', desk.question],
      env: { CODEX_HOME: home, SCRIPTED_KEY: 'none' },
    };
  });
  const events = printed.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  await say({ session: events.find(({ thread_id }) => thread_id)?.thread_id });
  const messages = events.filter(({ item }) => item?.type === 'agent_message');
  return messages.at(-1)?.item.text;
});
