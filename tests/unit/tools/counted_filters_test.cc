// SPDX-License-Identifier: MIT
// Filters that are negated or counted.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "tests/support/run_lines.h"
#include "tests/support/tool_caller.h"

namespace halo {
namespace {

namespace json = boost::json;

TEST_CASE("filters are negated and counted, in every tool that takes filters") {
  ToolCaller caller;
  std::string lines;
  for (int calls = 0; calls < 4; ++calls) {
    RunLines run("calls" + std::to_string(calls), calls, calls == 3 ? "closer" : "seller");
    for (int i = 0; i < calls; ++i) run.Tool("search", "{}", "hay");
    if (calls == 2) run.Tool("refund", "{}", "done");
    run.Llm("x", "y", "z");
    lines += run.Text("z");
  }
  // A call that the model asked for, of which there is no span.
  RunLines asked("asked", 4);
  asked.Llm("x", "y", "", {"refund", "{}"}).Llm("x", "y", "z");
  lines += asked.Text("z");
  caller.Ingest("runs.jsonl", lines);
  const auto runs = [&](const json::object& filters) {
    const Result<ToolAnswer> answer = caller.Call("search_traces", {{"filters", filters}});
    if (!answer) FAIL(answer.error().message);
    // Other tools count the same traces.
    const Result<ToolAnswer> overview = caller.Call("get_overview", {{"filters", filters}});
    REQUIRE(overview.has_value());
    const json::value* dataset = overview->structured.if_contains("dataset");
    REQUIRE(dataset);
    CHECK(dataset->at("traces") == answer->structured.at("passed_filters"));
    std::set<std::string> found;
    for (const json::value& row : answer->structured.at("traces").as_array()) {
      found.emplace(row.at("trace_id").as_string());
    }
    return found;
  };
  using Set = std::set<std::string>;
  CHECK(runs({{"not_tool", "search"}}) == Set{"calls0", "asked"});
  CHECK(runs({{"not_tool", "refund"}}) == Set{"calls0", "calls1", "calls3"});
  CHECK(runs({{"tool", "refund"}}) == Set{"calls2", "asked"});
  CHECK(runs({{"not_tool", "no_such_tool"}}).size() == 5);
  CHECK(runs({{"not_agent", "closer"}}) == Set{"calls0", "calls1", "calls2", "asked"});
  CHECK(runs({{"max_calls", 0}}) == Set{"calls0"});
  CHECK(runs({{"min_calls", 3}}) == Set{"calls2", "calls3"});
  CHECK(runs({{"tool", "search"}, {"min_calls", 2}}) == Set{"calls2", "calls3"});
  CHECK(runs({{"tool", "search"}, {"max_calls", 2}}) == Set{"calls1", "calls2"});
  CHECK(runs({{"ends_with_tool", "refund"}}) == Set{"calls2", "asked"});
  CHECK(runs({{"ends_with_tool", "search"}}) == Set{"calls1", "calls3"});
  CHECK(runs({{"trace_id", "calls3"}}) == Set{"calls3"});
  CHECK(runs({{"trace_id", "calls"}}) == Set{"calls0", "calls1", "calls2", "calls3"});
  for (const json::object& wrong : {json::object{{"min_calls", 2}, {"max_calls", 1}},
                                    json::object{{"tool", "search"}, {"not_tool", "search"}}}) {
    CHECK_FALSE(caller.Call("search_traces", {{"filters", wrong}}).has_value());
  }
}

}  // namespace
}  // namespace halo
