// SPDX-License-Identifier: MIT
// A list of which an answer shows only a part is said to be one, with the number of all, and a
// field has one shape however many there are.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "tests/support/run_lines.h"
#include "tests/support/tool_caller.h"

namespace halo {
namespace {

namespace json = boost::json;

constexpr int kTools = 14;

void Fill(ToolCaller& caller, int tools) {
  std::string lines;
  int runs = 0;
  for (int tool = 0; tool < tools; ++tool) {
    const std::string name = "tool_" + std::string(1, static_cast<char>('a' + tool));
    for (int i = 0; i < 6; ++i) {
      RunLines bad("bad-" + name + std::to_string(i), ++runs);
      bad.Llm("You sell paint.", "blue", "", {name, "{}"})
          .Tool(name, "{}", {}, name + " is not configured")
          .Llm("You sell paint.", "blue", "no");
      RunLines good("good-" + name + std::to_string(i), ++runs);
      good.Llm("You sell paint.", "blue", "", {name, "{}"})
          .Tool(name, "{}", "a tin")
          .Llm("You sell paint.", "blue", "a tin");
      lines += bad.Text("no") + good.Text("a tin");
    }
  }
  caller.Ingest("runs.jsonl", lines);
}

json::object Ask(ToolCaller& caller, const std::string& tool, const json::value& arguments) {
  const Result<ToolAnswer> answer = caller.Call(tool, arguments);
  if (!answer) FAIL(tool << ": " << answer.error().message);
  return answer->structured;
}

// Whether `page` or a note names the number of all.
bool SaysOf(const json::object& answer, std::int64_t total) {
  const std::string wanted = " of " + std::to_string(total) + ".";
  const auto holds = [&](const json::value& text) {
    return std::string_view(text.as_string()).find(wanted) != std::string_view::npos;
  };
  if (const json::value* const page = answer.if_contains("page"); page && holds(*page)) return true;
  const json::value* const notes = answer.if_contains("notes");
  if (notes == nullptr) return false;
  for (const json::value& note : notes->as_array()) {
    if (holds(note)) return true;
  }
  return false;
}

const std::vector<std::pair<std::string, json::value>>& Questions() {
  static const std::vector<std::pair<std::string, json::value>> kQuestions = {
      {"list_failure_modes", {{"limit", 2}}},
      {"get_expensive_spans", {{"by", "tokens"}, {"group", "tool"}, {"limit", 2}}},
      {"get_expensive_spans", {{"by", "latency"}, {"group", "tool"}, {"limit", 2}}},
      {"get_expensive_spans", {{"by", "latency"}, {"group", "trace"}, {"limit", 2}}},
      {"list_bottlenecks", {{"limit", 2}}},
      {"compare_traces", {{"a", {{"has_error", "true"}}}, {"limit", 2}}},
      {"search_traces", {{"limit", 2}}},
  };
  return kQuestions;
}

TEST_CASE("a list that is cut says so, with the number of all") {
  ToolCaller caller;
  Fill(caller, kTools);
  int cut = 0;
  for (const auto& [tool, arguments] : Questions()) {
    INFO(tool << " " << json::serialize(arguments));
    const json::object answer = Ask(caller, tool, arguments);
    INFO(json::serialize(answer));
    for (const auto& member : answer) {
      const std::string key(member.key());
      const json::array* const list = member.value().if_array();
      const json::value* total = answer.if_contains(key + "_total");
      // Two lists are named otherwise.
      if (key == "modes" && total == nullptr) total = answer.if_contains("total");
      if (key == "traces") total = answer.if_contains("matched");
      if (list == nullptr || total == nullptr || !total->is_int64()) continue;
      CHECK(static_cast<std::int64_t>(list->size()) <= total->as_int64());
      if (static_cast<std::int64_t>(list->size()) == total->as_int64()) continue;
      ++cut;
      CHECK(SaysOf(answer, total->as_int64()));
    }
  }
  CHECK(cut >= 7);
}

TEST_CASE("a field has one type, however many there are") {
  ToolCaller one, many;
  Fill(one, 1);
  Fill(many, kTools);
  for (const auto& [tool, arguments] : Questions()) {
    INFO(tool << " " << json::serialize(arguments));
    const json::object few = Ask(one, tool, arguments), all = Ask(many, tool, arguments);
    for (const auto& member : few) {
      const json::value* const other = all.if_contains(member.key());
      if (other == nullptr) continue;
      INFO(std::string(member.key()));
      CHECK(member.value().kind() == other->kind());
    }
  }
}

}  // namespace
}  // namespace halo
