// SPDX-License-Identifier: MIT
import { runClaudeCode } from '../kit/claude_code.mjs';

await runClaudeCode();
