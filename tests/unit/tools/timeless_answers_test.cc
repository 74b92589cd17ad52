// SPDX-License-Identifier: MIT
// Answers about runs that record no times, and about names that nobody wrote.
#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <string>

#include "tests/support/tool_caller.h"

namespace halo {
namespace {

namespace json = boost::json;
using Catch::Matchers::Contains;

// A run that asks a tool for a city that does not exist.
std::string Run(int number) {
  const std::string n = std::to_string(number);
  return R"([{"role":"user","content":"How is the weather in town )" + n + R"(?"},
 {"role":"assistant","content":null,"usage":{"input_tokens":10,"output_tokens":2},"tool_calls":[
   {"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"n\": )" +
         n + R"(}"}}]},
 {"role":"tool","tool_call_id":"c1","content":"Error: no such city"},
 {"role":"assistant","content":"I do not know."}])";
}

std::string Runs(int count) {
  std::string all = "[";
  for (int i = 0; i < count; ++i) all += (i > 0 ? "," : "") + Run(i);
  return all + "]";
}

std::string TimedRun() {
  return R"({"trace_id":"timed","span_id":"1","name":"run","start_time":"2026-03-01T10:00:00Z",)"
         R"("end_time":"2026-03-01T10:00:01Z","attributes":{"openinference.span.kind":"AGENT"}})"
         "\n";
}

class Desk : public ToolCaller {
 public:
  Desk() { Ingest("chats.json", Runs(6)); }
  json::object Ask(std::string_view tool, const std::string& arguments) {
    const Result<ToolAnswer> answer = Call(tool, json::parse(arguments));
    INFO(tool << " " << arguments);
    if (!answer) FAIL(answer.error().message);
    text = answer->text;
    return answer->structured;
  }
  std::string ModeId() {
    const json::object all = Ask("list_failure_modes", "{}");
    REQUIRE(!all.at("modes").as_array().empty());
    return std::string(all.at("modes").at(0).at("id").as_string());
  }
  std::string text;
};

TEST_CASE_METHOD(Desk, "runs without times that a filter by time leaves out are counted") {
  Ingest("timed.jsonl", TimedRun());
  const std::string id = ModeId();
  struct Case {
    const char* tool;
    std::string head;
  };
  const Case cases[] = {{"get_overview", ""},
                        {"list_failure_modes", ""},
                        {"get_failure_mode", "\"id\":\"" + id + "\","},
                        {"get_expensive_spans", ""},
                        {"search_traces", ""}};
  for (const Case& c : cases) {
    for (const char* const filter :
         {R"("since":"2026-01-01T00:00:00Z")", R"("until":"2027-01-01T00:00:00Z")"}) {
      CAPTURE(c.tool, filter);
      const json::object some = Ask(c.tool, "{" + c.head + R"("filters":{)" + filter + "}}");
      CHECK_THAT(text, Contains("since and until left out 6 traces that record no times"));
      CHECK_THAT(text, Contains("filter by version instead") || Contains("Filter by version"));
      Ask(c.tool, "{" + c.head + R"("filters":{"project":"default"}})");
      CHECK_THAT(text, !Contains("left out"));
      Ask(c.tool, "{" + c.head + R"("filters":{"project":"none",)" + filter + "}}");
      CHECK_THAT(text, !Contains("left out"));
    }
  }
}

TEST_CASE_METHOD(Desk, "how to verify a fix fits what the runs record") {
  const json::object mode = Ask("get_failure_mode", "{\"id\":\"" + ModeId() + "\"}");
  const std::string how(mode.at("acceptance").at("how").as_string());
  CHECK_THAT(how, Contains("filters such as project") && !Contains("since"));
}

TEST_CASE_METHOD(Desk, "a time that is not known is left out") {
  const json::object overview = Ask("get_overview", "{}");
  CHECK_FALSE(overview.at("dataset").as_object().contains("first"));
  CHECK_FALSE(overview.at("dataset").as_object().contains("last"));
  const json::object found = Ask("search_traces", "{}");
  const json::object& row = found.at("traces").at(0).as_object();
  CHECK_FALSE(row.contains("started"));
  const std::string id(row.at("trace_id").as_string());
  Ask("explain_trace", "{\"trace_id\":\"" + id + "\"}");
  CHECK_THAT(text, !Contains("started"));
  const json::object modes = Ask("list_failure_modes", "{}");
  CHECK_FALSE(modes.at("modes").at(0).as_object().contains("last_seen"));
  const json::object mode = Ask("get_failure_mode", "{\"id\":\"" + ModeId() + "\"}");
  CHECK_FALSE(mode.at("examples").at(0).as_object().contains("started"));
}

TEST_CASE_METHOD(Desk, "only names that stand in the code are offered to search for") {
  const json::object mode = Ask("get_failure_mode", "{\"id\":\"" + ModeId() + "\"}");
  CHECK(json::serialize(mode.at("where_to_look").at("search_for")) == R"(["weather"])");
}

TEST_CASE_METHOD(Desk, "without times, spans are ranked by tokens") {
  for (const char* const by : {"latency", "critical_path"}) {
    for (const char* const group : {"operation", "trace", "span", "tool"}) {
      CAPTURE(by, group);
      const json::object none = Ask(
          "get_expensive_spans", std::string(R"({"by":")") + by + R"(","group":")" + group + "\"}");
      CHECK(none.at("rows").as_array().empty());
      CHECK_THAT(text, Contains("record no times") && Contains("ask by tokens"));
      CHECK(none.at("next").at(0) == R"(get_expensive_spans {"by":"tokens"})");
    }
  }
  const json::object tokens = Ask("get_expensive_spans", R"({"by":"tokens"})");
  CHECK_FALSE(tokens.at("rows").as_array().empty());
}

TEST_CASE_METHOD(Desk, "ignored arguments come before all that they would have changed") {
  for (const char* const tool : {"get_overview", "list_failure_modes", "search_traces"}) {
    const json::object answer = Ask(tool, R"({"projct":"x"})");
    std::size_t at = 0;
    for (const auto& member : answer) {
      if (member.key() == "ignored") break;
      CHECK(member.key() == "fence");
      ++at;
    }
    CHECK(at < answer.size());
    CHECK_THAT(std::string(answer.at("ignored").as_string()), Contains("projct"));
    CHECK(text.find("projct") < text.find('\n') + 200);
  }
}

TEST_CASE_METHOD(Desk,
                 "the headline says by what outcomes were decided, and what is not understood") {
  std::string spans;
  for (int i = 0; i < 40; ++i) {
    spans += R"({"trace_id":"plain)" + std::to_string(i) +
             R"(","span_id":"1","name":"GET /","start_time":"2026-03-01T10:00:00Z",)"
             R"("end_time":"2026-03-01T10:00:01Z","status":{"code":"STATUS_CODE_OK"}})"
             "\n";
  }
  Ingest("plain.jsonl", spans);
  const json::object overview = Ask("get_overview", "{}");
  const std::string headline(overview.at("headline").as_string());
  CHECK_THAT(headline, Contains("40 succeeded") && Contains("(decided by root_status"));
  CHECK_THAT(headline, Contains("Of 40 of 64 spans nothing but the status is understood"));
}

}  // namespace
}  // namespace halo
