// SPDX-License-Identifier: MIT
// Runs written by hand for tests of reviews, and a reader who draws and notes them.
#pragma once

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/fence.h"
#include "tests/support/tool_caller.h"

namespace halo {

// A run of an agent that is asked something, calls a tool and answers.
struct ReviewedRun {
  int number = 0;
  int day = 1;  // of March 2026
  std::string version = "1.0.0", model = "model-one";
  std::string answer = "The parcel arrives tomorrow.";
  std::string system = "You serve customers.\nBe brief.";
  std::string task{};
  std::vector<std::string> tools{"find_parcel"};
  bool failed = false;

  std::string Id() const {
    char id[40];
    std::snprintf(id, sizeof id, "%016d%08d%08d", 7, day, number);
    return id;
  }
};

inline std::string LinesOf(const ReviewedRun& run) {
  namespace json = boost::json;
  std::string out;
  int second = 0;
  const auto add = [&](const std::string& span, const std::string& parent, std::string_view kind,
                       json::object attributes) {
    char start[40], end[40];
    const int last = span == "root" ? 50 : second;
    std::snprintf(start, sizeof start, "2026-03-%02dT%02d:%02d:%02dZ", run.day, run.number / 60,
                  run.number % 60, second++);
    std::snprintf(end, sizeof end, "2026-03-%02dT%02d:%02d:%02dZ", run.day, run.number / 60,
                  run.number % 60, last);
    attributes["openinference.span.kind"] = kind;
    const bool broken = span == "root" && run.failed;
    out += json::serialize(json::object{
               {"trace_id", run.Id()},
               {"span_id", span + run.Id().substr(20)},
               {"parent_span_id", parent.empty() ? "" : parent + run.Id().substr(20)},
               {"name", span},
               {"start_time", start},
               {"end_time", end},
               {"status",
                {{"code", broken ? "STATUS_CODE_ERROR" : "STATUS_CODE_OK"}, {"message", ""}}},
               {"resource",
                {{"attributes", {{"service.name", "desk"}, {"service.version", run.version}}}}},
               {"attributes", std::move(attributes)}}) +
           "\n";
  };
  const std::string asked =
      run.task.empty() ? "Where is my parcel, I am customer " +
                             std::string(1, static_cast<char>('a' + run.number % 26)) + "lbert?"
                       : run.task;
  add("root", "", "AGENT",
      {{"agent.name", "desk"},
       {"input.value", asked},
       {"channel", "chat"},
       {"app.release", run.version}});
  int call = 0;
  for (const std::string& tool : run.tools) {
    add("call" + std::to_string(call++), "root", "TOOL",
        {{"tool.name", tool},
         {"input.value", R"({"id": )" + std::to_string(run.number) + "}"},
         {"output.value", "in a van since 2026-03-0" + std::to_string(run.day % 10) +
                              "T08:00:00Z, said " + run.model}});
  }
  add("say", "root", "LLM",
      {{"llm.model_name", run.model},
       {"llm.input_messages.0.message.role", "system"},
       {"llm.input_messages.0.message.content", run.system},
       {"llm.input_messages.1.message.role", "user"},
       {"llm.input_messages.1.message.content", asked},
       {"llm.output_messages.0.message.role", "assistant"},
       {"llm.output_messages.0.message.content", run.answer}});
  return out;
}

class ReviewDesk {
 public:
  ToolCaller caller;

  void Add(const std::vector<ReviewedRun>& runs) {
    std::string lines;
    for (const ReviewedRun& run : runs) lines += LinesOf(run);
    caller.Ingest("runs" + std::to_string(++files_) + ".jsonl", lines);
  }
  boost::json::object Ask(std::string_view tool, std::string_view arguments = "{}") {
    const auto answer = caller.Call(tool, boost::json::parse(std::string(arguments)));
    INFO(tool << " " << arguments);
    if (!answer) FAIL(answer.error().message);
    text = answer->text;
    return answer->structured;
  }
  std::string Refusal(std::string_view tool, std::string_view arguments) {
    const auto answer = caller.Call(tool, boost::json::parse(std::string(arguments)));
    INFO(tool << " " << arguments);
    REQUIRE_FALSE(answer.has_value());
    return answer.error().message;
  }
  // Notes each run of a draw as `judge` says: its category, or "" for a good one. The quote is the
  // run's last line.
  using Judge = std::function<std::string(const std::string& turns)>;
  boost::json::object Note(const boost::json::object& drawn, const Judge& judge,
                           std::string_view who = "agent") {
    namespace json = boost::json;
    json::array notes;
    for (const json::value& run : drawn.at("runs").as_array()) {
      const std::string turns = TurnsOf(run);
      const std::string category = judge(turns);
      json::object note{{"trace_id", run.at("trace_id")},
                        {"verdict", category.empty() ? "good" : "bad"}};
      if (!category.empty()) {
        const std::size_t said = turns.rfind("agent: ");
        note["problems"] = {{{"category", category}, {"quote", turns.substr(said + 7)}}};
      }
      notes.push_back(std::move(note));
    }
    return Ask("note_runs", json::serialize(json::object{{"notes", notes}, {"who", who}}));
  }
  static std::string TurnsOf(const boost::json::value& run) {
    return Unescaped(std::string(Unfenced(run.at("turns").as_string())));
  }
  std::string text;  // of the last answer

 private:
  int files_ = 0;
};

}  // namespace halo
