// SPDX-License-Identifier: MIT
// What get_failure_mode says from an entry's own evidence, for somebody who fixes it.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "engine/detectors/all_detectors.h"
#include "schemas/fence.h"
#include "tests/support/tool_caller.h"
#include "tools/story/harness_layer.h"

namespace halo {
namespace {

namespace json = boost::json;

constexpr const char* kSchema =
    R"({"type":"object","properties":{"order_id":{"type":"string"},"reason":{"type":"string"}},)"
    R"("required":["order_id"],"additionalProperties":false})";

// A run of one agent with two tools. A bad one passes `ordre_id`, and the tool refuses it with a
// stack trace.
std::string Run(int number, bool bad) {
  const std::string id = (bad ? "bad-" : "good-") + std::to_string(number);
  const std::int64_t at_ms = 1'764'100'000'000 + number * 3'600'000LL;
  std::string out;
  int spans = 0;
  const auto add = [&](const std::string& name, json::object attributes, json::object rest) {
    json::object line{{"trace_id", id},
                      {"span_id", id + "-" + std::to_string(spans)},
                      {"name", name},
                      {"start_time", at_ms + spans * 1000},
                      {"end_time", at_ms + spans * 1000 + 500},
                      {"resource", {{"attributes", {{"service.name", "shop"}}}}},
                      {"attributes", std::move(attributes)}};
    if (spans > 0) line["parent_span_id"] = id + "-0";
    for (auto& member : rest) line[member.key()] = std::move(member.value());
    out += json::serialize(line) + "\n";
    ++spans;
  };
  const auto model = [&](const std::string& tool, const std::string& arguments,
                         const std::string& answer) {
    json::object attributes{
        {"openinference.span.kind", "LLM"},
        {"llm.model_name", "gpt-4o"},
        {"llm.token_count.prompt", 100},
        {"llm.token_count.completion", 10},
        {"llm.input_messages.0.message.role", "system"},
        {"llm.input_messages.0.message.content", "You refund orders of a shop. Be brief."},
        {"llm.input_messages.1.message.role", "user"},
        {"llm.input_messages.1.message.content", "Refund A-7 please"},
        {"llm.tools.0.tool.json_schema",
         R"({"type":"function","function":{"name":"refund","description":"Refunds an order",)"
         R"("parameters":)" +
             std::string(kSchema) + "}}"},
        {"llm.output_messages.0.message.role", "assistant"},
        {"llm.output_messages.0.message.content", answer}};
    if (!tool.empty()) {
      const std::string call = "llm.output_messages.0.message.tool_calls.0.tool_call.function.";
      attributes[call + "name"] = tool;
      attributes[call + "arguments"] = arguments;
    }
    add("chat", std::move(attributes), {});
  };
  const auto tool = [&](const std::string& name, const std::string& arguments,
                        const std::string& result, json::object rest) {
    json::object attributes{
        {"openinference.span.kind", "TOOL"}, {"tool.name", name}, {"input.value", arguments}};
    if (!result.empty()) attributes["output.value"] = result;
    add(name, std::move(attributes), std::move(rest));
  };
  add("refunder",
      {{"openinference.span.kind", "AGENT"},
       {"agent.name", "refunder"},
       {"session.id", "s" + std::to_string(number)},
       {"input.value", "Refund A-7 please"}},
      {{"end_time", at_ms + 9000}});
  model("find", R"({"order_id":"A-7"})", "");
  tool("find", R"({"order_id":"A-7"})", "order A-7: one tin of blue paint, shipped", {});
  const std::string arguments =
      bad ? R"({"ordre_id":"A-7","reason":"late"})" : R"({"order_id":"A-7","reason":"late"})";
  model("refund", arguments, "");
  if (bad) {
    tool("refund", arguments, "",
         {{"status", {{"code", "STATUS_CODE_ERROR"}, {"message", "unexpected argument ordre_id"}}},
          {"events",
           json::array{
               {{"name", "exception"},
                {"timestamp", at_ms + 4200},
                {"attributes",
                 {{"exception.type", "TypeError"},
                  {"exception.message", "unexpected argument ordre_id"},
                  {"exception.stacktrace",
                   "Traceback (most recent call last):\n"
                   "  File \"/srv/shop/refunds.py\", line 27, in refund\n    return call()\n"
                   "  File \"/usr/lib/python3.11/site-packages/sdk/run.py\", line 3, in call\n"
                   "TypeError: unexpected argument ordre_id"}}}}}}});
  } else {
    tool("refund", arguments, "refunded", {});
  }
  model("", "", bad ? "I could not refund it." : "Refunded.");
  return out;
}

// Twelve runs of one task, half of them bad, with their outcomes.
void Fill(ToolCaller& caller) {
  std::string lines;
  std::vector<Label> labels;
  for (int i = 0; i < 12; ++i) {
    const bool bad = i % 2 == 0;
    lines += Run(i, bad);
    labels.push_back({{"", (bad ? "bad-" : "good-") + std::to_string(i)},
                      bad ? Outcome::kFailure : Outcome::kSuccess});
  }
  caller.Ingest("runs.jsonl", lines);
  REQUIRE(caller.engine().PutLabels(labels).has_value());
}

json::object Brief(ToolCaller& caller) {
  const Result<ToolAnswer> list = caller.Call("list_failure_modes", {{"include_one_offs", true}});
  if (!list) FAIL(list.error().message);
  for (const json::value& mode : list->structured.at("modes").as_array()) {
    const json::value* const tool = mode.at("locus").as_object().if_contains("tool");
    if (tool == nullptr || tool->as_string() != "refund") continue;
    const Result<ToolAnswer> answer = caller.Call("get_failure_mode", {{"id", mode.at("id")}});
    if (!answer) FAIL(answer.error().message);
    CHECK(answer->text.size() < 10'240);
    return answer->structured;
  }
  FAIL("no such entry: " << json::serialize(list->structured));
  return {};
}

std::string TextOf(const json::value& quote) {
  return Unescaped(Unfenced(std::string_view(quote.at("text").as_string())));
}
bool Holds(const json::value& text, std::string_view part) {
  return std::string_view(text.as_string()).find(part) != std::string_view::npos;
}

TEST_CASE("a fix brief shows the failing arguments beside the schema, and what led to them") {
  ToolCaller caller;
  Fill(caller);
  const json::object out = Brief(caller);
  const json::object& fix = out.at("fix").as_object();
  INFO(json::serialize(out));
  CHECK(!fix.at("layer").as_string().empty());
  CHECK(fix.at("operators").as_array().size() >= 1);
  CHECK(!fix.at("avoid").as_string().empty());

  const json::object& arguments = fix.at("arguments").as_object();
  CHECK(arguments.at("tool") == "refund");
  CHECK(TextOf(arguments.at("sent")) == R"({"ordre_id":"A-7","reason":"late"})");
  CHECK(Holds(arguments.at("differs"), "unknown argument `ordre_id`; nearest is `order_id`"));
  CHECK_FALSE(arguments.contains("fits"));
  CHECK(TextOf(arguments.at("schema")).find("order_id") != std::string::npos);
  CHECK(TextOf(arguments.at("passing")) == R"({"order_id":"A-7","reason":"late"})");

  CHECK(TextOf(fix.at("system_prompt")) == "You refund orders of a shop. Be brief.");
  CHECK(TextOf(fix.at("last_result")) == "order A-7: one tin of blue paint, shipped");
  CHECK(Holds(out.at("where_to_look").at("frame"), "/srv/shop/refunds.py:27 in refund"));

  // The quotes stand where they say.
  const json::object& prompt = fix.at("system_prompt").as_object();
  const Result<ToolAnswer> read =
      caller.Call("read_spans", {{"trace_id", prompt.at("trace_id")},
                                 {"span_ids", json::array{prompt.at("span_id")}},
                                 {"path", prompt.at("path")}});
  if (!read) FAIL(read.error().message);
  CHECK(TextOf(read->structured.at("value")) == TextOf(prompt));
}

TEST_CASE("a passing run is aligned with the example, and what differs is shown") {
  ToolCaller caller;
  Fill(caller);
  const json::object out = Brief(caller);
  const json::object& passing = out.at("counter_example").as_object();
  INFO(json::serialize(passing));
  CHECK(passing.at("outcome") == "success");
  CHECK(passing.at("trace_id").as_string().starts_with("good-"));
  CHECK(passing.at("a").as_string().starts_with("bad-"));
  CHECK(passing.at("same_turns") == 1);
  CHECK(passing.at("different_turns") == 2);
  const json::array& differs = passing.at("differs").as_array();
  REQUIRE(differs.size() == 2);
  CHECK(differs[0].at("match") == "other_arguments");
  CHECK(differs[0].at("name") == "refund");
  CHECK(differs[0].at("failed") == "a");
  bool called = false;
  for (const json::value& next : out.at("next").as_array()) {
    if (!next.as_string().starts_with("compare_traces ")) continue;
    const std::string call(next.as_string());
    const Result<ToolAnswer> compared =
        caller.Call("compare_traces", json::parse(call.substr(call.find('{'))));
    if (!compared) FAIL(compared.error().message);
    CHECK(compared->structured.at("turns").as_array().size() == 3);
    called = true;
  }
  CHECK(called);
}

TEST_CASE("arguments that fit the schema are said to") {
  ToolCaller caller;
  std::string lines;
  for (int i = 0; i < 6; ++i) {
    std::string run = Run(i, true);
    for (std::size_t at = run.find("ordre_id"); at != run.npos; at = run.find("ordre_id", at)) {
      run.replace(at, 8, "order_id");
    }
    lines += run;
  }
  caller.Ingest("runs.jsonl", lines);
  const json::object out = Brief(caller);
  const json::object& arguments = out.at("fix").at("arguments").as_object();
  CHECK(arguments.at("fits") == true);
  CHECK_FALSE(arguments.contains("differs"));
  CHECK_FALSE(arguments.contains("passing"));
  CHECK_FALSE(out.contains("counter_example"));
}

TEST_CASE("every detector has a layer of the harness and something that repairs it") {
  for (const TraceDetector& detector : AllTraceDetectors()) {
    INFO(std::string(detector.name));
    CHECK(LayerOf(detector.name).detector == detector.name);
    CHECK(!LayerOf(detector.name).layer.empty());
    CHECK(!LayerOf(detector.name).operators[0].empty());
  }
  CHECK(LayerOf("no such detector").layer.empty());
}

}  // namespace
}  // namespace halo
