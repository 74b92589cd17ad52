// SPDX-License-Identifier: MIT
// What get_overview says about spans that the conventions could not read.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "tests/support/tool_caller.h"

namespace halo {
namespace {

namespace json = boost::json;

std::string Line(int number, const char* name, json::object attributes) {
  const json::object line{{"trace_id", "reading-1"},
                          {"span_id", "span-" + std::to_string(number)},
                          {"parent_span_id", number == 0 ? "" : "span-0"},
                          {"name", name},
                          {"start_time", 1'764'100'000'000 + 1000 * number},
                          {"end_time", 1'764'100'000'900 + 1000 * number},
                          {"attributes", std::move(attributes)},
                          {"resource", json::object()}};
  return json::serialize(line) + "\n";
}

std::map<std::string, std::int64_t> Counts(const json::object& answer, const char* list,
                                           const char* name, const char* count) {
  std::map<std::string, std::int64_t> out;
  const json::value* const items = answer.if_contains(list);
  if (items == nullptr) return out;
  for (const json::value& each : items->as_array()) {
    out[std::string(each.at(name).as_string())] = each.at(count).as_int64();
  }
  return out;
}

using Expected = std::map<std::string, std::int64_t>;

}  // namespace

TEST_CASE("the overview says what the conventions could not read") {
  ToolCaller caller;
  std::string lines =
      Line(0, "work", {{"vendor.model", "m"}, {"vendor.step", 1}, {"http.route", "/x"}});
  lines += Line(1, "chat", {{"openinference.span.kind", "LLM"}, {"vendor.model", "m"}});
  lines += Line(2, "chat",
                {{"gen_ai.operation.name", "chat"},
                 {"gen_ai.request.model", "gpt-5-mini"},
                 {"gen_ai.usage.input_tokens", 10},
                 {"gen_ai.usage.output_tokens", 5}});
  lines += Line(3, "look something up", {{"openinference.span.kind", "TOOL"}});
  lines += Line(4, "execute_tool find", {{"gen_ai.operation.name", "execute_tool"}});
  caller.Ingest("reading.jsonl", lines);
  for (int i = 0; i < 2; ++i) {  // the same again counts once
    const auto answer = caller.Call("get_overview", json::object());
    REQUIRE(answer.has_value());
    const json::object& out = answer->structured;
    CHECK(Counts(out, "missing", "what", "count") ==
          Expected{{"kind", 1}, {"model", 1}, {"tokens", 1}, {"tool_name", 1}});
    CHECK(Counts(out, "missing", "what", "of") ==
          Expected{{"kind", 5}, {"model", 2}, {"tokens", 2}, {"tool_name", 2}});
    CHECK(Counts(out, "dialects", "name", "spans") ==
          Expected{{"openinference", 2}, {"otel_genai", 2}});
    CHECK(Counts(out, "unread_keys", "name", "spans") ==
          Expected{{"vendor.model", 2}, {"vendor.step", 1}});
    caller.Ingest("again.jsonl", lines);
  }
  const auto narrow = caller.Call("get_overview", {{"filters", {{"model", "none"}}}});
  REQUIRE(narrow.has_value());
  CHECK(Counts(narrow->structured, "unread_keys", "name", "spans").empty());
}

TEST_CASE("an overview of many dialects and keys stays small") {
  ToolCaller caller;
  std::string lines;
  for (int trace = 0; trace < 40; ++trace) {
    json::object attributes;
    for (int key = 0; key < 12; ++key) {
      attributes["vendor" + std::string(1, static_cast<char>('a' + trace % 26)) +
                 ".some.rather.long.name.of.a.key.k" + std::to_string(key)] = "x";
    }
    std::string line = Line(0, "work", std::move(attributes));
    line.replace(line.find("reading-1"), 9, "many-" + std::to_string(1000 + trace));
    lines += line;
  }
  caller.Ingest("many.jsonl", lines);
  const auto answer = caller.Call("get_overview", json::object());
  REQUIRE(answer.has_value());
  CHECK(Serialise(json::value(answer->structured)).size() <= 10 << 10);
  CHECK(answer->structured.at("unread_keys").as_array().size() >= 3);
}

}  // namespace halo
