// SPDX-License-Identifier: MIT
// Copied beside the lines of an emitter and its client; see check.mjs. The lines become the user's
// settings.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runClient } from '../../kit/coding_client.mjs';
import { desk } from '../../kit/desk.mjs';

const LINES = fileURLToPath(new URL('lines', import.meta.url));

await runClient(({ home, server }) => {
  mkdirSync(join(home, '.claude'));
  copyFileSync(LINES, join(home, '.claude/settings.json'));
  const config = join(home, 'mcp.json');
  writeFileSync(config, JSON.stringify({ mcpServers: { desk: server } }));
  return {
    command: 'claude',
    args: [
      ...['-p', desk.question, '--model', desk.model, '--output-format', 'json'],
      ...['--mcp-config', config, '--strict-mcp-config', '--allowedTools', 'mcp__desk'],
    ],
    env: {
      ANTHROPIC_BASE_URL: desk.anthropic,
      ANTHROPIC_API_KEY: 'none',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
    },
  };
});
