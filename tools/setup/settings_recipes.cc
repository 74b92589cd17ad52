// SPDX-License-Identifier: MIT
#include "tools/setup/recipe_lists.h"

namespace halo {

std::vector<Recipe> SettingsRecipes() {
  return {
      {.name = "claude-code",
       .key = "claude-code",
       .title = "Claude Code",
       .aliases = {"claude", "claude-agent-sdk"},
       .npm_packages = {"@anthropic-ai/claude-code", "@anthropic-ai/claude-agent-sdk"},
       .python_packages = {"claude-agent-sdk"},
       .place = "In .claude/settings.json of the project, or ~/.claude/settings.json",
       .syntax = "json",
       .lines = R"({
  "env": {
    "CLAUDE_CODE_ENABLE_TELEMETRY": "1",
    "CLAUDE_CODE_ENHANCED_TELEMETRY_BETA": "1",
    "OTEL_TRACES_EXPORTER": "otlp",
    "OTEL_LOGS_EXPORTER": "otlp",
    "OTEL_METRICS_EXPORTER": "otlp",
    "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318",
    "OTEL_LOG_USER_PROMPTS": "1",
    "OTEL_LOG_ASSISTANT_RESPONSES": "1",
    "OTEL_LOG_TOOL_DETAILS": "1",
    "OTEL_LOG_TOOL_CONTENT": "1"
  }
}
)",
       .hint = "Merge them with what the file has. The second variable and OTEL_TRACES_EXPORTER "
               "switch on traces, which Claude Code does not export by default; the last four, the "
               "contents of messages and tool calls. A program on the Claude Agent SDK takes the "
               "same variables from its environment.",
       .tested_with = "claude-code"},
      {.name = "codex",
       .key = "codex",
       .title = "Codex",
       .aliases = {"codex-cli", "openai-codex"},
       .npm_packages = {"@openai/codex", "@openai/codex-sdk"},
       .place = "In ~/.codex/config.toml",
       .syntax = "toml",
       .lines =
           R"([otel]
exporter = { otlp-http = { endpoint = "http://127.0.0.1:4318/v1/logs", protocol = "binary" } }
trace_exporter = { otlp-http = { endpoint = "http://127.0.0.1:4318/v1/traces", protocol = "binary" } }
log_user_prompt = true
)",
       .hint = "The logs hold arguments, results and token counts; the traces, the structure. The "
               "answer to the user is in neither.",
       .tested_with = "codex"},
      {.name = "collector",
       .key = "collector",
       .title = "OpenTelemetry Collector",
       .aliases = {"otelcol", "otel-collector", "opentelemetry-collector"},
       .place = "In the configuration of the Collector",
       .syntax = "yaml",
       .lines = R"(receivers:
  otlp: {protocols: {http: {endpoint: 127.0.0.1:4328}, grpc: {endpoint: 127.0.0.1:4317}}}
exporters:
  otlphttp/halo: {endpoint: "http://127.0.0.1:4318"}
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [otlphttp/halo]}
    logs: {receivers: [otlp], exporters: [otlphttp/halo]}
)",
       .hint =
           "Add the exporter to the pipelines that exist. The receiver of the Collector must "
           "not take halo-mcp's port, 4318. A program that can only export with gRPC reaches "
           "halo-mcp this way. `exporters: {file: {path: ./traces/agent.jsonl}}` of the contrib "
           "distribution writes files for `halo-mcp ingest` instead."},
  };
}

}  // namespace halo
