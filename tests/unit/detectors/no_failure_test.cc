// SPDX-License-Identifier: MIT
// What looks like a failure and is none, by all detectors together: each case beside a twin that
// differs in one point and is a failure. failure_marks_test has the error texts that an emitter
// copies onto later spans, control_flow_test the other exceptions of control flow.
#include <string>
#include <vector>

#include "engine/analysis/analyse_trace.h"
#include "tests/unit/detectors/found_in.h"

namespace halo {
namespace {

const std::string kTask = Says("user", "Book the transport of tour 7.");
const std::string kBook = R"({"tour":"7"})";
const std::string kAsk = Asks("k1", "book", kBook);
const std::string kDone = Says("assistant", "It is booked.");

std::string NamesOf(const std::vector<Row>& rows) {
  Written written;
  const TraceSummary summary = AnalyseTrace(written.Of(rows));
  std::string names;
  for (const StoredFinding& finding : summary.findings) {
    names += (names.empty() ? "" : " ") + std::string(FindTraceDetector(finding.detector)->name);
  }
  return names;
}

// A call that ends with `error`, after which the run goes on or not.
std::vector<Row> Raises(const std::string& error, bool goes_on = true) {
  std::vector<Row> rows = {Agent("agent"), Chat("c1", List({kTask}), List({kAsk})),
                           Tool("t1", "book", "k1", kBook, "", error)};
  if (goes_on) rows.push_back(Chat("c2", List({kTask, kAsk, Told("k1", "ok")}), List({kDone})));
  return rows;
}

TEST_CASE("no failure: exceptions of control flow where the run goes on") {
  for (const char* const error :
       {"GraphInterrupt", "NodeInterrupt", "ParentCommand", "GeneratorExit", "StopIteration"}) {
    INFO(error);
    CHECK(NamesOf(Raises(error)).empty());
  }
  CHECK(NamesOf(Raises("The booking was interrupted by a timeout")) == "error_cluster");
}

TEST_CASE("no failure: a tool that ends the run, or whose result is returned") {
  const auto ends_on = [](const std::string& tool, const std::string& returns) {
    std::vector<Row> rows = {
        returns.empty() ? Agent("agent") : Returns(returns),
        Chat("c1", List({kTask}), List({Asks("k1", tool, R"({"text":"Booked."})")})),
        Tool("t1", tool, "k1", R"({"text":"Booked."})", "Tour seven was booked for Friday.")};
    return NamesOf(rows);
  };
  CHECK(ends_on("attempt_completion", "").empty());
  CHECK(ends_on("final_answer", "").empty());
  CHECK(ends_on("book", "Tour seven was booked for Friday.").empty());
  CHECK(ends_on("book", "") == "unfinished");
}

TEST_CASE("no failure: masked values are neither equal nor invalid") {
  const auto repeats = [](const std::string& arguments, const std::string& result) {
    std::vector<Row> rows = {Agent("agent")};
    for (int i = 0; i < 6; ++i) {
      const std::string n = std::to_string(i);
      const std::string ask = Asks("k" + n, "book", "\"" + arguments + "\"");
      rows.push_back(Chat("c" + n, List({kTask}), List({ask})));
      rows.push_back(Tool("t" + n, "book", "k" + n, arguments, result));
    }
    rows.push_back(Chat("end", List({kTask}), List({kDone})));
    return NamesOf(rows);
  };
  for (const char* const mask : {"[REDACTED]", "__REDACTED__", "***"}) {
    INFO(mask);
    CHECK(repeats(mask, mask).empty());
  }
  CHECK(repeats("{}", "still waiting for the carrier") == "exact_repeat");
}

TEST_CASE("no failure: a hosted server's tools have no names, so none is missing") {
  const auto offers = [](const std::string& tool) {
    std::vector<Row> rows = {Agent("agent"), Chat("c1", List({kTask}), List({kAsk})),
                             Tool("t1", "book", "k1", kBook, "", "the carrier is closed"),
                             Chat("c2", List({kTask, kAsk, Told("k1", "no")}), List({kDone}))};
    rows[1].attributes.emplace_back("gen_ai.tool.definitions", "[" + tool + "]");
    return NamesOf(rows);
  };
  CHECK(offers(R"({"type":"mcp","server_url":"https://tools.example"})") == "error_cluster");
  CHECK(offers(R"({"type":"function","name":"cancel"})") == "error_cluster invalid_call");
}

}  // namespace
}  // namespace halo
