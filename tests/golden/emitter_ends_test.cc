// SPDX-License-Identifier: MIT
// How the runs of real SDKs end (examples/emitters): one that stopped at its limit of steps has a
// finding that says so and is no success, whatever the status of its root; one that answered has
// none.
#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "engine/detectors/all_detectors.h"
#include "tests/support/source_dir.h"
#include "tests/unit/importers/read_facts.h"

namespace halo {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// What these record does not show the end of a run: no span or log of its calls, one span a run,
// or a trace for each call.
const std::set<std::string> kSilentAtLimit = {"claude-code-logs", "codex", "langsmith-langgraph",
                                              "otel-openai"};

json::value TruthOf(const fs::path& folder) {
  std::ifstream in(folder / "truth.json");
  return json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
}

// The detectors of findings that say that a run ended badly.
std::set<std::string> EndingsOf(const TraceSummary& summary) {
  std::set<std::string> names;
  for (const StoredFinding& finding : summary.findings) {
    const TraceDetector* const detector = FindTraceDetector(finding.detector);
    if (detector->category == "end") names.insert(std::string(detector->name));
  }
  return names;
}

TEST_CASE(
    "a run of an SDK that stopped at its limit is found and no success, an answered one not") {
  int limited = 0, answered = 0;
  for (const auto& entry : fs::directory_iterator(SourceDir() / "examples/emitters")) {
    if (!fs::exists(entry.path() / "truth.json")) continue;
    const std::string emitter = entry.path().filename().string();
    INFO(emitter);
    ScratchStore store;
    store.Ingest(entry.path().string());
    const json::value truth = TruthOf(entry.path());
    for (const json::value& run : truth.at("runs").as_array()) {
      const json::array& ids = run.at("trace_ids").as_array();
      if (ids.size() != 1) continue;
      const std::string outcome(run.at("outcome").as_string());
      INFO(std::string(run.at("scenario").as_string()));
      const auto reading = store.engine().ReadTrace({"", std::string(ids[0].as_string())});
      REQUIRE(reading.has_value());
      const TraceSummary& summary = reading->summary;
      if (outcome == "answered") {
        ++answered;
        CHECK(EndingsOf(summary).empty());
      } else if (outcome == "step_limit" && !kSilentAtLimit.contains(emitter)) {
        ++limited;
        // Where the SDK raised at its limit, that is an error.
        CHECK((!EndingsOf(summary).empty() || summary.failed_spans > 0));
        CHECK(summary.outcome != Outcome::kSuccess);
      }
    }
  }
  CHECK(limited >= 15);
  CHECK(answered >= 50);
}

}  // namespace
}  // namespace halo
