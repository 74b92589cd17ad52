// SPDX-License-Identifier: MIT
// Copied beside the lines of an emitter and its client; see check.mjs. The lines follow what the
// user's config.toml has.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runClient } from '../../kit/coding_client.mjs';
import { desk } from '../../kit/desk.mjs';

const LINES = fileURLToPath(new URL('lines', import.meta.url));
const entries = (values) =>
  Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`).join('\n');

await runClient(({ home, server }) => {
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
[mcp_servers.desk]
${entries(command)}
default_tools_approval_mode = "approve"
[mcp_servers.desk.env]
${entries(env)}
${readFileSync(LINES, 'utf8')}`,
  );
  return {
    command: 'codex',
    args: ['exec', '--skip-git-repo-check', '--json', desk.question],
    env: { CODEX_HOME: home, SCRIPTED_KEY: 'none' },
  };
});
