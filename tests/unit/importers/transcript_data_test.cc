// SPDX-License-Identifier: MIT
// Transcripts of other people's agents, which are not part of this project: HALO_TEST_DATA names
// their folder. Every run and every call in them is read; the counts are those of the files.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/unit/importers/read_facts.h"

namespace halo {
namespace {

namespace fs = std::filesystem;

// The file or folder; empty, with a warning, if it is not there.
std::string DataAt(const char* name) {
  const char* const folder = std::getenv("HALO_TEST_DATA");
  if (folder == nullptr) {
    WARN("skipped: HALO_TEST_DATA does not name a folder of traces");
    return {};
  }
  const fs::path path = fs::path(folder) / name;
  if (fs::exists(path)) return path.string();
  WARN("skipped: HALO_TEST_DATA has no " << name);
  return {};
}

struct Counts {
  std::int64_t runs, model_calls, tool_calls, successes, failures;
};

void Check(Engine& engine, const Counts& expected) {
  const auto stats = engine.Overview(Question{});
  REQUIRE(stats.has_value());
  CHECK(stats->traces == expected.runs);
  CHECK(stats->llm_calls == expected.model_calls);
  CHECK(stats->tool_calls == expected.tool_calls);
  CHECK(stats->outcomes[static_cast<std::size_t>(Outcome::kSuccess)] == expected.successes);
  CHECK(stats->outcomes[static_cast<std::size_t>(Outcome::kFailure)] == expected.failures);
  CHECK(stats->spans == expected.runs + expected.model_calls + expected.tool_calls);
}

TEST_CASE("data: tau-bench is read without loss, and no time is made of it") {
  const std::string path = DataAt("tau-bench-gpt4o-airline/gpt-4o-airline.json");
  if (path.empty()) return;
  ScratchStore store;
  CHECK(store.Ingest(path) == 0);
  Check(store.engine(), {200, 2454, 1164, 84, 116});
  const auto stats = store.engine().Overview(Question{});
  REQUIRE(stats.has_value());
  CHECK(stats->first_ns == 0);
  CHECK(stats->last_ns == 0);
  const auto tools = store.engine().Operations(Question{}, OperationGroup::kTool);
  REQUIRE(tools.has_value());
  std::int64_t failed = 0;
  for (const OperationStats& tool : *tools) {
    CHECK(tool.timed == 0);
    CHECK(tool.critical_ns == 0);
    failed += tool.errors;
  }
  CHECK(failed >= 73);  // results that begin with "Error"
}

TEST_CASE("data: tau2-bench is read without loss") {
  const std::string path =
      DataAt("tau2-toolorchestra-gpt5/toolorchestra_airline_gpt-5_1trial.json");
  if (path.empty()) return;
  ScratchStore store;
  CHECK(store.Ingest(path) == 0);
  Check(store.engine(), {50, 505, 581, 28, 22});
}

TEST_CASE("data: tau2-bench with tools of the user, usage, costs and times") {
  const std::string path = DataAt("tau2-activegraph-events");
  if (path.empty()) return;
  ScratchStore store;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (entry.path().filename() == "results.json") CHECK(store.Ingest(entry.path().string()) == 0);
  }
  Check(store.engine(), {29, 193, 98, 14, 15});
  const auto stats = store.engine().Overview(Question{});
  REQUIRE(stats.has_value());
  CHECK(stats->usage.total() == 634'100);
  CHECK(stats->nano_usd / 1000 == 115'413);
  CHECK(stats->first_ns > 0);
}

}  // namespace
}  // namespace halo
