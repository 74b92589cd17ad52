// SPDX-License-Identifier: MIT
// One call reads the same value of many spans.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "schemas/fence.h"
#include "tests/support/run_lines.h"
#include "tests/support/tool_caller.h"

namespace halo {
namespace {

namespace json = boost::json;

json::object Ask(ToolCaller& caller, std::string_view tool, std::string_view arguments) {
  const Result<ToolAnswer> answer = caller.Call(tool, json::parse(arguments));
  if (!answer) FAIL(answer.error().message);
  return answer->structured;
}

std::vector<std::string> Texts(const json::object& answer) {
  std::vector<std::string> texts;
  for (const json::value& value : answer.at("values").as_array()) {
    texts.push_back(Unescaped(Unfenced(value.at("text").as_string())));
  }
  return texts;
}

// Twelve runs of two agents with different prompts; the searches of every third run fail.
void Fill(ToolCaller& caller) {
  std::string lines;
  std::vector<Label> labels;
  for (int i = 0; i < 12; ++i) {
    const std::string number = std::to_string(i);
    const bool fails = i % 3 == 0;
    RunLines run("run" + std::string(i < 10 ? "0" : "") + number, i);
    run.Llm(i < 8 ? "You sell books." : "You sell tickets.", "Question " + number, "",
            {"search", "{\"q\":\"" + number + "\"}"});
    run.Tool("search", "{\"q\":\"" + number + "\"}", fails ? "" : "found " + number,
             fails ? "no index " + number : "");
    run.Llm(i < 8 ? "You sell books." : "You sell tickets.", "Question " + number,
            fails ? "Sorry." : "Answer " + number);
    lines += run.Text(fails ? "Sorry." : "Answer " + number);
    labels.push_back({{"", run.trace_id()}, fails ? Outcome::kFailure : Outcome::kSuccess});
  }
  caller.Ingest("runs.jsonl", lines);
  REQUIRE(caller.engine().PutLabels(labels).has_value());
}

TEST_CASE("final answers of the failed runs are one call") {
  ToolCaller caller;
  Fill(caller);
  const json::object answer =
      Ask(caller, "read_values", R"({"role":"final_answer","filters":{"outcome":"failure"}})");
  CHECK(Texts(answer) == std::vector<std::string>(4, "Sorry."));
  CHECK(answer.at("total") == 4);
  CHECK(answer.at("runs") == 4);
  CHECK(answer.at("passed_filters") == 4);
  CHECK_FALSE(answer.contains("complete"));
}

TEST_CASE("arguments of every failing call of one tool are one call, each where it stands") {
  ToolCaller caller;
  Fill(caller);
  const json::object answer =
      Ask(caller, "read_values", R"({"role":"arguments","tool":"search","failed":true})");
  CHECK(Texts(answer) == std::vector<std::string>{"{\"q\":\"0\"}", "{\"q\":\"3\"}", "{\"q\":\"6\"}",
                                                  "{\"q\":\"9\"}"});
  const json::object& first = answer.at("values").at(0).as_object();
  CHECK(first.at("tool") == "search");
  const json::object again =
      Ask(caller, "read_spans",
          json::serialize(json::object{{"trace_id", first.at("trace_id")},
                                       {"span_ids", json::array{first.at("span_id")}},
                                       {"path", first.at("path")}}));
  CHECK(Unescaped(Unfenced(again.at("value").at("text").as_string())) == "{\"q\":\"0\"}");
  // What the model asked for is another value than what the tool was given.
  const json::object asked =
      Ask(caller, "read_values", R"({"role":"arguments","kind":"llm","tool":"search"})");
  CHECK(asked.at("total") == 12);
  CHECK(Texts(asked).front() == "{\"q\":\"0\"}");
}

TEST_CASE("distinct system prompts come with their runs") {
  ToolCaller caller;
  Fill(caller);
  const json::object answer =
      Ask(caller, "read_values", R"({"role":"system_prompt","distinct":true})");
  CHECK(Texts(answer) == std::vector<std::string>{"You sell books.", "You sell tickets."});
  CHECK(answer.at("groups") == 2);
  const json::object& first = answer.at("values").at(0).as_object();
  CHECK(first.at("runs") == 8);
  CHECK(first.at("values") == 16);
  CHECK(first.at("more").as_array().size() == 4);
  CHECK(answer.at("values").at(1).at("runs") == 4);
}

TEST_CASE("errors, results, answers and last messages are read by role, any value by path") {
  ToolCaller caller;
  Fill(caller);
  const json::object errors = Ask(caller, "read_values", R"({"role":"error"})");
  CHECK(Texts(errors) ==
        std::vector<std::string>{"no index 0", "no index 3", "no index 6", "no index 9"});
  const json::object results =
      Ask(caller, "read_values", R"({"role":"result","tool":"search","limit":2})");
  CHECK(Texts(results) == std::vector<std::string>{"found 1", "found 2"});
  CHECK(results.at("total") == 8);
  const json::object answers = Ask(caller, "read_values", R"({"role":"answer","limit":2})");
  CHECK(Texts(answers) == std::vector<std::string>{"Sorry.", "Answer 1"});
  const json::object last =
      Ask(caller, "read_values", R"({"role":"last_message","sample":"last","limit":1})");
  CHECK(Texts(last) == std::vector<std::string>{"Question 11"});
  const json::object path =
      Ask(caller, "read_values", R"({"path":"attributes.llm.model_name","distinct":true})");
  CHECK(Texts(path) == std::vector<std::string>{"gpt-4o"});
  CHECK(path.at("total") == 24);
}

TEST_CASE("samples: diverse shows kinds of values, random repeats with its seed") {
  ToolCaller caller;
  Fill(caller);
  const json::object diverse =
      Ask(caller, "read_values", R"({"role":"final_answer","sample":"diverse"})");
  CHECK(Texts(diverse).front() == "Sorry.");
  CHECK(diverse.at("values").at(0).at("runs") == 4);
  const auto draw = [&](int seed) {
    return Texts(Ask(caller, "read_values",
                     R"({"role":"final_answer","sample":"random","limit":3,"seed":)" +
                         std::to_string(seed) + "}"));
  };
  CHECK(draw(1) == draw(1));
  std::set<std::vector<std::string>> draws;
  for (int seed = 0; seed < 10; ++seed) draws.insert(draw(seed));
  CHECK(draws.size() > 5);
}

TEST_CASE("pages of values join without gap or repeat, in every order") {
  ToolCaller caller;
  Fill(caller);
  for (const char* how : {R"("sample":"first")", R"("sample":"last")", R"("sample":"random")",
                          R"("sample":"diverse")", R"("distinct":true)"}) {
    INFO(how);
    std::vector<std::string> all, paged;
    const std::string question = std::string(R"({"role":"arguments",)") + how;
    all = Texts(Ask(caller, "read_values", question + "}"));
    std::string next = question + R"(,"limit":5})";
    for (int page = 0; page < 10; ++page) {
      const json::object answer = Ask(caller, "read_values", next);
      for (std::string& text : Texts(answer)) paged.push_back(std::move(text));
      const json::value* cursor = answer.if_contains("next_cursor");
      if (!cursor) break;
      next = json::serialize(json::object{{"cursor", *cursor}, {"limit", 5}});
    }
    CHECK(all.size() == 12);
    CHECK(paged == all);
  }
}

TEST_CASE("long values are cut to the characters asked for, and say so") {
  ToolCaller caller;
  RunLines run("long", 0);
  run.Tool("fetch", "{}", std::string(5000, 'x'));
  caller.Ingest("long.jsonl", run.Text("done"));
  const json::object answer = Ask(caller, "read_values", R"({"role":"result","characters":100})");
  CHECK(Texts(answer).front().size() == 100);
  CHECK(answer.at("values").at(0).at("bytes") == 5000);
}

TEST_CASE("a question that names no value, or finds none, says what to do") {
  ToolCaller caller;
  Fill(caller);
  const auto error = [&](std::string_view arguments) {
    const Result<ToolAnswer> answer = caller.Call("read_values", json::parse(arguments));
    REQUIRE_FALSE(answer.has_value());
    return answer.error().message;
  };
  CHECK(error("{}").find("either role") != std::string::npos);
  CHECK(error(R"({"role":"answer","path":"name"})").find("either role") != std::string::npos);
  CHECK(error(R"({"role":"answer","kind":"LLMS"})").find("AGENT, LLM, TOOL") != std::string::npos);
  CHECK(error(R"({"role":"final_answer","tool":"search"})").find("filters") != std::string::npos);
  const json::object none =
      Ask(caller, "read_values", R"({"role":"result","tool":"no_such_tool"})");
  CHECK(none.at("values").as_array().empty());
  CHECK(none.at("notes").as_array().size() >= 1);
  const json::object empty =
      Ask(caller, "read_values", R"({"role":"result","filters":{"tool":"serch"}})");
  CHECK(json::serialize(empty.at("notes")).find("did you mean search") != std::string::npos);
}

}  // namespace
}  // namespace halo
