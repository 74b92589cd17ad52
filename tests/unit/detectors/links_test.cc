// SPDX-License-Identifier: MIT
// Detectors of what the model was given: results that do not reach it, arguments from nowhere, and
// what fills its prompts.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/facts/text_values.h"
#include "tests/support/text_marks.h"
#include "tests/support/written_trace.h"
#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

const std::string kTask = Says("user", "Compare the offers of both suppliers.");
const std::string kDone = List({Says("assistant", "The first one is cheaper.")});

std::vector<StoredFinding> Found(const Trace& trace, std::string_view detector) {
  return FindingsOf(AnalyseTrace(trace), detector);
}
bool Judged(const Trace& trace, std::string_view detector) {
  return IsEligible(AnalyseTrace(trace), detector);
}

std::string Text(std::size_t bytes, const std::string& begin = "Offer") {
  std::string text = begin;
  for (int i = 0; text.size() < bytes; ++i) text += " line " + std::to_string(i) + " of the offer,";
  return text.substr(0, bytes);
}

// Two calls in one answer, of which the next prompt shows `shown`.
std::vector<Row> TwoCalls(const std::vector<std::string>& shown, const std::string& first,
                          const std::string& tool = "get_offer") {
  const std::string asks = R"({"role":"assistant","parts":[)"
                           R"({"type":"tool_call","id":"k1","name":")" +
                           tool +
                           R"(","arguments":{"of":"north"}},)"
                           R"({"type":"tool_call","id":"k2","name":")" +
                           tool + R"(","arguments":{"of":"south"}}]})";
  std::vector<std::string> prompt = {kTask, asks};
  prompt.insert(prompt.end(), shown.begin(), shown.end());
  return {Agent("agent"), Chat("c1", List({kTask}), List({asks})),
          Tool("t1", tool, "k1", R"({"of":"north"})", first),
          Tool("t2", tool, "k2", R"({"of":"south"})", "South offers twelve pallets for 900 euros."),
          Chat("c2", List(prompt), kDone)};
}

const std::string kNorth = "North offers ten pallets for 700 euros.";
const std::string kSouth = Told("k2", "South offers twelve pallets for 900 euros.");

TEST_CASE("lost_result: one of two results does not reach the model") {
  Written written;
  const auto found = Found(written.Of(TwoCalls({kSouth}, kNorth)), "lost_result");
  REQUIRE(found.size() == 1);
  CHECK(found[0].locus.tool == "get_offer");
  CHECK(found[0].span_ids == std::vector<std::string>{"t1"});
  std::vector<std::string> spans;
  for (const StoredEvidence& each : found[0].evidence) spans.push_back(each.quote.span_id);
  CHECK(std::count(spans.begin(), spans.end(), "c1") > 0);
  CHECK(std::count(spans.begin(), spans.end(), "c2") == 1);  // what was made of it
}

TEST_CASE("lost_result: results that begin alike are not taken for each other") {
  Written written;
  const std::string alike = "South offers twelve pallets for 1,100 euros.";
  CHECK(Found(written.Of(TwoCalls({kSouth}, alike)), "lost_result").size() == 1);
}

TEST_CASE("lost_result: shown under another id, in another message, or in full") {
  Written written;
  const Trace full = written.Of(TwoCalls({Told("k1", kNorth), kSouth}, kNorth));
  CHECK(Found(full, "lost_result").empty());
  CHECK(Judged(full, "lost_result"));
  CHECK(Found(written.Of(TwoCalls({Told("x9", kNorth), kSouth}, kNorth)), "lost_result").empty());
  CHECK(Found(written.Of(TwoCalls({kSouth, Says("user", kNorth)}, kNorth)), "lost_result").empty());
  CHECK(Found(written.Of(TwoCalls({kSouth}, kNorth, "submit_answer")), "lost_result").empty());
}

TEST_CASE("lost_result and cut_result: where inputs are not recorded nothing is judged") {
  Written written;
  std::vector<Row> rows = TwoCalls({kSouth}, kNorth);
  rows.back() = Chat("c2", "", kDone);
  const Trace trace = written.Of(rows);
  CHECK_FALSE(Judged(trace, "lost_result"));
  CHECK_FALSE(Judged(trace, "cut_result"));
  rows = TwoCalls({kSouth}, "");
  rows[3] = Tool("t2", "get_offer", "k2", R"({"of":"south"})", "");
  CHECK_FALSE(Judged(written.Of(rows), "lost_result"));
}

TEST_CASE("cut_result: the model is shown the beginning of a long result") {
  Written written;
  const std::string whole = Text(4000);
  const auto found =
      Found(written.Of(TwoCalls({Told("k1", whole.substr(0, 1500)), kSouth}, whole)), "cut_result");
  REQUIRE(found.size() == 1);
  CHECK(found[0].span_ids == std::vector<std::string>{"t1"});
  CHECK(found[0].occurrences == 1);
}

TEST_CASE("cut_result: in full, hardly shorter, another text, a mask") {
  Written written;
  const std::string whole = Text(4000);
  const auto shown = [&](const std::string& part) {
    return Found(written.Of(TwoCalls({Told("k1", part), kSouth}, whole)), "cut_result");
  };
  CHECK(shown(whole).empty());
  CHECK(shown(whole.substr(0, 3600)).empty());
  CHECK(shown("A summary: the offer has many lines, and none of them names a price.").empty());
  CHECK(shown("[REDACTED]").empty());
}

// A look-up of one order, after `message` of the user.
std::vector<Row> LooksUp(const std::string& message, const std::string& arguments,
                         const std::string& result, const std::string& tool = "get_order") {
  const std::string user = Says("user", message), ask = Asks("k1", tool, arguments);
  return {Agent("agent"), Chat("c1", List({user}), List({ask})),
          Tool("t1", tool, "k1", arguments, result),
          Chat("c2", List({user, ask, Told("k1", result)}), kDone)};
}

TEST_CASE("ungrounded_argument: an id that stands nowhere, and finds nothing") {
  Written written;
  const auto found = Found(written.Of(LooksUp("Where is my order of May?", R"({"order":"A-7731"})",
                                              "No order with this number.")),
                           "ungrounded_argument");
  REQUIRE(found.size() == 1);
  CHECK(found[0].locus.tool == "get_order");
  CHECK(found[0].span_ids == std::vector<std::string>{"t1"});
}

TEST_CASE("ungrounded_argument: given, found, a number, part of a text, or to a tool that acts") {
  Written written;
  const auto found = [&](const std::string& message, const std::string& arguments,
                         const std::string& result, const std::string& tool = "get_order") {
    return Found(written.Of(LooksUp(message, arguments, result, tool)), "ungrounded_argument");
  };
  const std::string none = "No order with this number.", invented = R"({"order":"A-7731"})";
  CHECK(found("Where is a-7731?", invented, none).empty());
  CHECK(found("Where is it?", invented, "A-7731 is in Rome, and will be here on Monday.").empty());
  CHECK(found("Where is it?", R"({"order":7731})", none).empty());
  CHECK(found("Where is it?", R"({"query":"order A-7731 of May"})", none).empty());
  CHECK(found("Where is it?", invented, none, "create_order").empty());
  CHECK(found("Where is it?", R"({"A-7731":"order"})", none).empty());
}

TEST_CASE("the values of a call that are the whole text of an argument") {
  const auto whole = [](std::string_view arguments) {
    std::vector<std::uint32_t> values;
    AppendValues(arguments, values);
    return WholeValues(arguments, values);
  };
  CHECK(whole(R"({"order":"A-7731"})") == 1);
  CHECK(whole(R"({"text":"see A-1234","order":"A-7731"})") == 2);
  CHECK(whole(R"({"urls":["https://a.example/x","https://b.example/y z"]})") == 1);
  CHECK(whole("A-7731") == 1);
  CHECK(whole("find A-7731") == 0);
  CHECK(whole(R"({"note":"\"A-7731\""})") == 0);
  CHECK(whole(R"({"open":"A-7731)") == 0);
}

TEST_CASE("results that say that there is nothing") {
  for (const std::string_view text :
       {"[]", " {} ", "null", "\"\"", R"({"results": []})", R"({"found":false,"order":null})",
        R"({"ok": true, "rows": [ ], "count": 0})", "No order with this number.",
        "Order A-1 not found", R"({"error":"does not exist"})", "0 results"}) {
    INFO(text);
    CHECK(IsMarked(MessageMark::kFoundNothing, MessageRole::kTool, text));
  }
  for (const std::string_view text :
       {"", "Order A-1 is in Rome.", R"({"results": [1]})", R"({"name":"Bo","tags":[]})", "true",
        R"({"ok":true})", "Nobody noticed.", "nothing to declare", "{\"", "]", "7"}) {
    INFO(text);
    CHECK_FALSE(IsMarked(MessageMark::kFoundNothing, MessageRole::kTool, text));
  }
  CHECK_FALSE(IsMarked(MessageMark::kFoundNothing, MessageRole::kTool,
                       "Not found: " + std::string(500, 'x')));
}

// One call with a result of `tokens`, and `later` more model calls that still hold it.
Trace Reads(TraceBuilder& t, std::uint32_t tokens, int later, std::int64_t prompt_tokens) {
  StringPool& words = t.words_to_change();
  MessagePool& pool = words.messages();
  NewMessage user, asks, told;
  user.facts.role = MessageRole::kUser;
  user.facts.hash = 1;
  asks.facts.role = MessageRole::kAssistant;
  NewCall& call = asks.calls.emplace_back();
  call.facts.tool = t.Text("read_file");
  call.facts.id = 5;
  told.facts.role = MessageRole::kTool;
  told.facts.call_id = 5;
  told.facts.hash = 2;
  told.facts.size = tokens * 4;
  t.Agent("planner");
  SpanFacts& first = t.Llm();
  first.prompt = pool.Append(0, pool.Add(user));
  first.answer = pool.Append(0, pool.Add(asks));
  first.tool_call_count = 1;
  t.Tool("read_file", "x", "y").call_id = 5;
  const ContextId held = pool.Append(pool.Append(first.prompt, pool.Add(asks)), pool.Add(told));
  for (int i = 0; i <= later; ++i) {
    SpanFacts& next = t.Llm();
    next.prompt = held;
    next.usage.input = prompt_tokens;
  }
  t.Close();
  return t.Build();
}

TEST_CASE("oversized_result: a large part of the prompt, paid for with every later call") {
  TraceBuilder t;
  const auto found = Found(Reads(t, 10'000, 3, 20'000), "oversized_result");
  REQUIRE(found.size() == 1);
  CHECK(found[0].locus.tool == "read_file");
  CHECK(found[0].waste.tokens == 30'000);
  CHECK(found[0].waste.nano_usd > 0);
  CHECK(found[0].waste.critical_ns == 0);
}

TEST_CASE("oversized_result: small, or small beside the rest; read once it costs nothing more") {
  TraceBuilder small, beside, once;
  CHECK(Found(Reads(small, 1'900, 3, 4'000), "oversized_result").empty());
  CHECK(Found(Reads(beside, 10'000, 3, 50'000), "oversized_result").empty());
  const auto found = Found(Reads(once, 10'000, 0, 20'000), "oversized_result");
  REQUIRE(found.size() == 1);
  CHECK(found[0].waste.tokens == 0);
}

TEST_CASE("context_bloat: prompts that grow to three times the first and beyond the limit") {
  const auto found = [](const std::vector<std::int64_t>& tokens) {
    TraceBuilder t;
    t.Agent("planner");
    for (const std::int64_t each : tokens) t.Llm().usage.input = each;
    const TraceSummary summary = t.Analyse();
    CHECK(IsEligible(summary, "context_bloat") == (tokens.size() >= 5));
    return FindingsOf(summary, "context_bloat").size();
  };
  CHECK(found({10'000, 20'000, 25'000, 30'000, 40'000}) == 1);
  CHECK(found({10'000, 20'000, 25'000, 30'000, 31'000}) == 0);
  CHECK(found({20'000, 25'000, 30'000, 35'000, 40'000}) == 0);
  CHECK(found({10'000, 40'000, 10'000, 40'000, 40'000}) == 0);
  CHECK(found({10'000, 20'000, 30'000, 40'000}) == 0);
}

// Code that is run, and what it gives.
std::vector<Row> Runs(const std::string& code, const std::string& result) {
  const std::string arguments = R"({"code":")" + code + R"("})";
  const std::string ask = Asks("k1", "python_interpreter", arguments);
  return {Agent("agent"), Chat("c1", List({kTask}), List({ask})),
          Tool("t1", "python_interpreter", "k1", arguments, result),
          Chat("c2", List({kTask, ask, Told("k1", result)}), kDone)};
}

TEST_CASE("echoed_action: code that prints what the model wrote") {
  Written written;
  const std::string request = "Please search the web for the price of ten pallets";
  CHECK(Found(written.Of(Runs("print('" + request + "')", request)), "echoed_action").size() == 1);
  CHECK(
      Found(written.Of(Runs("print(price('" + request + "'))", "The price is 700 euros a pallet")),
            "echoed_action")
          .empty());
  // It prints more than was written, or nothing that could be recognised.
  CHECK(Found(written.Of(Runs("print('" + request + "', f())", request + Text(400, " and"))),
              "echoed_action")
            .empty());
  CHECK(Found(written.Of(Runs("print('ok')", "ok")), "echoed_action").empty());
}

TEST_CASE("redundant_call: the same again, with nothing between that acts") {
  const auto found = [](const std::vector<std::string>& calls) {
    TraceBuilder t;
    t.Agent("planner");
    for (const std::string& call : calls) {
      const std::size_t colon = call.find(':');
      t.Turn(call.substr(0, colon), call.substr(colon + 1), "result of " + call);
    }
    return FindingsOf(t.Analyse(), "redundant_call");
  };
  const auto again = found({"read:a", "read:b", "read:a"});
  REQUIRE(again.size() == 1);
  CHECK(again[0].occurrences == 1);
  CHECK(again[0].span_ids.at(0) == "s000007");  // the repetition
  CHECK(again[0].waste.tokens == 110);
  CHECK(found({"read:a", "read:a"}).size() == 1);
  CHECK(found({"read:a", "read:b"}).empty());
  CHECK(found({"read:a", "write:b", "read:a"}).empty());
  CHECK(found({"get_status:a", "read:b", "get_status:a"}).empty());
  // What another detector of repeats reports.
  CHECK(found({"read:a", "read:a", "read:a", "read:a"}).empty());
  CHECK(found({"read:a", "read:b", "read:a", "read:b", "read:a", "read:b"}).empty());
}

TEST_CASE("redundant_call: another result, a failure and what was not recorded") {
  TraceBuilder t;
  t.Agent("planner");
  t.Turn("read", "a", "one");
  t.Turn("read", "a", "two");
  t.Fail(t.Turn("look", "a", ""), "Error");
  t.Fail(t.Turn("look", "a", ""), "Error");
  t.Turn("find", "a", "");
  t.Turn("find", "a", "");
  CHECK(FindingsOf(t.Analyse(), "redundant_call").empty());
}

}  // namespace
}  // namespace halo
