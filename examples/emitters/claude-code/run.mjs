// SPDX-License-Identifier: MIT
import { runClaudeCode } from '../kit/claude_code.mjs';

await runClaudeCode({
  CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: '1',
  OTEL_TRACES_EXPORTER: 'otlp',
});
