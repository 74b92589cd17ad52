// SPDX-License-Identifier: MIT
// A search looks where it is told, counts exactly, and groups what it finds.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/support/run_lines.h"
#include "tests/support/tool_caller.h"

namespace halo {
namespace {

namespace json = boost::json;

json::object Ask(ToolCaller& caller, const json::object& arguments) {
  const Result<ToolAnswer> answer = caller.Call("search_traces", arguments);
  if (!answer) FAIL(answer.error().message);
  return answer->structured;
}

std::set<std::string> Runs(const json::object& answer) {
  std::set<std::string> runs;
  for (const json::value& row : answer.at("traces").as_array()) {
    runs.emplace(row.at("trace_id").as_string());
  }
  return runs;
}

// The word "needle" stands in another place of each run.
void Fill(ToolCaller& caller) {
  std::string lines;
  RunLines prompt("prompt", 0);
  prompt.Llm("Find the needle.", "please", "hay").Llm("Find the needle.", "please", "hay");
  lines += prompt.Text("hay");
  RunLines arguments("arguments", 1);
  arguments.Llm("x", "y", "", {"search", "{\"q\":\"needle\"}"})
      .Tool("search", "{\"q\":\"needle\"}", "hay");
  lines += arguments.Text("hay");
  RunLines result("result", 2);
  result.Tool("search", "{}", "a needle").Tool("fetch", "{}", "needle, needle");
  lines += result.Text("hay");
  RunLines answer("answer", 3, "closer");
  answer.Llm("x", "y", "the needle");
  lines += answer.Text("the needle");
  RunLines error("error", 4);
  error.Tool("search", "{}", "", "no needle left");
  lines += error.Text("hay");
  RunLines name("name", 5);
  name.Tool("needle_finder", "{}", "hay");
  lines += name.Text("hay");
  caller.Ingest("runs.jsonl", lines);
}

TEST_CASE("a search looks where it is told") {
  ToolCaller caller;
  Fill(caller);
  const auto runs = [&](const char* in) {
    return Runs(Ask(caller, {{"text", "needle"}, {"in", in}}));
  };
  using Set = std::set<std::string>;
  CHECK(runs("produced") == Set{"arguments", "result", "answer", "error"});
  CHECK(Runs(Ask(caller, {{"text", "needle"}})) == runs("produced"));
  CHECK(runs("input") == Set{"prompt"});
  CHECK(runs("arguments") == Set{"arguments"});
  CHECK(runs("result") == Set{"result"});
  CHECK(runs("answer") == Set{"answer", "arguments"});
  CHECK(runs("output") == Set{"answer", "arguments", "result"});
  CHECK(runs("error") == Set{"error"});
  CHECK(runs("names") == Set{"name"});
  CHECK(runs("any").size() == 6);
}

TEST_CASE("a search counts runs, spans and values, and narrows to spans") {
  ToolCaller caller;
  Fill(caller);
  const json::object all = Ask(caller, {{"text", "needle"}, {"limit", 1}});
  CHECK(all.at("traces").as_array().size() == 1);
  CHECK(all.at("matched") == 4);
  CHECK(all.at("hits") == 7);
  CHECK(all.at("passed_filters") == 6);
  CHECK_FALSE(all.contains("complete"));
  CHECK(all.contains("next_cursor"));
  const json::object next = Ask(caller, {{"cursor", all.at("next_cursor")}, {"limit", 1}});
  CHECK(next.at("matched") == 4);
  CHECK(next.at("hits") == 7);
  CHECK(Runs(next) != Runs(all));
  const json::object tool = Ask(caller, {{"text", "needle"}, {"tool", "search"}});
  CHECK(Runs(tool) == std::set<std::string>{"arguments", "result", "error"});
  CHECK(tool.at("hits") == 3);
  const json::object kind = Ask(caller, {{"text", "needle"}, {"kind", "AGENT"}});
  CHECK(Runs(kind) == std::set<std::string>{"answer"});
  const json::object agent = Ask(caller, {{"text", "needle"}, {"agent", "closer"}});
  CHECK(Runs(agent) == std::set<std::string>{"answer"});
}

TEST_CASE("a search groups by tool, agent or operation") {
  ToolCaller caller;
  Fill(caller);
  const json::object by_tool =
      Ask(caller, {{"text", "needle"}, {"kind", "TOOL"}, {"group_by", "tool"}});
  const json::array& groups = by_tool.at("groups").as_array();
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].at("name") == "search");
  CHECK(groups[0].at("runs") == 3);
  CHECK(groups[0].at("spans") == 3);
  CHECK(groups[0].at("trace_id") == "error");  // the newest
  CHECK(groups[1].at("name") == "fetch");
  CHECK(by_tool.at("traces").as_array().empty());
  CHECK(by_tool.at("matched") == 3);
  const json::object by_agent = Ask(caller, {{"text", "needle"}, {"group_by", "agent"}});
  REQUIRE(by_agent.at("groups").as_array().size() == 2);
  CHECK(by_agent.at("groups").at(0).at("name") == "seller");
  CHECK(by_agent.at("groups").at(1).at("runs") == 1);
  const json::object page = Ask(caller, {{"text", "needle"}, {"group_by", "agent"}, {"limit", 1}});
  const json::object rest = Ask(caller, {{"cursor", page.at("next_cursor")}, {"limit", 1}});
  CHECK(rest.at("groups").at(0).at("name") == "closer");
  CHECK_FALSE(rest.contains("next_cursor"));
}

TEST_CASE("a search that finds nothing says where it did not look") {
  ToolCaller caller;
  Fill(caller);
  const json::object none = Ask(caller, {{"text", "Find the"}});
  CHECK(none.at("traces").as_array().empty());
  CHECK(json::serialize(none.at("notes")).find("\\\"any\\\"") != std::string::npos);
  for (const json::object& wrong : {json::object{{"in", "error"}}, json::object{{"tool", "search"}},
                                    json::object{{"group_by", "tool"}}}) {
    const Result<ToolAnswer> answer = caller.Call("search_traces", wrong);
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().message.find("$.text is required") != std::string::npos);
  }
}

}  // namespace
}  // namespace halo
