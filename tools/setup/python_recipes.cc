// SPDX-License-Identifier: MIT
#include "tools/setup/recipe_lists.h"

namespace halo {
namespace {

constexpr std::string_view kStart = "At the start of the program";
constexpr std::string_view kServiceName = "OTEL_SERVICE_NAME=my-agent";
// OpenInference writes each part of a message as an attribute of its own.
constexpr std::string_view kAttributeLimit = "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=4096";
constexpr std::string_view kEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318";

constexpr std::string_view kImports =
    R"(from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
)";
constexpr std::string_view kProvider = R"(
provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter("http://127.0.0.1:4318/v1/traces")))
)";

std::string Join(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) out.append(part);
  return out;
}

// The lines for an instrumentation of OpenInference.
std::string OpenInference(std::string_view module, std::string_view instrumentor) {
  return Join({"from openinference.instrumentation.", module, " import ", instrumentor, "\n",
               kImports, kProvider, instrumentor, "().instrument(tracer_provider=provider)\n"});
}

std::vector<Recipe> InstrumentedFrameworks() {
  return {
      {.name = "openai-agents",
       .key = "openai-agents-python",
       .title = "OpenAI Agents SDK, Python",
       .ecosystem = Ecosystem::kPython,
       .aliases = {"openai-agents-sdk", "agents"},
       .python_packages = {"openai-agents"},
       .install = "pip install openinference-instrumentation-openai-agents opentelemetry-sdk "
                  "opentelemetry-exporter-otlp-proto-http",
       .place = kStart,
       .syntax = "python",
       .lines = OpenInference("openai_agents", "OpenAIAgentsInstrumentor"),
       .environment = {kServiceName, kAttributeLimit}},
      {.name = "langgraph",
       .key = "langgraph-python",
       .title = "LangGraph and LangChain, Python",
       .ecosystem = Ecosystem::kPython,
       .aliases = {"langchain", "langchain-python"},
       .python_packages = {"langgraph", "langchain", "langchain-core", "deepagents"},
       .install = "pip install openinference-instrumentation-langchain opentelemetry-sdk "
                  "opentelemetry-exporter-otlp-proto-http",
       .place = kStart,
       .syntax = "python",
       .lines = OpenInference("langchain", "LangChainInstrumentor"),
       .environment = {kServiceName, kAttributeLimit}},
      {.name = "crewai",
       .key = "crewai",
       .title = "CrewAI",
       .ecosystem = Ecosystem::kPython,
       .aliases = {"crew-ai", "crew"},
       .python_packages = {"crewai"},
       .install = "pip install openinference-instrumentation-crewai "
                  "openinference-instrumentation-openai opentelemetry-sdk "
                  "opentelemetry-exporter-otlp-proto-http",
       .place = kStart,
       .syntax = "python",
       .lines =
           Join({"from openinference.instrumentation.crewai import CrewAIInstrumentor\n"
                 "from openinference.instrumentation.openai import OpenAIInstrumentor\n",
                 kImports, kProvider,
                 "CrewAIInstrumentor().instrument(tracer_provider=provider)\n"
                 "OpenAIInstrumentor().instrument(tracer_provider=provider)  # model calls\n"}),
       .environment = {kServiceName, kAttributeLimit},
       .hint = "CrewAI calls the model with the provider's own client: for models that are not "
               "OpenAI's, use openinference-instrumentation-anthropic, -google-genai, -bedrock or "
               "(for all others) -litellm instead of -openai."},
      {.name = "smolagents",
       .key = "smolagents",
       .title = "smolagents",
       .ecosystem = Ecosystem::kPython,
       .python_packages = {"smolagents"},
       .install = "pip install openinference-instrumentation-smolagents opentelemetry-sdk "
                  "opentelemetry-exporter-otlp-proto-http",
       .place = kStart,
       .syntax = "python",
       .lines = OpenInference("smolagents", "SmolagentsInstrumentor"),
       .environment = {kServiceName, kAttributeLimit}},
      {.name = "openai",
       .key = "openai-python",
       .title = "The openai package, Python",
       .ecosystem = Ecosystem::kPython,
       .aliases = {"openai-client"},
       .python_packages = {"openai"},
       .install = "pip install openinference-instrumentation-openai opentelemetry-sdk "
                  "opentelemetry-exporter-otlp-proto-http",
       .place = kStart,
       .syntax = "python",
       .lines = OpenInference("openai", "OpenAIInstrumentor"),
       .environment = {kServiceName, kAttributeLimit},
       .hint =
           "Without a span around a run, each model call is a trace of its own: wrap the run in "
           "`with provider.get_tracer(\"agent\").start_as_current_span(\"my-agent\"):` and each "
           "tool call in a span named after the tool, with the attribute "
           "openinference.span.kind = AGENT or TOOL. For Anthropic's package use "
           "openinference-instrumentation-anthropic."},
  };
}

std::vector<Recipe> FrameworksWithTelemetry() {
  return {
      {.name = "pydantic-ai",
       .key = "pydantic-ai",
       .title = "Pydantic AI",
       .ecosystem = Ecosystem::kPython,
       .aliases = {"pydanticai", "logfire"},
       .python_packages = {"pydantic-ai", "pydantic-ai-slim"},
       .install = "pip install logfire",
       .place = kStart,
       .syntax = "python",
       .lines = R"(import logfire

logfire.configure(service_name="my-agent", send_to_logfire=False)
logfire.instrument_pydantic_ai()
)",
       .environment = {kEndpoint},
       .hint = "Nothing is sent to Logfire. Name each agent, Agent(name=...): findings are counted "
               "by agent."},
      {.name = "google-adk",
       .key = "google-adk-python",
       .title = "Google ADK, Python",
       .ecosystem = Ecosystem::kPython,
       .aliases = {"adk"},
       .python_packages = {"google-adk"},
       .install = "pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-http",
       .place = kStart,
       .syntax = "python",
       .lines = Join({"from opentelemetry import trace\n", kImports, kProvider,
                      "trace.set_tracer_provider(provider)\n"}),
       .environment = {kServiceName},
       .hint = "ADK writes its own spans to the global provider."},
      {.name = "strands",
       .key = "strands-python",
       .title = "Strands Agents, Python",
       .ecosystem = Ecosystem::kPython,
       .aliases = {"strands-agents"},
       .python_packages = {"strands-agents"},
       .install = "pip install 'strands-agents[otel]'",
       .place = kStart,
       .syntax = "python",
       .lines = R"(from strands.telemetry import StrandsTelemetry

StrandsTelemetry().setup_otlp_exporter()
)",
       .environment = {kServiceName, kEndpoint},
       .hint = "Agent(trace_attributes={\"session.id\": ..., \"user.id\": ...}) groups runs by "
               "session."},
      {.name = "opentelemetry",
       .key = "opentelemetry-python",
       .title = "OpenTelemetry, Python",
       .ecosystem = Ecosystem::kPython,
       .aliases = {"otel", "otel-python", "python"},
       .python_packages = {"opentelemetry-sdk", "opentelemetry-distro", "opentelemetry-api"},
       .install = "pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-http",
       .place = kStart,
       .syntax = "python",
       .lines = Join({"from opentelemetry import trace\n", kImports, kProvider,
                      "trace.set_tracer_provider(provider)\n"}),
       .environment = {kServiceName, kEndpoint, "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
                       "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true"},
       .hint =
           "If the program exports already, or runs under opentelemetry-instrument, the "
           "variables are enough. An instrumentation of the framework or of the model's client "
           "writes the spans; without the last variable many leave out messages and arguments."},
  };
}

}  // namespace

std::vector<Recipe> PythonRecipes() {
  std::vector<Recipe> all = InstrumentedFrameworks();
  for (Recipe& recipe : FrameworksWithTelemetry()) all.push_back(std::move(recipe));
  return all;
}

}  // namespace halo
