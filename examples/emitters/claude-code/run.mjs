// SPDX-License-Identifier: MIT
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runClient } from '../kit/coding_client.mjs';
import { desk, say, serve } from '../kit/desk.mjs';

const TELEMETRY = {
  CLAUDE_CODE_ENABLE_TELEMETRY: '1',
  OTEL_LOGS_EXPORTER: 'otlp',
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_EXPORTER_OTLP_ENDPOINT: desk.otlp,
  OTEL_LOG_USER_PROMPTS: '1',
  OTEL_LOG_TOOL_DETAILS: '1',
  OTEL_LOG_TOOL_CONTENT: '1',
  OTEL_LOG_ASSISTANT_RESPONSES: '1',
};

// Traces are off by default.
const TRACES = { CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: '1', OTEL_TRACES_EXPORTER: 'otlp' };

await serve(async () => {
  const printed = await runClient(({ home, server }) => {
    const config = join(home, 'mcp.json');
    writeFileSync(config, JSON.stringify({ mcpServers: { desk: server } }));
    return {
      command: 'claude',
      args: [
        ...['-p', desk.question, '--model', desk.model, '--max-turns', String(desk.limit)],
        ...['--mcp-config', config, '--strict-mcp-config', '--allowedTools', 'mcp__desk'],
        ...['--output-format', 'json'],
      ],
      env: {
        ANTHROPIC_BASE_URL: desk.anthropic,
        ANTHROPIC_API_KEY: 'none',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        DISABLE_AUTOUPDATER: '1',
        ...TELEMETRY,
        ...(process.env.DESK_TRACES && TRACES),
      },
    };
  });
  const { result, session_id, subtype, total_cost_usd } = JSON.parse(printed);
  await say({ session: session_id, cost_usd: total_cost_usd });
  if (subtype !== 'success') throw new Error(subtype);
  return result;
});
