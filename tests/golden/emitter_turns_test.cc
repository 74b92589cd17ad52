// SPDX-License-Identifier: MIT
// Each call that the model of a recorded run asked for has its turn, whether or not the SDK wrote a
// span for it. examples/emitters/*/truth.json says which calls there were.
#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/base/hash.h"
#include "engine/json/canonical_json.h"
#include "tests/support/dump_turns.h"
#include "tests/support/source_dir.h"
#include "tests/unit/importers/read_facts.h"

namespace halo {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// Clients of MCP put the server's name before a tool's.
std::string PlainToolName(std::string_view name) {
  const std::size_t at = name.starts_with("mcp__") ? name.find("__", 5) : name.npos;
  return std::string(at == name.npos ? name : name.substr(at + 2));
}

// The turns of one tool.
struct Count {
  int turns = 0;
  int asked = 0;   // the asking call is known
  int called = 0;  // it is known to hold the call
  int seen = 0;    // the result was found in a prompt
  int failed = 0;
  int no_span = 0;
  int failed_no_span = 0;
};

struct Found {
  std::map<std::string, Count> tools;
  std::string dump;
};

Found TurnsOf(const fs::path& folder) {
  ScratchStore store;
  for (const char* const name :
       {"traces.jsonl", "traces.jsonl.gz", "logs.jsonl", "logs.jsonl.gz"}) {
    if (fs::exists(folder / name)) store.Ingest((folder / name).string());
  }
  Found found;
  const auto page = store.engine().Traces(Question{}, TraceSort::kNewest, 1000, {});
  REQUIRE(page.has_value());
  for (const TraceRow& row : page->rows) {
    const auto reading = store.engine().ReadTrace(row.key);
    REQUIRE(reading.has_value());
    const Trace& trace = reading->trace;
    found.dump += DumpTurns(trace) + "\n";
    for (const Turn& turn : trace.turns.all) {
      Count& count = found.tools[PlainToolName(trace.Text(turn.tool))];
      ++count.turns;
      count.asked += turn.asked_by != -1;
      count.called += turn.call != -1;
      count.seen += turn.result != 0;
      count.failed += turn.failed;
      count.no_span += turn.kind == ActionKind::kNoSpan;
      count.failed_no_span += turn.kind == ActionKind::kNoSpan && turn.failed;
    }
  }
  return found;
}

// One span for a run, or nothing that tells which calls a model asked for.
const std::set<std::string> kNoTurns = {"codex", "langsmith-langgraph", "voltagent"};
// The answers of the model are recorded without their calls.
const std::set<std::string> kNoCalls = {"claude-code", "claude-code-logs", "mastra", "strands"};
// A call whose arguments are refused has no span.
const std::set<std::string> kRefusedWithoutSpan = {"ai",
                                                   "ai-4",
                                                   "ai-5",
                                                   "ai-5-anthropic",
                                                   "ai-5-stream",
                                                   "ai-6-anthropic",
                                                   "ai-7-legacy",
                                                   "genkit",
                                                   "openinference-langgraph",
                                                   "openinference-vercel"};
// And the next prompt says so in a form that is known.
const std::set<std::string> kFailureIsRead = {"ai",
                                              "ai-5",
                                              "ai-5-anthropic",
                                              "ai-5-stream",
                                              "ai-6-anthropic",
                                              "ai-7-legacy",
                                              "openinference-langgraph",
                                              "openinference-vercel"};

struct Truth {
  int ran = 0, refused = 0;
};

std::map<std::string, Truth> CallsIn(const fs::path& folder) {
  std::ifstream in(folder / "truth.json", std::ios::binary);
  const json::value truth = json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
  std::map<std::string, Truth> calls;
  for (const json::value& run : truth.at("runs").as_array()) {
    for (const json::value& call : run.at("tool_calls").as_array()) {
      Truth& tool = calls[std::string(call.at("name").as_string())];
      ++(call.at("ran").as_bool() ? tool.ran : tool.refused);
    }
  }
  return calls;
}

}  // namespace

TEST_CASE("each call of a recorded run has its turn") {
  int folders = 0;
  for (const auto& entry : fs::directory_iterator(SourceDir() / "examples" / "emitters")) {
    if (!fs::exists(entry.path() / "truth.json")) continue;
    ++folders;
    const std::string name = entry.path().filename().string();
    Found found = TurnsOf(entry.path());
    for (const auto& [tool, truth] : CallsIn(entry.path())) {
      const Count& count = found.tools[PlainToolName(tool)];
      INFO(name << ' ' << tool << '\n' << found.dump);
      if (kNoTurns.count(name) > 0) {
        CHECK(count.called == 0);
        continue;
      }
      CHECK(count.turns == truth.ran + truth.refused);
      CHECK(count.asked == count.turns);
      if (kNoCalls.count(name) == 0) CHECK(count.called == count.turns);
      if (kRefusedWithoutSpan.count(name) > 0) CHECK(count.no_span == truth.refused);
      if (kFailureIsRead.count(name) > 0) CHECK(count.failed_no_span == truth.refused);
    }
  }
  CHECK(folders >= 25);
}

}  // namespace halo
