// SPDX-License-Identifier: MIT
// A shop's service desk whose runs are reviewed: each asks for the price of P-1031.
#pragma once

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/tool_caller.h"

namespace halo {

inline constexpr std::string_view kPolicy =
    "You serve customers of a shop.\\nNever promise refunds.\\nAsk before you cancel.\\nBe "
    "brief.\\n"
    "Say prices in euros.\\nToday is DAY.";

inline std::string Policy(int run) {
  std::string text(kPolicy);
  return text.replace(text.find("DAY"), 3, "day " + std::to_string(run));
}

inline boost::json::object SpanOf(int run, int number, std::string_view kind,
                                  boost::json::object attributes) {
  attributes["openinference.span.kind"] = kind;
  const std::string id = "run-number-" + std::to_string(run);
  return {
      {"trace_id", id},
      {"span_id", id + "-s" + std::to_string(number)},
      {"parent_span_id", number == 0 ? "" : id + "-s0"},
      {"name", number == 0 ? "desk" : std::string(kind)},
      {"start_time", 1'764'100'000'000 + run * 60'000 + number * 1000},
      {"end_time", 1'764'100'000'000 + run * 60'000 + (number == 0 ? 30'000 : number * 1000 + 500)},
      {"status", boost::json::object()},
      {"attributes", std::move(attributes)},
      {"resource", {{"attributes", {{"service.name", "shop"}}}}}};
}

// 120 stocked things, of which the answer speaks of one.
inline std::string Stock(int run) {
  std::string rows;
  for (int i = 0; i < 120; ++i) {
    rows += (i ? ", " : "") + std::string(R"({"id": "P-)") + std::to_string(1000 + i) +
            R"(", "name": "thing )" + std::to_string(i) + R"(", "price": )" +
            std::to_string(i == 31 ? 777 + run : 10 + i) + "}";
  }
  return "[" + rows + "]";
}

// A run that asks for the price of P-1031; `turns` calls before the answer.
inline std::string RunLines(int run, int turns = 1,
                            std::string_view answer = "P-1031 costs 12 euros.") {
  const std::string asked = "What does P-1031 cost? I am customer " + std::to_string(run) + " " +
                            std::string(1, static_cast<char>('a' + run % 26)) + "lbert.";
  std::string system = Policy(run);
  for (std::size_t at = system.find("\\n"); at != system.npos; at = system.find("\\n")) {
    system.replace(at, 2, "\n");
  }
  std::string out;
  const auto add = [&](boost::json::object line) { out += boost::json::serialize(line) + "\n"; };
  add(SpanOf(run, 0, "AGENT", {{"agent.name", "desk"}, {"channel", run % 2 ? "chat" : "mail"}}));
  boost::json::object history{{"llm.input_messages.0.message.role", "system"},
                              {"llm.input_messages.0.message.content", system},
                              {"llm.input_messages.1.message.role", "user"},
                              {"llm.input_messages.1.message.content", asked}};
  int number = 1, message = 2;
  const auto key = [&](std::string_view rest) {
    return "llm.input_messages." + std::to_string(message) + ".message." + std::string(rest);
  };
  for (int turn = 0; turn < turns; ++turn) {
    const std::string id = "c" + std::to_string(turn);
    const std::string arguments = R"({"page": )" + std::to_string(turn) + "}";
    const std::string call = ".message.tool_calls.0.tool_call.";
    boost::json::object ask = history;
    ask["llm.model_name"] = "m";
    ask["llm.output_messages.0.message.role"] = "assistant";
    ask["llm.output_messages.0" + call + "id"] = id;
    ask["llm.output_messages.0" + call + "function.name"] = "list_stock";
    ask["llm.output_messages.0" + call + "function.arguments"] = arguments;
    add(SpanOf(run, number++, "LLM", ask));
    add(SpanOf(
        run, number++, "TOOL",
        {{"tool.name", "list_stock"}, {"input.value", arguments}, {"output.value", Stock(run)}}));
    history[key("role")] = "assistant";
    history[key("tool_calls.0.tool_call.id")] = id;
    history[key("tool_calls.0.tool_call.function.name")] = "list_stock";
    history[key("tool_calls.0.tool_call.function.arguments")] = arguments;
    ++message;
    history[key("role")] = "tool";
    history[key("tool_call_id")] = id;
    history[key("content")] = Stock(run);
    ++message;
  }
  history["llm.model_name"] = "m";
  history["llm.output_messages.0.message.role"] = "assistant";
  history["llm.output_messages.0.message.content"] = answer;
  add(SpanOf(run, number, "LLM", history));
  return out;
}

inline std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// A run in which a call of list_stock fails, so that a rule sees it.
inline std::string FailingRun(int run) {
  std::string lines = RunLines(run);
  const std::string ok = R"("name":"TOOL")";
  const std::size_t tool = lines.find(ok);
  const std::size_t status = lines.find(R"("status":{})", tool);
  return lines.replace(status, 11,
                       R"("status":{"code":"STATUS_CODE_ERROR","message":"Timeout: no stock"})");
}

struct Desk {
  ToolCaller caller;

  explicit Desk(int runs, std::optional<Config> config = {}) : caller({}, std::move(config)) {
    std::string lines;
    for (int run = 0; run < runs; ++run) lines += RunLines(run);
    if (!lines.empty()) caller.Ingest("runs.jsonl", lines);
  }
  boost::json::object Ask(std::string_view tool, std::string_view arguments = "{}") {
    const auto answer = caller.Call(tool, boost::json::parse(std::string(arguments)));
    if (!answer) FAIL(answer.error().message);
    return answer->structured;
  }
  std::string Refusal(std::string_view tool, std::string_view arguments) {
    const auto answer = caller.Call(tool, boost::json::parse(std::string(arguments)));
    REQUIRE(!answer);
    return answer.error().message;
  }
  // Notes all runs of a draw as good.
  void NoteAll(const boost::json::object& drawn, std::string_view who = "agent") {
    boost::json::array notes;
    for (const boost::json::value& run : drawn.at("runs").as_array()) {
      notes.push_back({{"trace_id", run.at("trace_id")}, {"verdict", "good"}});
    }
    const boost::json::object given{{"notes", notes}, {"who", who}};
    Ask("note_runs", boost::json::serialize(given));
  }
  static std::vector<std::string> Ids(const boost::json::object& drawn) {
    std::vector<std::string> ids;
    for (const boost::json::value& run : drawn.at("runs").as_array()) {
      ids.emplace_back(run.at("trace_id").as_string());
    }
    return ids;
  }
};

}  // namespace halo
