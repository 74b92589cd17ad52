// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <sstream>

#include "schemas/fence.h"
#include "schemas/get_expensive_spans.h"
#include "schemas/get_overview.h"
#include "schemas/json.h"
#include "schemas/list_failure_modes.h"
#include "server/report/markdown_report.h"

namespace halo {
namespace {

constexpr const char* kTitle = "look_up fails: <id> [x] * (y) `z` | {n} #1";

boost::json::object Answers(std::size_t modes) {
  wire::GetOverviewOutput overview;
  overview.headline = "10 traces; first: look_up fails";
  overview.dataset.traces = overview.dataset.runs = 10;
  overview.dataset.unit = "trace";
  overview.models = {{TraceName("small_model*"), 10, 20}};
  overview.health = {{"open_trace", "traces still running", TraceText("in_file.json", 200), 2}};
  wire::ListFailureModesOutput list;
  list.headline = "1 failure mode";
  for (std::size_t i = 0; i < modes; ++i) {
    wire::ModeRow& mode = list.modes.emplace_back();
    mode.id = "fm_0123456789ab";
    mode.title = kTitle;
    mode.signature = TraceText("no_such_key", 200);
    mode.quote = wire::Quote{TraceId("t_1"), TraceId("s_1"), TraceId("a.b"),
                             TraceText("say_it\nagain", 200), 0};
  }
  wire::GetExpensiveSpansOutput cost;
  cost.rows.emplace_back().name = TraceName("look_up");
  Fence fence("0a1b2c3d");
  return {{"overview", Write(overview, fence)},
          {"failure_modes", Write(list, fence)},
          {"cost", Write(cost, fence)},
          {"time", Write(cost, fence)}};
}

std::string Written(std::size_t modes, ReportForm form) {
  const Result<std::string> text = WriteReport(Answers(modes), form);
  if (!text) FAIL(text.error().message);
  return *text;
}

TEST_CASE("a report on a terminal is not escaped") {
  const std::string text = Written(1, ReportForm::kTerminal);
  INFO(text);
  CHECK(text.find('\\') == std::string::npos);
  CHECK(text.find(kTitle) != std::string::npos);
  CHECK(text.find("small_model*") != std::string::npos);
  CHECK(text.find("| ---") == std::string::npos);
  CHECK(text.find("\n# ") == std::string::npos);
}

TEST_CASE("a report in a file is markdown with escaped names") {
  const std::string text = Written(1, ReportForm::kMarkdown);
  INFO(text);
  CHECK(text.find("small\\_model\\*") != std::string::npos);
  CHECK(text.find(R"(look\_up fails: \<id\> \[x\] \* \(y\) \`z\` \| \{n\} \#1)") !=
        std::string::npos);
}

TEST_CASE("every column of a report's tables has a name") {
  for (const std::size_t modes : {0, 1, 2}) {
    const std::string text = Written(modes, ReportForm::kMarkdown);
    std::istringstream lines(text);
    std::string before;
    int tables = 0;
    for (std::string line; std::getline(lines, line); before = line) {
      if (!line.starts_with("| ---")) continue;
      ++tables;
      INFO(before);
      CHECK(before.find("| |") == std::string::npos);
      CHECK(before.find("|  |") == std::string::npos);
    }
    CHECK(tables == (modes == 0 ? 3 : 4));
    CHECK(text.find("()") == std::string::npos);
  }
}

}  // namespace
}  // namespace halo
