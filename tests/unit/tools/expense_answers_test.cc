// SPDX-License-Identifier: MIT
// What get_expensive_spans says by role, prompt, run and waste, and what it keeps out of the order.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/run_lines.h"
#include "tests/support/timed_runs.h"
#include "tests/support/tool_caller.h"

namespace halo {
namespace {

namespace json = boost::json;

json::object Ask(ToolCaller& caller, std::string_view tool, const json::value& arguments) {
  const Result<ToolAnswer> answer = caller.Call(tool, arguments);
  if (!answer) FAIL(answer.error().message);
  return answer->structured;
}
json::array Rows(ToolCaller& caller, const json::value& arguments) {
  return Ask(caller, "get_expensive_spans", arguments).at("rows").as_array();
}
std::string Name(const json::value& row) { return std::string(row.at("name").as_string()); }

// Three runs of two steps and an answer.
void IngestSteps(ToolCaller& caller) {
  std::string lines;
  for (int run = 0; run < 3; ++run) {
    RunLines one("run-" + std::to_string(run), run);
    one.Llm("You sell paint to the people of a small town.", "blue", "", {"search", "{}"})
        .Tool("search", "{}", "a tin")
        .Llm("You sell paint to the people of a small town.", "blue", "",
             {"search", R"({"page":2})"})
        .Tool("search", R"({"page":2})", "another tin")
        .Llm("You check what sellers of paint say.", "blue", "a tin");
    lines += one.Text("a tin");
  }
  caller.Ingest("runs.jsonl", lines);
}

TEST_CASE("model calls of one name are told apart by role") {
  ToolCaller caller;
  IngestSteps(caller);
  const json::array roles = Rows(caller, {{"by", "tokens"}, {"group", "role"}});
  REQUIRE(roles.size() == 2);
  CHECK(Name(roles[0]) == "step");
  CHECK(roles[0].at("calls") == 6);
  CHECK(roles[0].at("tokens") == 660);
  CHECK(roles[0].at("traces") == 3);
  CHECK(Name(roles[1]) == "final");
  CHECK(roles[1].at("calls") == 3);
  const json::array operations = Rows(caller, {{"by", "tokens"}});
  REQUIRE(operations.size() == 2);
  CHECK(operations[0].at("name") == "chat");
  CHECK(operations[0].at("role") == "step");
  CHECK(operations[1].at("name") == "chat");
  CHECK(operations[1].at("role") == "final");
  // The same numbers in SQL, over the spans and over their roll-ups.
  for (const char* sql :
       {"SELECT role, count(*), sum(input_tokens) FROM spans WHERE role IS NOT NULL GROUP BY role "
        "ORDER BY role",
        "SELECT role, sum(spans), sum(input_tokens) FROM operations WHERE role IS NOT NULL "
        "GROUP BY role ORDER BY role"}) {
    const json::object answer = Ask(caller, "query_sql", {{"sql", sql}});
    CHECK(json::serialize(answer.at("rows")) == R"([["final",3,300],["step",6,600]])");
  }
}

TEST_CASE("model calls are grouped by how their prompt begins, which is shown") {
  ToolCaller caller;
  IngestSteps(caller);
  const json::array rows = Rows(caller, {{"by", "tokens"}, {"group", "prompt"}});
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].at("calls") == 6);
  CHECK(rows[0].at("prompt").as_string().find("You sell paint to the people of a small town.") !=
        json::string::npos);
  CHECK(rows[1].at("prompt").as_string().find("You check what sellers") != json::string::npos);
  const json::object hashes =
      Ask(caller, "query_sql",
          {{"sql", "SELECT DISTINCT prompt_hash FROM spans WHERE prompt_hash IS NOT NULL"}});
  CHECK(hashes.at("rows").as_array().size() == 2);
}

TEST_CASE("neither a wrapper nor a stall heads a list by latency") {
  ToolCaller caller;
  std::string lines;
  for (int run = 0; run < 12; ++run) {
    const std::string id = std::to_string(run);
    // The chain holds all; one call in twelve hangs for half an hour.
    const std::int64_t fetch_ms = run == 7 ? 1'800'000 : 2000;
    const std::vector<TimedStep> steps = {
        {"CHAIN", "graph", {}, 0, 20'000 + fetch_ms},
        ModelStep(0, {{"fetch", "{}"}}),
        ToolStep(1000, fetch_ms, "fetch", R"({"n":)" + id + "}"),
        ModelStep(1000 + fetch_ms, {{"build", "{}"}}),
        ToolStep(2000 + fetch_ms, 15'000, "build", R"({"n":)" + id + "}"),
        ModelStep(17'000 + fetch_ms, {}, "done")};
    // The steps lie in the chain.
    std::string text = TimedRun("run-" + id, steps, {}, kFirstRunMs + run * 3'600'000);
    const std::string parent = "\"parent_span_id\":\"run-" + id + "0\"";
    std::size_t at = text.find(parent);
    for (at = text.find(parent, at + 1); at != text.npos; at = text.find(parent, at + 1)) {
      text.replace(at, parent.size(), "\"parent_span_id\":\"run-" + id + "1\"");
    }
    lines += text;
  }
  caller.Ingest("runs.jsonl", lines);
  const json::object answer = Ask(caller, "get_expensive_spans", {{"by", "latency"}});
  const json::array& rows = answer.at("rows").as_array();
  CHECK(Name(rows.at(0)) == "build");
  CHECK(rows.at(0).at("self_ms") == 12 * 15'000);
  for (const json::value& row : rows) {
    if (Name(row) != "fetch") continue;
    CHECK(row.at("stalls") == 1);
    CHECK(row.at("max_ms") == 1'800'000);
    CHECK(row.at("p95_ms") == 1'800'000);
    CHECK(row.at("p50_ms") == 2000);
  }
  bool said = false;
  for (const json::value& note : answer.at("notes").as_array()) {
    said = said || note.as_string().find("1 stalled call") != json::string::npos;
  }
  CHECK(said);
  for (const char* group : {"tool", "span"}) {
    const json::array first = Rows(caller, {{"by", "latency"}, {"group", group}});
    CHECK(Name(first.at(0)) == "build");
    for (const json::value& row : first) {
      CHECK((Name(row) != "fetch" || group == std::string("tool") ||
             row.at("total_ms").as_int64() < 60'000));
    }
  }
  // Of the runs, the one with the stall is as long as any other.
  const json::array runs = Rows(caller, {{"by", "latency"}, {"group", "trace"}, {"limit", 12}});
  REQUIRE(runs.size() == 12);
  CHECK(runs[0].at("trace_id") != "run-7");
  CHECK(runs[0].at("total_ms") == 22'000);
  // By critical path it counts: that is what held up the end of the run.
  CHECK(Name(Rows(caller, {{"by", "critical_path"}}).at(0)) == "fetch");
}

TEST_CASE("runs are added up by session and by task") {
  ToolCaller caller;
  std::string lines;
  for (int run = 0; run < 4; ++run) {
    TimedStep step = ModelStep(0, {}, "done");
    step.attributes["llm.input_messages.0.message.role"] = "user";
    step.attributes["llm.input_messages.0.message.content"] =
        run % 2 == 0 ? "paint the fence" : "paint the wall";
    lines += TimedRun("run-" + std::to_string(run), {step},
                      {{"session.id", run < 3 ? "monday" : "tuesday"}}, kFirstRunMs + run * 60'000);
  }
  lines += TimedRun("alone", {ModelStep(0, {}, "done")}, {}, kFirstRunMs + 600'000);
  caller.Ingest("runs.jsonl", lines);
  const json::array sessions = Rows(caller, {{"by", "tokens"}, {"group", "session"}});
  REQUIRE(sessions.size() == 3);
  CHECK(Name(sessions[0]) == "monday");
  CHECK(sessions[0].at("traces") == 3);
  CHECK(sessions[0].at("tokens") == 3300);
  CHECK(sessions[0].at("total_ms") == 3000);
  CHECK(sessions[0].at("p50_ms") == 1000);
  double share = 0;
  bool unnamed = false;
  for (const json::value& row : sessions) {
    share += row.at("share").as_double();
    unnamed = unnamed || Name(row) == "no session named";
  }
  CHECK(share == Approx(1));
  CHECK(unnamed);
  const json::array tasks = Rows(caller, {{"by", "cost"}, {"group", "task"}});
  REQUIRE(tasks.size() == 3);
  CHECK(tasks[0].at("traces") == 2);
  CHECK(tasks[0].at("micro_usd") == tasks[1].at("micro_usd"));
}

TEST_CASE("waste is ranked, for operations and for runs") {
  ToolCaller caller;
  std::string lines;
  for (int run = 0; run < 6; ++run) {
    RunLines one("run-" + std::to_string(run), run);
    one.Llm("You sell paint.", "blue", "", {"search", "{}"});
    if (run < 5) {
      for (int i = 0; i < 4; ++i) {
        one.Tool("search", R"({"q":"blue"})", {}, "index not found")
            .Llm("You sell paint.", "blue", "", {"search", R"({"q":"blue"})"});
      }
    }
    one.Tool("search", R"({"q":"red"})", "a tin").Llm("You sell paint.", "blue", "a tin");
    lines += one.Text("a tin");
  }
  caller.Ingest("runs.jsonl", lines);
  const json::array operations = Rows(caller, {{"by", "waste"}});
  REQUIRE(!operations.empty());
  CHECK(operations[0].at("name") == "chat");
  CHECK(operations[0].at("role") == "step");
  CHECK(operations[0].at("wasted").at("tokens").as_int64() > 0);
  const json::array runs = Rows(caller, {{"by", "waste"}, {"group", "trace"}});
  CHECK(runs.size() == 5);
  std::int64_t of_runs = 0, of_operations = 0;
  for (const json::value& row : runs) of_runs += row.at("wasted").at("tokens").as_int64();
  for (const json::value& row : operations) {
    of_operations += row.at("wasted").at("tokens").as_int64();
  }
  CHECK(of_runs == of_operations);
  // What single spans wasted is not kept, and that is said.
  const json::object spans =
      Ask(caller, "get_expensive_spans", {{"by", "waste"}, {"group", "span"}});
  CHECK(spans.at("rows") == operations);
  CHECK(spans.at("notes").at(0).as_string().find("not for single spans") != json::string::npos);
}

TEST_CASE("percentiles of ten thousand calls are exact") {
  ToolCaller caller;
  std::string lines;
  std::vector<TimedStep> steps;
  // 1 ms to 1000 ms, in another order; ten runs of a thousand calls.
  for (int i = 0; i < 1000; ++i) {
    steps.push_back(ToolStep(i * 1000, i * 7 % 1000 + 1, "fetch", std::to_string(i)));
  }
  for (int run = 0; run < 10; ++run) {
    lines += TimedRun("run-" + std::to_string(run), steps, {}, kFirstRunMs + run * 3'600'000);
  }
  caller.Ingest("runs.jsonl", lines);
  const json::array rows = Rows(caller, {{"by", "latency"}, {"group", "tool"}});
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].at("calls") == 10'000);
  CHECK(rows[0].at("p50_ms") == 500);
  CHECK(rows[0].at("p95_ms") == 950);
  CHECK(rows[0].at("max_ms") == 1000);
}

}  // namespace
}  // namespace halo
