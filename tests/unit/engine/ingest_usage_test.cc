// SPDX-License-Identifier: MIT
// How usage and cost of an export appear in the totals of a store, and how ambiguous values are
// reported.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace halo {
namespace {

namespace fs = std::filesystem;

std::string Attribute(const std::string& key, const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return R"({"key":")" + key + R"(","value":{"stringValue":")" + escaped + R"("}})";
}

// An agent with one model call.
std::string Export(int trace, const std::string& agent, const std::string& call) {
  const std::string id = "5b8efff798038103d269b633813fc" + std::to_string(100 + trace);
  const std::string span = R"({"traceId":")" + id +
                           R"(","startTimeUnixNano":"1764100000000000000",)"
                           R"("endTimeUnixNano":"1764100005000000000",)";
  return R"({"resourceSpans":[{"scopeSpans":[{"spans":[)" + span +
         R"("spanId":"00f067aa0ba90201","name":"invoke_agent a","attributes":[)" +
         Attribute("gen_ai.operation.name", "invoke_agent") + agent + "]}," + span +
         R"("spanId":"00f067aa0ba90202","parentSpanId":"00f067aa0ba90201","name":"chat",)"
         R"("attributes":[)" +
         Attribute("gen_ai.operation.name", "chat") + call + "]}]}]}]}\n";
}

std::string Usage(const std::string& model, const std::string& input, const std::string& output) {
  return "," + Attribute("gen_ai.request.model", model) + "," +
         Attribute("gen_ai.usage.input_tokens", input) + "," +
         Attribute("gen_ai.usage.output_tokens", output);
}

// Ingests each text as a file of one folder.
OverviewStats Ingested(const std::vector<std::string>& exports) {
  const fs::path folder = fs::temp_directory_path() / ("halo_usage_" + std::to_string(getpid()));
  fs::remove_all(folder);
  fs::create_directories(folder / "traces");
  for (std::size_t i = 0; i < exports.size(); ++i) {
    std::ofstream(folder / "traces" / (std::to_string(i) + ".json")) << exports[i];
  }
  const auto open = [&] {
    EngineOptions options;
    options.store_url = "sqlite:" + (folder / "halo.db").string();
    options.threads = 1;
    auto engine = Engine::Open(std::move(options));
    REQUIRE(engine.has_value());
    return std::move(*engine);
  };
  auto engine = open();
  const std::vector<std::string> paths = {(folder / "traces").string()};
  const auto report = engine->IngestPaths(paths, IngestOptions{});
  REQUIRE(report.has_value());
  // A newly opened store reads only the columns that a question needs.
  engine.reset();
  engine = open();
  const auto stats = engine->Overview(Question{});
  REQUIRE(stats.has_value());
  fs::remove_all(folder);
  return *stats;
}

std::int64_t Count(const OverviewStats& stats, Reading reading) {
  return stats.readings[static_cast<std::size_t>(reading)];
}

TEST_CASE("truncated JSON is counted and does not block other files") {
  const std::string tools = R"([{"type":"function","name":"f","parameters":{"type":"object"}}])";
  std::vector<std::string> exports;
  for (std::size_t size = 1; size <= tools.size(); ++size) {
    exports.push_back(Export(static_cast<int>(size), "",
                             Usage("gpt-4o", "1000", "100") + "," +
                                 Attribute("gen_ai.tool.definitions", tools.substr(0, size))));
  }
  const OverviewStats stats = Ingested(exports);
  CHECK(stats.traces == static_cast<std::int64_t>(tools.size()));
  CHECK(Count(stats, Reading::kCutJson) == static_cast<std::int64_t>(tools.size()) - 1);
  CHECK(stats.usage.total() == 1100 * static_cast<std::int64_t>(tools.size()));
}

TEST_CASE("tokens and cost each count once, where they are known") {
  const std::string cost = "," + Attribute("gen_ai.usage.cost", "0.5");
  OverviewStats stats = Ingested({Export(1, cost, Usage("house-x", "100", "10"))});
  CHECK(stats.nano_usd == 500'000'000);
  CHECK(stats.usage.total() == 110);
  CHECK(stats.unpriced_calls == 0);
  CHECK(Count(stats, Reading::kCostOfParent) == 1);

  stats = Ingested({Export(1, Usage("gpt-4o", "300", "30"), Usage("gpt-4o", "0", "0"))});
  CHECK(stats.usage.total() == 330);
  CHECK(stats.nano_usd == 1'050'000);
  CHECK(Count(stats, Reading::kZeroUsage) == 1);

  stats = Ingested({Export(1, "", Usage("gpt-4o", "1000000000000", "10"))});
  CHECK(stats.usage.total() == 0);
  CHECK(stats.nano_usd == 0);
  CHECK(stats.unpriced_calls == 1);
  CHECK(Count(stats, Reading::kRefusedCount) == 1);

  stats = Ingested({Export(1, Usage("gpt-4o", "1000000000000", "10"), "")});
  CHECK(stats.unpriced_calls == 1);
  stats = Ingested({Export(1, Usage("gpt-4o", "1000000000000", "10"), Usage("gpt-4o", "9", "1"))});
  CHECK(stats.unpriced_calls == 0);
  CHECK(stats.usage.total() == 10);

  stats = Ingested(
      {Export(1, "", Usage("house-x", "100", "10") + "," + Attribute("gen_ai.usage.cost", "0"))});
  CHECK(stats.unpriced_calls == 1);
  CHECK(Count(stats, Reading::kZeroCostUnpriced) == 1);

  stats = Ingested({Export(1, "", Usage("gemini-2.5-pro", "250000", "1000"))});
  CHECK(stats.nano_usd == 640'000'000);
  CHECK(Count(stats, Reading::kLongContextPrice) == 1);
}

TEST_CASE("overview of runs without model calls") {
  std::string runs = Export(1, "", "");
  for (std::size_t at; (at = runs.find("\"stringValue\":\"chat\"")) != std::string::npos;) {
    runs.replace(at, std::string(R"("stringValue":"chat")").size(),
                 R"("stringValue":"execute_tool")");
  }
  const OverviewStats stats = Ingested({runs, Export(2, "", "")});
  CHECK(stats.traces == 2);
  CHECK(stats.tool_calls == 1);
  CHECK(stats.llm_calls == 1);
  CHECK(stats.usage.total() == 0);
  CHECK(stats.typical_run.tokens == 0);
  CHECK(stats.typical_run.nano_usd == 0);
  CHECK(stats.typical_run.duration_ns == 5'000'000'000);

  const OverviewStats alone = Ingested({runs});
  CHECK(alone.traces == 1);
  CHECK(alone.llm_calls == 0);
  CHECK(alone.tool_calls == 1);
  CHECK(alone.typical_run.duration_ns == 5'000'000'000);
}

TEST_CASE("a Langfuse generation is a model call, and a refused count leaves it unpriced") {
  const auto generation = [](const std::string& usage) {
    std::string run = Export(1, "",
                             "," + Attribute("langfuse.observation.model.name", "gpt-4o") + "," +
                                 Attribute("langfuse.observation.usage_details", usage));
    const std::string kind = Attribute("gen_ai.operation.name", "chat") + ",";
    const std::size_t at = run.find(kind);
    REQUIRE(at != std::string::npos);
    return run.erase(at, kind.size());
  };
  OverviewStats stats = Ingested({generation(R"({"input":1000,"output":100})")});
  CHECK(stats.llm_calls == 1);
  CHECK(stats.nano_usd == 3'500'000);
  stats = Ingested({generation(R"({"input":10000000000000,"output":100})")});
  CHECK(stats.llm_calls == 1);
  CHECK(stats.unpriced_calls == 1);
  CHECK(stats.usage.total() == 0);
}

}  // namespace
}  // namespace halo
