// SPDX-License-Identifier: MIT
#include "tools/setup/recipe_lists.h"

namespace halo {
namespace {

constexpr std::string_view kStart =
    "In a file that the program imports before anything else, such as tracing.ts";
constexpr std::string_view kPackages =
    "npm install @opentelemetry/exporter-trace-otlp-http @opentelemetry/resources "
    "@opentelemetry/sdk-trace-node";

constexpr std::string_view kImports =
    R"(import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
)";
// OpenInference writes each part of a message as an attribute of its own.
constexpr std::string_view kProvider = R"(
const exporter = new OTLPTraceExporter({ url: 'http://127.0.0.1:4318/v1/traces' });
export const tracerProvider = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'my-agent' }),
  spanProcessors: [new BatchSpanProcessor(exporter)],
  spanLimits: { attributeCountLimit: 4096 },
});
tracerProvider.register();
)";
// Without it, a program that ends by itself loses the last spans. It must not fail because nothing
// listens.
constexpr std::string_view kFlush =
    R"(export const flush = () => tracerProvider.shutdown().catch(() => {});
process.once('beforeExit', flush);
)";

// The lines that set up tracing, with `imports` before them and `more` after. The exporter writes
// JSON ("http") or protobuf ("proto").
std::string Traced(std::string_view imports, std::string_view more,
                   std::string_view encoding = "http") {
  std::string out(imports);
  out.append("import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-")
      .append(encoding)
      .append("';\n");
  out.append(kImports).append(kProvider).append(more).append(kFlush);
  return out;
}

Recipe OpenAiAgents() {
  return {.name = "openai-agents",
          .key = "openai-agents-js",
          .title = "OpenAI Agents SDK, TypeScript",
          .ecosystem = Ecosystem::kNode,
          .aliases = {"openai-agents-sdk", "openai-agents-ts", "agents"},
          .npm_packages = {"@openai/agents", "@openai/agents-core"},
          .install =
              "npm install @arizeai/openinference-instrumentation-openai-agents "
              "@opentelemetry/exporter-trace-otlp-http @opentelemetry/resources "
              "@opentelemetry/sdk-trace-node",
          .place = kStart,
          .syntax = "ts",
          .lines = Traced("import * as agents from '@openai/agents';\n"
                          "import { OpenAIAgentsInstrumentation } from\n"
                          "  '@arizeai/openinference-instrumentation-openai-agents';\n",
                          "new OpenAIAgentsInstrumentation({ tracerProvider })"
                          ".manuallyInstrument(agents);\n"),
          .hint = "If the program calls process.exit(), let it `await flush()` first.",
          .tested_with = "openai-agents"};
}

Recipe LangGraph() {
  return {.name = "langgraph",
          .key = "langgraph-js",
          .title = "LangGraph and LangChain, TypeScript",
          .ecosystem = Ecosystem::kNode,
          .aliases = {"langchain", "langchain-js", "langgraph-ts"},
          .npm_packages = {"@langchain/langgraph", "@langchain/core", "langchain", "deepagents"},
          .install =
              "npm install @arizeai/openinference-instrumentation-langchain "
              "@opentelemetry/exporter-trace-otlp-http @opentelemetry/resources "
              "@opentelemetry/sdk-trace-node",
          .place = kStart,
          .syntax = "ts",
          .lines = Traced("import * as callbackManager from '@langchain/core/callbacks/manager';\n"
                          "import { LangChainInstrumentation } from\n"
                          "  '@arizeai/openinference-instrumentation-langchain';\n",
                          "const instrumentation = new LangChainInstrumentation();\n"
                          "instrumentation.setTracerProvider(tracerProvider);\n"
                          "instrumentation.manuallyInstrument(callbackManager);\n"),
          .hint =
              "Name the graph (createReactAgent({ name })): findings are counted by agent. If "
              "the program calls process.exit(), let it `await flush()` "
              "first.",
          .tested_with = "openinference-langgraph"};
}

Recipe OpenAi() {
  return {.name = "openai",
          .key = "openai-js",
          .title = "The openai package, TypeScript",
          .ecosystem = Ecosystem::kNode,
          .aliases = {"openai-client", "openai-ts"},
          .npm_packages = {"openai"},
          .install =
              "npm install @arizeai/openinference-core "
              "@arizeai/openinference-instrumentation-openai "
              "@opentelemetry/exporter-trace-otlp-proto @opentelemetry/resources "
              "@opentelemetry/sdk-trace-node",
          .place = kStart,
          .syntax = "ts",
          .lines = Traced("import { OpenAI } from 'openai';\n"
                          "import { OpenAIInstrumentation } from\n"
                          "  '@arizeai/openinference-instrumentation-openai';\n",
                          "const instrumentation = new OpenAIInstrumentation();\n"
                          "instrumentation.setTracerProvider(tracerProvider);\n"
                          "instrumentation.manuallyInstrument(OpenAI);\n",
                          "proto"),
          .hint =
              "Wrap the function that runs the agent in traceAgent(run, { name }), and each "
              "tool in traceTool(tool, { name }), both of @arizeai/openinference-core; "
              "otherwise each model call is a trace of its own. If the program calls "
              "process.exit(), let it `await flush()` first.",
          .tested_with = "openinference-openai"};
}

Recipe Strands() {
  return {.name = "strands",
          .key = "strands-js",
          .title = "Strands Agents, TypeScript",
          .ecosystem = Ecosystem::kNode,
          .aliases = {"strands-agents", "strands-ts"},
          .npm_packages = {"@strands-agents/sdk"},
          .install = kPackages,
          .place = kStart,
          .syntax = "ts",
          .lines = Traced("", ""),
          .hint =
              "new Agent({ name, traceAttributes: { 'session.id': ... } }) names the agent and "
              "groups runs by session. If the program calls process.exit(), let it `await flush()` "
              "first.",
          .tested_with = "strands"};
}

Recipe OpenTelemetryJs() {
  return {.name = "opentelemetry",
          .key = "opentelemetry-js",
          .title = "OpenTelemetry, TypeScript",
          .ecosystem = Ecosystem::kNode,
          .aliases = {"otel", "otel-js", "opentelemetry-ts", "typescript", "javascript", "node"},
          .npm_packages = {"@opentelemetry/api", "@opentelemetry/sdk-node",
                           "@opentelemetry/sdk-trace-node"},
          .install = kPackages,
          .place = kStart,
          .syntax = "ts",
          .lines = Traced("", ""),
          .hint =
              "If the program exports already, OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 "
              "and OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf in its environment are enough. An "
              "instrumentation of the framework or of the model's client writes the spans; "
              "many leave out messages and arguments unless "
              "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true. If the program calls "
              "process.exit(), let it `await flush()` first.",
          .tested_with = "strands"};
}

Recipe VercelAi7() {
  return {.name = "vercel-ai",
          .key = "vercel-ai-7",
          .title = "Vercel AI SDK 7",
          .ecosystem = Ecosystem::kNode,
          .aliases = {"ai", "ai-sdk", "vercel", "vercel-ai-sdk"},
          .npm_packages = {"ai"},
          .install =
              "npm install @ai-sdk/otel @opentelemetry/exporter-trace-otlp-http "
              "@opentelemetry/resources @opentelemetry/sdk-trace-node",
          .place =
              "In a file that the program imports before anything else, in Next.js the "
              "function register() of instrumentation.ts",
          .syntax = "ts",
          .lines = Traced("import { OpenTelemetry } from '@ai-sdk/otel';\n"
                          "import { registerTelemetry } from 'ai';\n",
                          "registerTelemetry(new OpenTelemetry({ runtimeContext: true }));\n"),
          .hint =
              "In each call of generateText, streamText or an agent, `telemetry: { functionId: "
              "'my-agent' }` names the agent. If the program calls process.exit(), let it "
              "`await flush()` first.",
          .tested_with = "ai-7-legacy"};
}

Recipe VercelAi6() {
  return {.name = "vercel-ai",
          .key = "vercel-ai-6",
          .title = "Vercel AI SDK 4 to 6",
          .ecosystem = Ecosystem::kNode,
          .aliases = {"ai", "ai-sdk", "vercel", "vercel-ai-sdk", "vercel-ai-5", "vercel-ai-4"},
          .npm_packages = {"ai"},
          .install = kPackages,
          .place =
              "In a file that the program imports before anything else, in Next.js the "
              "function register() of instrumentation.ts",
          .syntax = "ts",
          .lines = Traced("", ""),
          .hint =
              "In each call of generateText or streamText: `experimental_telemetry: { "
              "isEnabled: true, functionId: 'my-agent' }`; without it nothing is exported. If "
              "the program calls process.exit(), let it `await flush()` "
              "first.",
          .tested_with = "ai-5"};
}

Recipe MastraRecipe() {
  return {.name = "mastra",
          .key = "mastra",
          .title = "Mastra",
          .ecosystem = Ecosystem::kNode,
          .npm_packages = {"@mastra/core", "mastra"},
          .install =
              "npm install @mastra/observability @mastra/otel-exporter "
              "@opentelemetry/exporter-logs-otlp-http "
              "@opentelemetry/exporter-trace-otlp-http",
          .place = "Beside `new Mastra({ ... })`, which gets `observability` as an option",
          .syntax = "ts",
          .lines = R"(import { Observability } from '@mastra/observability';
import { OtelExporter } from '@mastra/otel-exporter';

const exporter = new OtelExporter({
  provider: { custom: { endpoint: 'http://127.0.0.1:4318/v1/traces', protocol: 'http/json' } },
});
export const observability = new Observability({
  configs: { otel: { serviceName: 'my-agent', exporters: [exporter] } },
});
)",
          .hint =
              "`tracingOptions: { metadata: { sessionId, userId } }` in a call of generate or "
              "stream groups runs by session. A script must `await mastra.shutdown()` at its "
              "end.",
          .tested_with = "mastra"};
}

Recipe Adk() {
  return {.name = "google-adk",
          .key = "google-adk-js",
          .title = "Google ADK, TypeScript",
          .ecosystem = Ecosystem::kNode,
          .aliases = {"adk", "google-adk-ts"},
          .npm_packages = {"@google/adk"},
          .place = kStart,
          .syntax = "ts",
          .lines = R"(import { maybeSetOtelProviders } from '@google/adk';

process.env.OTEL_EXPORTER_OTLP_ENDPOINT ??= 'http://127.0.0.1:4318';
maybeSetOtelProviders();
)",
          .hint =
              "A script must flush at its end: `await trace.getTracerProvider().getDelegate()"
              ".forceFlush().catch(() => {})`, with trace of @opentelemetry/api.",
          .tested_with = "adk"};
}

}  // namespace

std::vector<Recipe> NodeRecipes() {
  return {OpenAiAgents(), LangGraph(), VercelAi7(), VercelAi6(),      MastraRecipe(),
          Adk(),          Strands(),   OpenAi(),    OpenTelemetryJs()};
}

}  // namespace halo
