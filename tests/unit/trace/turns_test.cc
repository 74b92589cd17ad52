// SPDX-License-Identifier: MIT
#include "engine/trace/turns.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/trace/trace.h"
#include "tests/support/dump_turns.h"
#include "tests/support/written_trace.h"

namespace halo {
namespace {

struct Case {
  std::string what;
  std::vector<Row> rows;
  std::string turns;
};

const std::string kUser = Says("user", "Where is my order A-1042?");
const std::string kLong =
    "The parcel left the warehouse on Monday and was handed over to the carrier, who expects to "
    "deliver it at the front door before Friday noon; tracking code ZX-99812.";

std::vector<Case> Cases() {
  return {
      {"by call id, in parts",
       {Agent("agent"),
        Chat("c1", List({kUser}), List({Asks("k1", "find", R"({"order":"A-1042"})")})),
        Tool("t1", "find", "k1", R"({"order":"A-1042"})", "shipped"),
        Chat("c2",
             List({kUser, Asks("k1", "find", R"({"order":"A-1042"})"), Told("k1", "shipped")}),
             List({Says("assistant", "It is on its way.")}))},
       "tool find in t1: asked c1 #0/1 by id, seen c2 @2 by id; not known: tools\n"
       "  value from user in c1\n"
       "prompt c1: 1 messages, 0 kept, 1 added, new from 0\n"
       "prompt c2: 3 messages, 1 kept, 2 added, new from 2\n"},
      {"a refused call has no span, and its failure stands in the next prompt",
       {Agent("agent"), Chat("c1", List({kUser}), List({Asks("k1", "find", R"({"nr":7})")})),
        Chat("c2",
             List({kUser, Asks("k1", "find", R"({"nr":7})"),
                   Told("k1", "Error: invalid arguments for find: order is required")}),
             List({Asks("k2", "find", R"({"order":"A-1042"})")})),
        Tool("t2", "find", "k2", R"({"order":"A-1042"})", "shipped"),
        Chat("c3",
             List({kUser, Asks("k1", "find", R"({"nr":7})"),
                   Told("k1", "Error: invalid arguments for find: order is required"),
                   Asks("k2", "find", R"({"order":"A-1042"})"), Told("k2", "shipped")}),
             List({Says("assistant", "It is on its way.")}))},
       "no span find FAILED invalid arguments for find: order is required: asked c1 #0/1 by id, "
       "seen c2 @2 by id; not known: tools\n"
       "tool find in t2: asked c2 #0/1 by id, seen c3 @4 by id; not known: tools\n"
       "  value from user in c1\n"
       "prompt c1: 1 messages, 0 kept, 1 added, new from 0\n"
       "prompt c2: 3 messages, 1 kept, 2 added, new from 2\n"
       "prompt c3: 5 messages, 3 kept, 2 added, new from 4\n"},
      {"without ids: by equal arguments, and by the text of the result",
       {Agent("agent"),
        Chat("c1", List({kUser}),
             List({Asks("", "find", R"({"order":"A-1042"})"),
                   Asks("", "find", R"({"order":"B-7"})")})),
        Tool("t1", "find", "", R"({"order":"B-7"})", "no such order"),
        Tool("t2", "find", "", R"({"order":"A-1042"})", kLong),
        Chat("c2", List({kUser, Says("user", "Result of find: " + kLong)}),
             List({Says("assistant", "Soon.")}))},
       "tool find in t1: asked c1 #1/2 by request, seen c2 by order; not known: ids tools\n"
       "tool find in t2: asked c1 #0/2 by request, seen c2 @1 by text; not known: ids tools\n"
       "  value from user in c1\n"
       "prompt c1: 1 messages, 0 kept, 1 added, new from 0\n"
       "prompt c2: 2 messages, 1 kept, 1 added, new from 0\n"},
      {"a message that is gone, and a result that is cut",
       {Agent("agent"),
        Chat("c1", List({Says("system", "Be brief and kind."), kUser}),
             List({Asks("k1", "find", "{}")})),
        Tool("t1", "find", "k1", "{}", kLong),
        Chat("c2",
             List({Says("system", "Be brief and kind."), kUser, Asks("k1", "find", "{}"),
                   Told("k1", kLong)}),
             List({Asks("k2", "track", R"({"code":"ZX-99812"})")})),
        Tool("t2", "track", "k2", R"({"code":"ZX-99812"})", "ok"),
        Chat("c3",
             List({Says("system", "Be brief and kind."), Asks("k1", "find", "{}"),
                   Told("k1", kLong.substr(0, 60) + "..."),
                   Asks("k2", "track", R"({"code":"ZX-99812"})"), Told("k2", "ok")}),
             List({Says("assistant", "Soon.")}))},
       "tool find in t1: asked c1 #0/1 by id, seen c2 @3 by id; not known: tools\n"
       "tool track in t2: asked c2 #0/1 by id, seen c3 @4 by id; not known: tools\n"
       "  value from result in c2 of turn 0\n"
       "prompt c1: 2 messages, 0 kept, 2 added, new from 0\n"
       "prompt c2: 4 messages, 2 kept, 2 added, new from 3\n"
       "prompt c3: 5 messages, 2 kept, 3 added, new from 4\n"
       "  lost user @1\n"
       "  lost tool @3, cut to @2\n"},
      {"an agent that hands off, and a value that nobody gave",
       {Agent("agent"),
        Chat("c1", List({kUser}),
             List({Asks(
                 "k1", "ask_clerk",
                 R"({"request":"Please look up where the parcel of the customer is now"})")})),
        Agent("clerk", "agent"),
        {"c2",
         "clerk",
         {{"gen_ai.operation.name", "chat"},
          {"gen_ai.input.messages",
           List({Says("system", "You are a clerk."),
                 Says("user", "Please look up where the parcel of the customer is now")})},
          {"gen_ai.output.messages", List({Asks("k2", "find", R"({"order":"Q-55301"})")})}},
         {}},
        Chat("c3",
             List({kUser,
                   Asks("k1", "ask_clerk",
                        R"({"request":"Please look up where the parcel of the customer is now"})"),
                   Told("k1", "not found")}),
             List({Says("assistant", "Sorry.")}))},
       "hand-off ask_clerk in clerk: asked c1 #0/1 by order, seen c3 @2 by id; not known: result "
       "tools\n"
       "no span find: asked c2 #0/1 by id, seen - by none; not known: result tools\n"
       "  value from nowhere\n"
       "payload of turn 0: c2 @1\n"
       "prompt c1: 1 messages, 0 kept, 1 added, new from 0\n"
       "prompt c2: 2 messages, 0 kept, 2 added, new from 0\n"
       "prompt c3: 3 messages, 1 kept, 2 added, new from 2\n"},
      {"no content: what is not recorded is not known",
       {Agent("agent"),
        {"c1", "agent", {{"gen_ai.operation.name", "chat"}}, {}},
        Tool("t1", "find", "", "", ""),
        {"c2", "agent", {{"gen_ai.operation.name", "chat"}}, {}}},
       "tool find in t1: asked c1 by order, seen c2 by order; not known: asked seen result ids "
       "tools\n"
       "prompt c1: 0 messages, 0 kept, 0 added, new from 0\n"
       "prompt c2: 0 messages, 0 kept, 0 added, new from 0, not judged\n"},
      {"a step that rejects what the model wrote",
       {Agent("agent"),
        {"step 1",
         "agent",
         {{"openinference.span.kind", "CHAIN"}},
         "could not parse the code block"},
        {"c1",
         "step 1",
         {{"openinference.span.kind", "LLM"},
          {"llm.input_messages.0.message.role", "user"},
          {"llm.input_messages.0.message.content", "Add the numbers"},
          {"llm.output_messages.0.message.role", "assistant"},
          {"llm.output_messages.0.message.content", "Thought: I shall add them"}},
         {}},
        {"c2",
         "agent",
         {{"openinference.span.kind", "LLM"},
          {"llm.input_messages.0.message.role", "user"},
          {"llm.input_messages.0.message.content", "Add the numbers"},
          {"llm.output_messages.0.message.role", "assistant"},
          {"llm.output_messages.0.message.content", "5"}},
         {}}},
       "step  in step 1 FAILED could not parse the code block: asked c1 by step, seen c2 by order; "
       "not known: ids tools\n"
       "prompt c1: 1 messages, 0 kept, 1 added, new from 0\n"
       "prompt c2: 1 messages, 1 kept, 0 added, new from 0\n"},
      {"blocks of Anthropic: two results in one message",
       {Agent("agent"),
        Chat(
            "c1", R"([{"role":"user","content":"Two orders"}])",
            R"([{"role":"assistant","content":[{"type":"tool_use","id":"u1","name":"find","input":{"n":1}},{"type":"tool_use","id":"u2","name":"find","input":{"n":2}}]}])"),
        Tool("t1", "find", "", R"({"n":1})", "one"), Tool("t2", "find", "", R"({"n":2})", "two"),
        Chat(
            "c2",
            R"([{"role":"user","content":"Two orders"},{"role":"assistant","content":[{"type":"tool_use","id":"u1","name":"find","input":{"n":1}},{"type":"tool_use","id":"u2","name":"find","input":{"n":2}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"u1","content":"one"},{"type":"tool_result","tool_use_id":"u2","content":"two"}]}])",
            R"([{"role":"assistant","content":"Both."}])")},
       "tool find in t1: asked c1 #0/2 by request, seen c2 @2 by id; not known: tools\n"
       "tool find in t2: asked c1 #1/2 by request, seen c2 @3 by id; not known: tools\n"
       "prompt c1: 1 messages, 0 kept, 1 added, new from 0\n"
       "prompt c2: 4 messages, 1 kept, 3 added, new from 2\n"},
  };
}

TEST_CASE("turns, links and prompts of hand-written traces") {
  for (const Case& one : Cases()) {
    INFO(one.what);
    Written written;
    const Trace trace = written.Of(one.rows);
    CHECK(DumpTurns(trace) == one.turns);
    for (std::size_t t = 0; t < trace.turns.all.size(); ++t) {
      const Turn& turn = trace.turns.all[t];
      if (turn.action != -1) CHECK(trace.turns.of_action[turn.action] == static_cast<int>(t));
      if (turn.call != -1) CHECK(CallOf(trace, turn) != nullptr);
    }
  }
}

TEST_CASE("a turn is cited in the order in which it happened") {
  Written written;
  const Trace trace = written.Of(Cases()[1].rows);
  Finding finding;
  finding.Cite(EvidenceRole::kAnswer, 1, QuoteRef{1, 0, 1});
  CiteTurn(trace, trace.turns.all[0], finding);
  std::string cited;
  for (const Evidence& one : finding.evidence) {
    cited += std::string(EvidenceRoleName(one.role)) + " " + one.place + ";";
  }
  CHECK(cited == "answer ;asked ~call/0;arguments ~arguments/0;seen ~in/2;");
}

// A run of `calls` model calls, each of which sends the whole history and asks for a tool.
std::uint64_t WorkOf(std::size_t calls) {
  StringPool words;
  MessagePool& pool = words.messages();
  std::vector<SpanFacts> spans;
  const auto add = [&](Kind kind, std::size_t i) -> SpanFacts& {
    SpanFacts& span = spans.emplace_back();
    span.span_id = words.Intern("s" + std::to_string(spans.size()));
    span.parent_id = spans.size() == 1 ? 0 : spans.front().span_id;
    span.kind = kind;
    span.start_ns = 1'700'000'000'000'000'000 + static_cast<std::int64_t>(i) * 1000;
    span.end_ns = span.start_ns + 500;
    return span;
  };
  add(Kind::kAgent, 0);
  ContextId prompt = 0;
  for (std::size_t i = 0; i < calls; ++i) {
    NewMessage asked;
    asked.facts.role = MessageRole::kAssistant;
    NewCall& call = asked.calls.emplace_back();
    call.facts.id = 1 + i;
    call.facts.request = 7;  // every call is the same
    call.values = {static_cast<std::uint32_t>(i)};
    NewMessage result;
    result.facts.role = MessageRole::kTool;
    result.facts.call_id = 1 + i;
    result.heads = {9};
    SpanFacts& llm = add(Kind::kLlm, 2 * i + 1);
    llm.prompt = prompt;
    const MessageId asking = pool.Add(asked);
    llm.answer = pool.Append(0, asking);
    llm.has_output = true;
    SpanFacts& tool = add(Kind::kTool, 2 * i + 2);
    tool.tool = words.Intern("find");
    tool.arguments_hash = 7;
    tool.call_id = 1 + i;
    const MessageId told = pool.Add(result);
    tool.answer = pool.Append(0, told);
    prompt = pool.Append(pool.Append(prompt, asking), told);
  }
  spans.front().end_ns = spans.back().end_ns + 1;
  const Trace trace = BuildTrace("default", "t1", words, std::move(spans));
  REQUIRE(trace.turns.all.size() == calls);
  for (std::size_t t = 0; t < calls; ++t) {
    const Turn& turn = trace.turns.all[t];
    if (turn.asked_basis != TurnBasis::kCallId) FAIL("turn " << t << " is not paired by id");
    if (t + 1 < calls && turn.result_at != static_cast<std::int32_t>(2 * t + 1)) {
      FAIL("turn " << t << " reads its result at " << turn.result_at);
    }
  }
  return trace.turns.work;
}

TEST_CASE("a trace of 100,000 spans costs work in proportion to its length") {
  const std::uint64_t half = WorkOf(25'000), whole = WorkOf(50'000);
  CHECK(whole < half * 21 / 10);
  CHECK(whole < 50'000 * 12);
}

}  // namespace
}  // namespace halo
