// SPDX-License-Identifier: MIT
// What the tools report about a run's answer, times and end, and about open runs.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/tool_caller.h"

namespace halo {
namespace {

namespace json = boost::json;

constexpr std::int64_t kStartMs = 1'764'100'000'000;  // 2025-11-25T19:46:40Z

struct Step {
  const char* kind;
  const char* name;
  json::object attributes;
  std::int64_t start_ms = 0, length_ms = 1000;
};

// HALO lines of one run with times in milliseconds: the root, then a step every second.
std::string RunLines(const std::string& trace, json::object root_attributes,
                     std::vector<Step> steps, std::int64_t at_ms = kStartMs, bool ended = true) {
  std::string out;
  const auto add = [&](const std::string& id, const char* parent, const char* name,
                       const char* kind, json::object attributes, std::int64_t start_ms,
                       std::int64_t end_ms) {
    attributes["openinference.span.kind"] = kind;
    json::object line{
        {"trace_id", trace},         {"span_id", trace + id}, {"name", name},
        {"start_time", start_ms},    {"end_time", end_ms},    {"attributes", std::move(attributes)},
        {"resource", json::object()}};
    if (*parent != '\0') line["parent_span_id"] = trace + parent;
    out.append(json::serialize(line)).append("\n");
  };
  const auto count = static_cast<std::int64_t>(steps.size());
  add("0", "", "agent", "AGENT", std::move(root_attributes), at_ms,
      ended ? at_ms + 1000 * (count + 1) : 0);
  for (std::int64_t i = 0; i < count; ++i) {
    Step& step = steps[static_cast<std::size_t>(i)];
    const std::int64_t start_ms = at_ms + 1000 * i;
    add(std::to_string(i + 1), "0", step.name, step.kind, std::move(step.attributes), start_ms,
        start_ms + step.length_ms);
  }
  return out;
}

Step Says(const char* text) {
  return {"LLM",
          "chat",
          {{"llm.model_name", "gpt-4o"},
           {"llm.token_count.prompt", 1000},
           {"llm.token_count.completion", 100},
           {"llm.output_messages.0.message.role", "assistant"},
           {"llm.output_messages.0.message.content", text}}};
}

Step AsksFor(const char* tool, const char* text = "") {
  Step step = Says(text);
  const std::string call = "llm.output_messages.0.message.tool_calls.0.tool_call.";
  step.attributes[call + "id"] = "c1";
  step.attributes[call + "function.name"] = tool;
  step.attributes[call + "function.arguments"] = R"({"title":"the arguments"})";
  return step;
}

Step Calls(const char* tool, const char* result) {
  return {"TOOL",
          tool,
          {{"tool.name", tool},
           {"input.value", R"({"title":"the arguments"})"},
           {"output.value", result}}};
}

json::value Ask(ToolCaller& caller, std::string_view tool, const json::value& arguments) {
  const Result<ToolAnswer> answer = caller.Call(tool, arguments);
  if (!answer) FAIL(answer.error().message);
  return answer->structured;
}

TEST_CASE("explain_trace.answered is the run's answer, never a call's arguments") {
  Step direct = Calls("make_report", "the result");
  direct.attributes["tool.return_direct"] = true;
  const struct {
    const char* what;
    json::object root;
    std::vector<Step> steps;
    const char* answered;  // null: no answer
  } rows[] = {
      {"the model has the last word",
       {{"output.value", "the root"}},
       {AsksFor("search"), Calls("search", "3 hits"), Says("the text")},
       "the text"},
      {"the root holds the tool's result",
       {{"output.value", "the root"}},
       {AsksFor("make_report"), Calls("make_report", "the root")},
       "the root"},
      {"a tool returns directly", {}, {AsksFor("make_report"), direct}, "the result"},
      {"nothing answers", {}, {AsksFor("search"), Calls("search", "3 hits")}, nullptr},
      {"the model announces a call", {}, {AsksFor("search", "I will look")}, nullptr},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    ToolCaller caller;
    caller.Ingest("a.jsonl", RunLines("trace-1", row.root, row.steps));
    const json::value out = Ask(caller, "explain_trace", {{"trace_id", "trace-1"}});
    const json::value* answered = out.as_object().if_contains("answered");
    CHECK((answered != nullptr) == (row.answered != nullptr));
    if (!answered || !row.answered) continue;
    const std::string told(answered->at("text").as_string());
    CHECK(told.find(row.answered) != std::string::npos);
    CHECK(told.find("arguments") == std::string::npos);
  }
}

TEST_CASE("runs with times in milliseconds have the right date and duration") {
  ToolCaller caller;
  caller.Ingest("a.jsonl", RunLines("trace-1", {}, {Says("a"), Says("b")}));
  const json::value overview = Ask(caller, "get_overview", json::object());
  CHECK(overview.at("dataset").at("first").as_string() == "2025-11-25T19:46:40Z");
  CHECK(overview.at("dataset").at("last").as_string() == "2025-11-25T19:46:43Z");
  const json::value told = Ask(caller, "explain_trace", {{"trace_id", "trace-1"}});
  CHECK(told.at("trace").at("duration_ms").as_int64() == 3000);
  const json::value slow = Ask(caller, "get_expensive_spans", {{"by", "latency"}});
  bool seen = false;
  for (const json::value& row : slow.at("rows").as_array()) {
    if (row.at("kind").as_string() != "LLM") continue;
    seen = true;
    CHECK(row.at("p50_ms").as_int64() == 1000);
    CHECK(row.at("max_ms").as_int64() == 1000);
  }
  CHECK(seen);
}

TEST_CASE("implausible times are counted and give no duration") {
  ToolCaller caller;
  const std::string lines = RunLines("trace-1", {}, {Says("a")}, 5000);
  REQUIRE(caller.engine().IngestBytes("a.jsonl", lines, {}).has_value());
  const json::value overview = Ask(caller, "get_overview", json::object());
  CHECK_FALSE(overview.at("dataset").as_object().contains("open_traces"));
  CHECK_FALSE(overview.at("dataset").as_object().contains("first"));
  bool counted = false;
  for (const json::value& issue : overview.at("health").as_array()) {
    if (issue.at("issue").as_string() != "implausible_time") continue;
    counted = true;
    CHECK(issue.at("count").as_int64() == 4);
  }
  CHECK(counted);
  const json::value told = Ask(caller, "explain_trace", {{"trace_id", "trace-1"}});
  CHECK_FALSE(told.at("trace").as_object().contains("duration_ms"));
  CHECK(told.at("headline").as_string().find("unknown length") != json::string::npos);
}

TEST_CASE("open runs are shown separately from settled ones, with their own cost") {
  ToolCaller caller;
  caller.Ingest("a.jsonl", RunLines("trace-1", {}, {Says("a")}));
  IngestOptions growing;
  growing.growing = true;
  REQUIRE(caller.engine()
              .IngestBytes("b.jsonl", RunLines("trace-2", {}, {Says("a"), Says("b")}), growing)
              .has_value());
  const json::value out = Ask(caller, "get_overview", json::object());
  CHECK(out.at("dataset").at("traces").as_int64() == 2);
  CHECK(out.at("dataset").at("runs").as_int64() == 1);
  CHECK(out.at("dataset").at("open_traces").as_int64() == 1);
  CHECK(out.at("open").at("traces").as_int64() == 1);
  const std::int64_t one = out.at("cost").at("micro_usd").as_int64();
  CHECK(one > 0);
  CHECK(out.at("open").at("micro_usd").as_int64() == 2 * one);
  CHECK(out.at("tokens").at("total").as_int64() == 1100);
  CHECK(out.at("open").at("tokens").as_int64() == 2200);
  CHECK(out.at("headline").as_string().find("1 trace still open") != json::string::npos);
}

TEST_CASE("parts of a timeline have exact bounds") {
  ToolCaller caller;
  std::string lines;
  for (int run = 0; run < 9; ++run) {
    Step fails = Calls("search", "Error: no such index");
    lines += RunLines("trace-" + std::to_string(run), {}, {AsksFor("search"), fails, Says("a")},
                      kStartMs + run * 10'000);
  }
  caller.Ingest("a.jsonl", lines);
  const json::value modes = Ask(caller, "list_failure_modes", json::object());
  const json::value mode =
      Ask(caller, "get_failure_mode", {{"id", modes.at("modes").at(0).at("id").as_string()}});
  const json::array& parts = mode.at("timeline").as_array();
  REQUIRE(parts.size() == 8);
  CHECK(parts.front().at("from").as_string() == "2025-11-25T19:46:40Z");
  CHECK(parts.back().at("to").as_string() == "2025-11-25T19:48:00Z");  // the last start
  std::int64_t runs = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    runs += parts[i].at("runs").as_int64();
    CHECK(parts[i].at("affected") == parts[i].at("runs"));
    if (i > 0) CHECK(parts[i].at("from") == parts[i - 1].at("to"));
  }
  CHECK(runs == 9);
}

}  // namespace
}  // namespace halo
