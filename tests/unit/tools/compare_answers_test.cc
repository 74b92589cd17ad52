// SPDX-License-Identifier: MIT
// What compare_traces says of sets of runs and of two runs.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/timed_runs.h"
#include "tests/support/tool_caller.h"

namespace halo {
namespace {

namespace json = boost::json;

json::value Ask(ToolCaller& caller, const json::value& arguments) {
  const Result<ToolAnswer> answer = caller.Call("compare_traces", arguments);
  if (!answer) FAIL(answer.error().message);
  return answer->structured;
}

std::string ErrorOf(ToolCaller& caller, const json::value& arguments) {
  const Result<ToolAnswer> answer = caller.Call("compare_traces", arguments);
  return answer ? std::string() : answer.error().message;
}

bool Holds(const json::value& text, std::string_view part) {
  return std::string_view(text.as_string()).find(part) != std::string_view::npos;
}

bool AnyHolds(const json::value& answer, std::string_view member, std::string_view part) {
  const json::value* list = answer.as_object().if_contains(member);
  if (list == nullptr) return false;
  for (const json::value& each : list->as_array()) {
    if (Holds(each, part)) return true;
  }
  return false;
}

// Searches, reads and answers.
std::vector<TimedStep> GoodSteps(int i) {
  const std::string q = R"({"q":")" + std::to_string(i) + "\"}";
  return {ModelStep(0, {{"search", q}}), ToolStep(1000, 500, "search", q, "hits"),
          ModelStep(2000, {{"read", q}}), ToolStep(3000, 500, "read", q, "page"),
          ModelStep(4000, {}, "Here it is.")};
}

// Searches twice for the same, and gives up.
std::vector<TimedStep> BadSteps(int i) {
  const std::string q = R"({"q":")" + std::to_string(i) + "\"}";
  return {ModelStep(0, {{"search", q}}), ToolStep(1000, 500, "search", q, "hits"),
          ModelStep(2000, {{"search", q}}), ToolStep(3000, 2500, "search", q, "hits"),
          ModelStep(6000, {}, "I'm sorry, I cannot find it.")};
}

std::string Id(const char* side, int i) { return std::string(side) + "-" + std::to_string(i); }

// `failed` bad runs and `good` good ones, with their outcomes.
void AddRuns(ToolCaller& caller, int failed, int good, bool labelled = true) {
  std::string lines;
  std::vector<Label> labels;
  const auto add = [&](const char* side, int i, std::vector<TimedStep> steps, const char* version,
                       Outcome outcome) {
    lines += TimedRun(Id(side, i), steps, {}, kFirstRunMs + i * 60'000, 0,
                      {{"attributes", {{"service.name", "desk"}, {"service.version", version}}}});
    labels.push_back({{"", Id(side, i)}, outcome});
  };
  for (int i = 0; i < failed; ++i) add("bad", i, BadSteps(i), "2", Outcome::kFailure);
  for (int i = 0; i < good; ++i) add("good", i, GoodSteps(i), "1", Outcome::kSuccess);
  caller.Ingest("runs.jsonl", lines);
  if (labelled) REQUIRE(caller.engine().PutLabels(labels).has_value());
}

TEST_CASE("failed runs are compared with successful ones by default") {
  ToolCaller caller;
  AddRuns(caller, 14, 16);
  const json::value out = Ask(caller, json::object());
  CHECK(out.at("a").at("runs").as_int64() == 14);
  CHECK(out.at("b").at("runs").as_int64() == 16);
  CHECK(out.at("comparable").as_bool());
  CHECK(out.as_object().if_contains("failures") == nullptr);  // the sides are the outcomes
  const json::array& rows = out.at("behaviours").as_array();
  REQUIRE(rows.size() >= 2);
  bool repeats = false, reads = false;
  for (const json::value& row : rows) {
    const json::value& rate = row.at("rate");
    if (Holds(row.at("what"), "read")) {
      reads = true;
      CHECK(rate.at("a_hits").as_int64() == 0);
      CHECK(rate.at("b_hits").as_int64() == 16);
      CHECK(rate.at("high").to_number<double>() < 0);
    }
    if (!Holds(row.at("what"), "search")) continue;
    repeats = true;
    CHECK(rate.at("q").to_number<double>() <= 0.05);
    CHECK(Holds(row.at("a_trace"), "bad-"));
    CHECK(Holds(row.at("b_trace"), "good-"));
  }
  CHECK(repeats);
  CHECK(reads);
  CHECK(AnyHolds(out, "next", R"(compare_traces {"traces":["bad-)"));
  bool slower = false;
  for (const json::value& amount : out.at("amounts").as_array()) {
    if (amount.at("what").as_string() != "ms") continue;
    CHECK(amount.at("a").as_int64() == 7000);
    CHECK(amount.at("b").as_int64() == 5000);
    // Fewer than 20 clusters a side: medians without an interval.
    CHECK(amount.as_object().if_contains("low") == nullptr);
    slower = true;
  }
  CHECK(slower);
}

TEST_CASE("with enough runs a side the ratio of times has an interval") {
  ToolCaller caller;
  AddRuns(caller, 24, 24);
  const json::value out = Ask(caller, {{"a", {{"version", "2"}}}, {"b", {{"version", "1"}}}});
  CHECK(out.at("failures").at("a_hits").as_int64() == 24);
  CHECK(out.at("failures").at("b_hits").as_int64() == 0);
  CHECK(out.at("failures").at("low").to_number<double>() > 0.5);
  for (const json::value& amount : out.at("amounts").as_array()) {
    if (amount.at("what").as_string() != "ms") continue;
    CHECK(amount.at("low").to_number<double>() == Approx(1.4));
    CHECK(amount.at("high").to_number<double>() == Approx(1.4));
  }
  for (const json::value& drift : out.at("drift").as_array()) {
    if (drift.at("what").as_string() != "version") continue;
    CHECK(drift.at("variation").to_number<double>() == 1);
    CHECK(drift.as_object().if_contains("limits") == nullptr);
  }
}

TEST_CASE("with too few outcomes it says so, and offers runs with and without an entry") {
  ToolCaller caller;
  AddRuns(caller, 8, 8, false);
  const json::value out = Ask(caller, json::object());
  CHECK(AnyHolds(out, "notes", "label_runs"));
  CHECK(out.at("behaviours").as_array().empty());
  ToolCaller failing;
  std::string lines;
  for (int i = 0; i < 16; ++i) {
    std::vector<TimedStep> steps = GoodSteps(i);
    if (i % 2 == 0) {
      steps[1].attributes["output.value"] = "Error: the index is not there";
      steps[1].attributes["tool_error"] = true;
    }
    lines += TimedRun(Id("run", i), steps, {}, kFirstRunMs + i * 60'000);
  }
  failing.Ingest("runs.jsonl", lines);
  std::vector<Label> one = {{{"", "run-0"}, Outcome::kFailure}};
  REQUIRE(failing.engine().PutLabels(one).has_value());
  const json::value few = Ask(failing, json::object());
  CHECK(Holds(few.at("headline"), "Too few outcomes"));
  REQUIRE(AnyHolds(few, "next", R"(compare_traces {"a":{"failure_mode":"fm_)"));
  const std::string call(few.at("next").at(0).as_string());
  const json::value with = Ask(failing, json::parse(call.substr(call.find('{'))));
  CHECK(with.at("a").at("runs").as_int64() == 8);
  CHECK(with.at("b").at("runs").as_int64() == 8);
}

TEST_CASE("sides that overlap, that are empty, and that cannot be read") {
  ToolCaller caller;
  AddRuns(caller, 6, 6);
  const json::value rest = Ask(caller, {{"a", {{"version", "2"}}}});
  CHECK(rest.at("a").at("runs").as_int64() == 6);
  CHECK(rest.at("b").at("runs").as_int64() == 6);
  const json::value both = Ask(caller, {{"a", {{"tool", "search"}}}, {"b", {{"tool", "read"}}}});
  CHECK(both.at("a").at("runs").as_int64() == 6);
  CHECK(both.at("b").at("runs").as_int64() == 0);
  CHECK(AnyHolds(both, "notes", "6 runs pass the filters of both sides"));
  const json::value none = Ask(caller, {{"a", {{"version", "7"}}}, {"b", {{"version", "8"}}}});
  CHECK(Holds(none.at("headline"), "Neither side"));
  CHECK(ErrorOf(caller, {{"b", {{"version", "1"}}}}).find("$.a") == 0);
  CHECK(ErrorOf(caller, {{"a", {{"vresion", "1"}}}}).find("version") != std::string::npos);
  CHECK(ErrorOf(caller, {{"a", {{"since", "yesterday"}}}}).find("$.a.since") != std::string::npos);
  CHECK(ErrorOf(caller, {{"filters", {{"outcome", "failure"}}}}).find("outcome") !=
        std::string::npos);
  // Values that are no texts arrive as they are.
  const json::value failed = Ask(caller, {{"a", {{"has_error", true}}}});
  CHECK(failed.at("a").at("runs").as_int64() == 0);
}

TEST_CASE("two traces stand side by side") {
  ToolCaller caller;
  AddRuns(caller, 2, 2);
  const json::value out = Ask(caller, {{"traces", {"bad-1", "good-1"}}});
  const json::array& turns = out.at("turns").as_array();
  REQUIRE(turns.size() == 4);
  CHECK(turns[0].at("match").as_string() == "same");
  CHECK(turns[0].at("name").as_string() == "search");
  CHECK(turns[1].at("match").as_string() == "only_a");
  CHECK(turns[2].at("match").as_string() == "only_b");
  CHECK(turns[2].at("name").as_string() == "read");
  CHECK(turns[3].at("kind").as_string() == "answer");
  CHECK(Holds(out.at("headline"), "first differ at call search (only_a)"));
  CHECK(ErrorOf(caller, {{"traces", {"bad-1"}}}).find("two traces") != std::string::npos);
  CHECK(ErrorOf(caller, {{"traces", {"bad-1", "no-such-run"}}}) != "");
}

}  // namespace
}  // namespace halo
