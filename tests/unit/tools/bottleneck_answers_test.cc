// SPDX-License-Identifier: MIT
// What list_bottlenecks says of slow runs.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/timed_runs.h"
#include "tests/support/tool_caller.h"

namespace halo {
namespace {

namespace json = boost::json;

json::value Ask(ToolCaller& caller) {
  const Result<ToolAnswer> answer = caller.Call("list_bottlenecks", json::object());
  if (!answer) FAIL(answer.error().message);
  return answer->structured;
}

std::string Arguments(int i) { return R"({"id":)" + std::to_string(i) + "}"; }

const json::object* Find(const json::value& list, std::string_view member, std::string_view value) {
  for (const json::value& row : list.as_array()) {
    if (row.at(member).as_string() == value) return &row.as_object();
  }
  return nullptr;
}

TEST_CASE("calls asked for together that ran one after another") {
  ToolCaller caller;
  std::string lines;
  for (int run = 0; run < 3; ++run) {
    const std::vector<TimedStep> serial = {
        ModelStep(0, {{"fetch", Arguments(1)}, {"fetch", Arguments(2)}, {"fetch", Arguments(3)}}),
        ToolStep(1000, 1000, "fetch", Arguments(1)), ToolStep(2000, 3000, "fetch", Arguments(2)),
        ToolStep(5000, 1000, "fetch", Arguments(3)), ModelStep(6000, {}, "done")};
    lines += TimedRun("serial-" + std::to_string(run), serial, {}, kFirstRunMs + run * 60'000);
    std::vector<TimedStep> parallel = serial;
    for (int i = 1; i <= 3; ++i) parallel[static_cast<std::size_t>(i)].start_ms = 1000;
    lines += TimedRun("parallel-" + std::to_string(run), parallel, {}, kFirstRunMs + run * 60'000);
  }
  caller.Ingest("runs.jsonl", lines);
  const json::value out = Ask(caller);
  REQUIRE(out.at("patterns").as_array().size() >= 1);
  const json::object* row = Find(out.at("patterns"), "kind", "serial_calls");
  REQUIRE(row != nullptr);
  CHECK(row->at("name").as_string() == "fetch");
  CHECK(row->at("traces").as_int64() == 3);
  CHECK(row->at("count").as_int64() == 9);
  CHECK(row->at("ms").as_int64() == 6000);  // of 5 s in each run, 3 s are needed
  const json::object* fetch = Find(out.at("operations"), "name", "fetch");
  REQUIRE(fetch != nullptr);
  // Serial: 5 s a run. Parallel: 3 s a run on the path, of which leaving out the longest call saves
  // 2 s, since the others take 1 s.
  CHECK(fetch->at("critical_ms").as_int64() == 3 * 5000 + 3 * 3000);
  CHECK(fetch->at("drag_ms").as_int64() == 3 * 5000 + 3 * 2000);
  CHECK(fetch->at("self_ms").as_int64() == 6 * 5000);
}

TEST_CASE("one call after another for each item, and gaps") {
  ToolCaller caller;
  std::vector<TimedStep> steps = {ModelStep(0, {{"list", "{}"}}),
                                  ToolStep(1000, 500, "list", "{}")};
  for (int i = 0; i < 6; ++i) {
    steps.push_back(ModelStep(2000 + i * 2000, {{"get", Arguments(i)}}));
    steps.push_back(ToolStep(3000 + i * 2000, 1000, "get", Arguments(i)));
  }
  steps.push_back(ModelStep(24'000, {}, "done"));  // the last call ended at 14 s
  caller.Ingest("runs.jsonl", TimedRun("run-1", steps));
  const json::value out = Ask(caller);
  const json::object* row = Find(out.at("patterns"), "kind", "one_by_one");
  REQUIRE(row != nullptr);
  CHECK(row->at("name").as_string() == "get");
  CHECK(row->at("count").as_int64() == 6);
  CHECK(row->at("ms").as_int64() == 5000);
  const json::object* gap = Find(out.at("patterns"), "kind", "gap");
  REQUIRE(gap != nullptr);
  CHECK(gap->at("name").as_string() == "get");
  CHECK(gap->at("after").as_string() == "chat");
  CHECK(gap->at("ms").as_int64() == 10'000);
}

TEST_CASE("four calls are no pattern, and neither are repeats of one") {
  ToolCaller caller;
  std::vector<TimedStep> steps;
  for (int i = 0; i < 4; ++i) steps.push_back(ToolStep(i * 1000, 1000, "get", Arguments(i)));
  std::vector<TimedStep> same;
  for (int i = 0; i < 8; ++i) same.push_back(ToolStep(i * 1000, 1000, "poll", Arguments(1)));
  caller.Ingest("runs.jsonl", TimedRun("run-1", steps) + TimedRun("run-2", same));
  CHECK(Ask(caller).at("patterns").as_array().empty());
}

TEST_CASE("stalls of several runs at one time are one outage") {
  ToolCaller caller;
  std::string lines;
  for (int run = 0; run < 20; ++run) {
    // Every run at another hour; the last two at the same.
    const std::int64_t at_ms = kFirstRunMs + std::min(run, 18) * 3'600'000;
    const std::int64_t length_ms = run >= 17 ? 90'000 + run * 1000 : 1000;
    lines += TimedRun("run-" + std::to_string(run),
                      {ModelStep(0, {{"fetch", Arguments(run)}}),
                       ToolStep(1000, length_ms, "fetch", Arguments(run))},
                      {}, at_ms);
  }
  caller.Ingest("runs.jsonl", lines);
  const json::value out = Ask(caller);
  const json::array& stalls = out.at("stalls").as_array();
  REQUIRE(stalls.size() == 2);
  CHECK(stalls[0].at("outage").as_bool());
  CHECK(stalls[0].at("calls").as_int64() == 2);
  CHECK(stalls[0].at("traces").as_int64() == 2);
  CHECK(stalls[0].at("longest_ms").as_int64() == 109'000);
  CHECK(stalls[0].at("trace_id").as_string() == "run-19");
  CHECK(stalls[0].at("names").as_array().size() == 1);
  CHECK(stalls[1].as_object().if_contains("outage") == nullptr);
  CHECK(stalls[1].at("calls").as_int64() == 1);
}

TEST_CASE("runs without times say that nothing is known") {
  ToolCaller caller;
  caller.Ingest("chat.jsonl", R"({"messages":[{"role":"user","content":"hi"},)"
                              R"({"role":"assistant","content":"hello"}]})"
                              "\n");
  const json::value out = Ask(caller);
  CHECK(out.at("operations").as_array().empty());
  CHECK(out.at("total").at("timed_traces").as_int64() == 0);
  CHECK(out.at("next").at(0).as_string() == R"(get_expensive_spans {"by":"tokens"})");
}

}  // namespace
}  // namespace halo
