// SPDX-License-Identifier: MIT
// Chat transcripts in the shapes in which people keep them, and what a store knows of them.
#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/importers/read_facts.h"

namespace halo {
namespace {

std::string FactsOf(std::string_view input) {
  ScratchStore store;
  const std::int64_t refused = store.IngestBytes(input);
  std::string facts = DumpFacts(store.engine());
  if (refused != 0) facts += "refused " + std::to_string(refused) + "\n";
  return facts;
}

constexpr std::string_view kTwoCalls =
    "trace unknown task hashed\n"
    "  AGENT agent answers\n"
    "    LLM chat no model calls 2\n"
    "    TOOL weather {\"city\": \"Rome\"} -> sunny\n"
    "    TOOL weather FAILED no such city {\"city\": \"Rom\"} -> Error: no such city\n"
    "    LLM chat no model\n";

TEST_CASE("a transcript gives the same steps in every shape") {
  struct Case {
    const char* name;
    std::string_view input;
  };
  const Case cases[] = {
      {"OpenAI chat", R"([{"role":"system","content":"Be brief."},
 {"role":"user","content":"How is Rome?"},
 {"role":"assistant","content":null,"tool_calls":[
   {"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\": \"Rome\"}"}},
   {"id":"c2","type":"function","function":{"name":"weather","arguments":"{\"city\": \"Rom\"}"}}]},
 {"role":"tool","tool_call_id":"c2","content":"Error: no such city"},
 {"role":"tool","tool_call_id":"c1","content":"sunny"},
 {"role":"assistant","content":"Sunny."}])"},
      {"in an object", R"({"messages":[{"role":"user","content":"How is Rome?"},
 {"role":"assistant","tool_calls":[
   {"id":"c1","function":{"name":"weather","arguments":"{\"city\": \"Rome\"}"}},
   {"id":"c2","function":{"name":"weather","arguments":"{\"city\": \"Rom\"}"}}]},
 {"role":"tool","tool_call_id":"c1","name":"weather","content":[{"type":"text","text":"sunny"}]},
 {"role":"tool","tool_call_id":"c2","content":"Error: no such city"},
 {"role":"assistant","content":[{"type":"text","text":"Sunny."}]}]})"},
      {"calls without ids", R"([[{"role":"user","content":"How is Rome?"},
 {"role":"assistant","tool_calls":[{"name":"weather","arguments":"{\"city\": \"Rome\"}"},
                                   {"name":"weather","arguments":"{\"city\": \"Rom\"}"}]},
 {"role":"tool","name":"weather","content":"sunny"},
 {"role":"tool","name":"weather","content":"Error: no such city"},
 {"role":"assistant","content":"Sunny."}]])"},
      {"Responses items", R"([{"role":"user","content":[{"type":"input_text","text":"Rome?"}]},
 {"type":"reasoning","summary":[]},
 {"type":"function_call","call_id":"c1","name":"weather","arguments":"{\"city\": \"Rome\"}"},
 {"type":"function_call","call_id":"c2","name":"weather","arguments":"{\"city\": \"Rom\"}"},
 {"type":"function_call_output","call_id":"c1","output":"sunny"},
 {"type":"function_call_output","call_id":"c2","output":"Error: no such city"},
 {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Sunny."}]}])"},
      {"messages on lines", R"({"role":"user","content":"How is Rome?"}
{"role":"assistant","content":"","tool_calls":[{"id":"c1","function":{"name":"weather","arguments":"{\"city\": \"Rome\"}"}},{"id":"c2","function":{"name":"weather","arguments":"{\"city\": \"Rom\"}"}}]}

{"role":"tool","tool_call_id":"c1","content":"sunny"}
{"role":"tool","tool_call_id":"c2","content":"Error: no such city"}
{"role":"assistant","content":"Sunny."}
)"},
      {"LangChain", R"([{"type":"human","data":{"content":"How is Rome?"}},
 {"type":"ai","data":{"content":"",
   "tool_calls":[{"id":"c1","name":"weather","args":"{\"city\": \"Rome\"}"},
                 {"id":"c2","name":"weather","args":"{\"city\": \"Rom\"}"}]}},
 {"type":"tool","data":{"tool_call_id":"c1","content":"sunny"}},
 {"type":"tool","data":{"tool_call_id":"c2","content":"Error: no such city"}},
 {"type":"ai","data":{"content":"Sunny."}}])"},
  };
  for (const Case& one : cases) {
    INFO(one.name);
    CHECK(FactsOf(one.input) == kTwoCalls);
  }
}

TEST_CASE("Anthropic's blocks: results that say that they failed, and usage") {
  CHECK(FactsOf(R"({"id":"run-000000000000001","task_id":7,"session_id":"s1","model":"claude-x",
 "metadata":{"passed":false},"system":"Be brief.",
 "messages":[{"role":"user","content":"Fix it"},
 {"role":"assistant","model":"claude-sonnet-4-5","stop_reason":"tool_use",
  "usage":{"input_tokens":10,"cache_read_input_tokens":90,"output_tokens":5},"content":[
   {"type":"text","text":"Looking."},
   {"type":"tool_use","id":"t1","name":"read","input":{"path":"a"}}]},
 {"role":"user","content":[
   {"type":"tool_result","tool_use_id":"t1","is_error":true,
    "content":[{"type":"text","text":"ENOENT: a"}]}]},
 {"role":"assistant","content":[{"type":"tool_use","id":"t2","name":"read","input":{"path":"b"}}]}]}
)") == "trace failure by attribute task 7 session s1\n"
       "  AGENT agent without an answer\n"
       "    LLM chat claude-sonnet-4-5 100+5 tokens, 90 cached calls 1\n"
       "    TOOL read FAILED ENOENT: a {\"path\":\"a\"} -> ENOENT: a\n"
       "    LLM chat claude-x calls 1\n"
       "    TOOL read open {\"path\":\"b\"} -> \n");
}

TEST_CASE("the older function_call, and times where the messages have them") {
  CHECK(FactsOf(R"({"messages":[
 {"role":"user","content":"Add","timestamp":"2026-05-01T10:00:00Z"},
 {"role":"assistant","content":null,"timestamp":"2026-05-01T10:00:02Z",
  "function_call":{"name":"add","arguments":"{\"a\": 1}"}},
 {"role":"function","name":"add","content":"2","timestamp":"2026-05-01T10:00:03Z"},
 {"role":"assistant","content":"2","timestamp":"2026-05-01T10:00:07Z"}],
 "tools":[{"type":"function","function":{"name":"sub","parameters":{}}}]})") ==
        "trace unknown task hashed, 7000 ms\n"
        "  AGENT agent 7000 ms answers\n"
        "    LLM chat no model 2000 ms calls 1\n"
        "    TOOL add 1000 ms {\"a\": 1} -> 2\n"
        "    LLM chat no model 4000 ms\n");
}

TEST_CASE("the results of tau-bench: reward, task and the simulated user") {
  CHECK(FactsOf(R"([{"task_id":3,"reward":1.0,"info":{"task":{"user_id":"u"}},"traj":[
 {"role":"system","content":"Policy."},{"role":"user","content":"Hi"},
 {"role":"assistant","content":"Who are you?"},{"role":"user","content":"u"},
 {"role":"assistant","content":null,"tool_calls":[{"id":"c","function":{"name":"get","arguments":"{}"}}]},
 {"role":"tool","tool_call_id":"c","name":"get","content":"{\"ok\": 1}"},
 {"role":"assistant","content":"Done."},{"role":"user","content":"###STOP###"}],"trial":0},
 {"task_id":3,"reward":0.0,"info":{},"traj":[{"role":"user","content":"Hi"}],"trial":1}])") ==
        "trace success by attribute task 3\n"
        "  AGENT agent answers\n"
        "    LLM chat no model\n"
        "    LLM chat no model calls 1\n"
        "    TOOL get {} -> {\"ok\": 1}\n"
        "    LLM chat no model\n"
        "trace failure by attribute task 3\n"
        "  AGENT agent without an answer\n");
}

TEST_CASE("the results of tau2-bench: times, costs, limits, and tools of the user") {
  CHECK(FactsOf(R"({"timestamp":"2026-05-01T10:00:00","info":{"agent_info":{"llm":"gpt-4.1-mini"},
 "user_info":{"llm":"gpt-4.1"},"environment_info":{"tool_defs":null}},"tasks":[],
 "simulations":[{"id":"ca0cc094-0afc-4220-9776-f0c1ac448bf8","task_id":"[roaming]",
 "start_time":"2026-05-01T10:00:00.5","end_time":"2026-05-01T10:00:09.5",
 "termination_reason":"max_steps","reward_info":{"reward":0.0},"trial":0,"messages":[
 {"role":"assistant","content":"Hello?","tool_calls":null,"cost":0.001,"turn_idx":0,
  "usage":{"completion_tokens":4,"prompt_tokens":20},"timestamp":"2026-05-01T10:00:01"},
 {"role":"user","content":null,"tool_calls":[{"id":"u1","name":"toggle","arguments":{},"requestor":"user"}]},
 {"role":"tool","id":"u1","content":"on","requestor":"user","error":false},
 {"role":"user","content":"It is on","tool_calls":null},
 {"role":"assistant","content":null,"tool_calls":[{"id":"a1","name":"find","arguments":{"n":1},"requestor":"assistant"}]},
 {"role":"tool","id":"a1","content":"not found","requestor":"assistant","error":true}]}]})") ==
        "trace failure by attribute task [roaming], 9000 ms\n"
        "  AGENT agent 9000 ms without an answer\n"
        "    LLM chat gpt-4.1-mini 20+4 tokens, 1000000 nUSD\n"
        "    LLM chat gpt-4.1-mini calls 1\n"
        "    TOOL find FAILED not found {\"n\":1} -> not found\n");
}

TEST_CASE("equal runs at two places are two runs, and a second import adds none") {
  const std::string line =
      R"([{"role":"user","content":"Hi"},{"role":"assistant","content":"Ho"}])";
  const std::string input = line + "\n" + line + "\n";
  ScratchStore store;
  store.IngestBytes(input);
  const std::string once = DumpFacts(store.engine());
  CHECK(once ==
        "trace unknown task hashed\n  AGENT agent answers\n    LLM chat no model\n"
        "trace unknown task hashed\n  AGENT agent answers\n    LLM chat no model\n");
  store.IngestBytes(input);
  CHECK(DumpFacts(store.engine()) == once);
}

TEST_CASE("what is no run is refused by name, and the rest is read") {
  const std::string run = R"({"messages":[{"role":"user","content":"Hi"},{"n":1}]})";
  const std::string facts = FactsOf(run + "\n{\"rows\":3}\n[1]\n" + run.substr(0, 40) + "\n" + run);
  CHECK(facts ==
        "trace unknown\n  AGENT agent without an answer\n"
        "trace unknown\n  AGENT agent without an answer\n"
        "refused 5\n");
}

TEST_CASE("a list that breaks off keeps the messages before the break") {
  const std::string facts = FactsOf(
      R"([{"role":"user","content":"Hi"},{"role":"assistant","content":"Ho"},{"role":"user","con)");
  CHECK(facts ==
        "trace unknown task hashed\n  AGENT agent answers\n    LLM chat no model\nrefused 1\n");
}

}  // namespace
}  // namespace halo
