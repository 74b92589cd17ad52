// SPDX-License-Identifier: MIT
// What answers say and runs do not do: stopped_early, announced_not_done, plan_not_followed,
// unsupported_claim and made_up_data.
#include <string>
#include <vector>

#include "engine/detectors/all_detectors.h"
#include "engine/facts/announcement_words.h"
#include "engine/facts/claim_words.h"
#include "engine/facts/made_up_words.h"
#include "engine/facts/tool_mentions.h"
#include "tests/support/text_marks.h"
#include "tests/unit/detectors/found_in.h"

namespace halo {
namespace {

const std::vector<std::string> kTools = {"find_order", "cancel_order", "weather"};
const std::string kTask = Says("user", "Where is my order A-1?");
const std::string kAsk = Asks("k1", "find_order", R"({"id":"A-1"})");
const std::string kResult = Told("k1", "shipped on Monday");

// A run that looks up an order and ends with `last`.
std::vector<Row> EndsWith(const std::string& last, const std::string& first = {}) {
  const std::string ask =
      first.empty()
          ? kAsk
          : R"({"role":"assistant","parts":[{"type":"text","content":")" + first +
                R"("},{"type":"tool_call","id":"k1","name":"find_order","arguments":{"id":"A-1"}}]})";
  return {
      Agent("agent"), Offered(Chat("c1", List({kTask}), List({ask})), kTools),
      Tool("t1", "find_order", "k1", R"({"id":"A-1"})", "shipped on Monday"),
      Offered(Chat("c2", List({kTask, ask, kResult}), List({Says("assistant", last)})), kTools)};
}

std::string SpanOf(const Trace& trace, const Finding& finding) {
  return std::string(trace.Text(trace.spans[finding.spans.at(0)].span_id));
}

TEST_CASE("stopped_early: a last answer that announces what it does next") {
  Written written;
  const Trace trace = written.Of(EndsWith("It was shipped. Let me check where it is now."));
  const auto found = FoundIn(trace, "stopped_early");
  REQUIRE(found.size() == 1);
  CHECK(SpanOf(trace, found[0]) == "c2");
  CHECK(found[0].signature == "ends by announcing its next action");
  CHECK(found[0].locus.agent == "agent");
  CHECK(found[0].evidence.at(0).quote.length ==
        std::string("Let me check where it is now.").size());
  // Not in the middle of the run.
  CHECK(FoundIn(trace, "announced_not_done").empty());
}

TEST_CASE("stopped_early: a last answer that writes its call into the text") {
  for (const char* const text :
       {R"({\"name\": \"cancel_order\", \"arguments\": {\"id\": \"A-1\"}})",
        R"(<tool_call>{\"name\": \"cancel\"}</tool_call>)", R"(cancel_order(id=\"A-1\"))",
        R"(functions.cancel_order({\"id\": 1}))", R"(```python\ncancel_order(\"A-1\")\n```)",
        R"(<cancel_order><id>A-1</id></cancel_order>)",
        R"(Action: cancel_order\nAction Input: A-1)"}) {
    INFO(text);
    const auto found = FoundIn(EndsWith(text), "stopped_early");
    REQUIRE(found.size() == 1);
    CHECK(found[0].signature == "writes its call into the text");
  }
}

TEST_CASE("stopped_early: answers that end a run") {
  for (const char* const text :
       {"It was shipped on Monday.", "Let me know if you need anything else.",
        "It was shipped. Shall I cancel it? Let me check with you first.",
        "I'll cancel it once you confirm.", "You can call find_order again later.",
        "If you like, I will check again tomorrow.", "I will be here.", "I'll keep an eye on it.",
        "I called find_order(A-1) and it was shipped.",
        "| tool | does |\\n| cancel_order(id) | cancels it |"}) {
    INFO(text);
    CHECK(FoundIn(EndsWith(text), "stopped_early").empty());
  }
}

TEST_CASE("stopped_early: not where the run failed, returned another text, or has no tools") {
  const std::string announces = "Let me check where it is now.";
  std::vector<Row> rows = EndsWith(announces);
  rows[0] = Returns("Your order was shipped on Monday, it will arrive soon.");
  CHECK(FoundIn(rows, "stopped_early").empty());
  rows[0] = Returns(announces);
  CHECK(FoundIn(rows, "stopped_early").size() == 1);
  rows[0].error = "boom";
  CHECK(FoundIn(rows, "stopped_early").empty());
  const std::vector<Row> talk = {Agent("agent"),
                                 Chat("c1", List({kTask}), List({Says("assistant", announces)}))};
  CHECK(FoundIn(talk, "stopped_early").empty());
  Written written;
  CHECK_FALSE(DetectorNamed("stopped_early").eligible(written.Of(talk)));
  // A call in the text that the harness reads and runs.
  std::vector<Row> read = EndsWith("<tool_call>find_order</tool_call>");
  read.push_back(Tool("t2", "find_order", "", "", "shipped"));
  CHECK(FoundIn(read, "stopped_early").empty());
}

// A user is told `answer`, writes again, and is answered.
std::vector<Row> ChatOf(const std::string& answer, const std::string& next = {}) {
  const std::string said = Says("assistant", answer);
  const std::string again = next.empty() ? Says("user", "Yes, please.") : next;
  return {
      Agent("agent"), Offered(Chat("c1", List({kTask}), List({said})), kTools),
      Offered(Chat("c2", List({kTask, said, again}), List({Says("assistant", "It is in Rome.")})),
              kTools)};
}

TEST_CASE("announced_not_done: a user has to write again before anything follows") {
  Written written;
  const Trace trace = written.Of(ChatOf("I'll look that up for you now. One moment, please."));
  const auto found = FoundIn(trace, "announced_not_done");
  REQUIRE(found.size() == 1);
  CHECK(SpanOf(trace, found[0]) == "c1");
  CHECK(FoundIn(trace, "stopped_early").empty());
}

TEST_CASE("announced_not_done: what follows, and what is no announcement") {
  CHECK(FoundIn(ChatOf("Which order do you mean?"), "announced_not_done").empty());
  CHECK(FoundIn(ChatOf("I can check that. Shall I?"), "announced_not_done").empty());
  // The harness lets the model go on.
  CHECK(FoundIn(EndsWith("Done.", "Let me look it up."), "announced_not_done").empty());
  // The next call belongs to another talk.
  std::vector<Row> other = ChatOf("Let me look it up.");
  other[2] =
      Offered(Chat("c2", List({Says("user", "Next!")}), List({Says("assistant", "Yes?")})), kTools);
  CHECK(FoundIn(other, "announced_not_done").empty());
  // Another agent may do it.
  std::vector<Row> handed_on = ChatOf("Let me look it up.");
  handed_on.push_back(Agent("clerk", "agent"));
  handed_on[2].parent = "clerk";
  std::swap(handed_on[2], handed_on[3]);
  CHECK(FoundIn(handed_on, "announced_not_done").empty());
  const std::vector<Row> unrecorded = {Agent("agent"), Chat("c1", "", ""), Chat("c2", "", "")};
  CHECK(FoundIn(unrecorded, "announced_not_done").empty());
  Written written;
  CHECK_FALSE(DetectorNamed("announced_not_done").eligible(written.Of(unrecorded)));
}

TEST_CASE("plan_not_followed: a planned tool that nobody calls") {
  Written written;
  const Trace trace = written.Of(
      EndsWith("It was shipped.", "I will find it with find_order, then call `cancel_order`."));
  const auto found = FoundIn(trace, "plan_not_followed");
  REQUIRE(found.size() == 1);
  CHECK(found[0].locus.tool == "cancel_order");
  CHECK(SpanOf(trace, found[0]) == "c1");
  REQUIRE(found[0].evidence.size() == 2);
  CHECK(found[0].evidence[0].quote.length > 40);
}

TEST_CASE("plan_not_followed: conditions, denials, plain words and broken runs") {
  for (const char* const text :
       {"I will call find_order now.", "If it is late, I will call cancel_order.",
        "I will not call cancel_order.", "Let me look at the weather first.",
        "I can use find_order and cancel_order.", "Looking."}) {
    INFO(text);
    CHECK(FoundIn(EndsWith("It was shipped.", text), "plan_not_followed").empty());
  }
  std::vector<Row> failed = EndsWith("It was shipped.", "Then I will call cancel_order.");
  CHECK(FoundIn(failed, "plan_not_followed").size() == 1);
  failed[0].error = "boom";
  CHECK(FoundIn(failed, "plan_not_followed").empty());
  // Tools that are not known cannot be missed.
  std::vector<Row> unknown = EndsWith("It was shipped.", "Then I will call cancel_order.");
  for (Row& row : unknown) {
    std::erase_if(row.attributes,
                  [](const auto& a) { return a.first == "gen_ai.tool.definitions"; });
  }
  CHECK(FoundIn(unknown, "plan_not_followed").empty());
  Written written;
  CHECK_FALSE(DetectorNamed("plan_not_followed").eligible(written.Of(unknown)));
}

TEST_CASE("unsupported_claim: a check that was claimed while nothing was called") {
  Written written;
  const Trace trace = written.Of(ChatOf("I have checked our records: it is in Rome."));
  const auto found = FoundIn(trace, "unsupported_claim");
  REQUIRE(found.size() == 1);
  CHECK(SpanOf(trace, found[0]) == "c1");
}

TEST_CASE("unsupported_claim: checks that were made, denied, or may have been made before") {
  CHECK(
      FoundIn(EndsWith("I have checked our records: it is in Rome."), "unsupported_claim").empty());
  CHECK(FoundIn(ChatOf("I haven't checked our records yet."), "unsupported_claim").empty());
  CHECK(FoundIn(ChatOf("Have you checked your records?"), "unsupported_claim").empty());
  // An earlier answer, perhaps of an earlier trace, may rest on a call.
  const std::vector<Row> later = {
      Agent("agent"),
      Offered(Chat("c1", List({kTask, Says("assistant", "In Rome."), Says("user", "Sure?")}),
                   List({Says("assistant", "Yes, I checked our records.")})),
              kTools)};
  CHECK(FoundIn(later, "unsupported_claim").empty());
  std::vector<Row> unrecorded = ChatOf("I have checked our records: it is in Rome.");
  for (Row& row : unrecorded) {
    std::erase_if(row.attributes, [](const auto& a) { return a.first == "gen_ai.input.messages"; });
  }
  CHECK(FoundIn(unrecorded, "unsupported_claim").empty());
  Written written;
  CHECK_FALSE(DetectorNamed("unsupported_claim").eligible(written.Of(unrecorded)));
}

TEST_CASE("made_up_data: an answer or its code says that its data are assumed") {
  for (const char* const text :
       {"I assumed a growth of 4 % for May.", "These are hypothetical sales figures.",
        "The table holds placeholder values.", "Let's assume that the price is 20 euros."}) {
    INFO(text);
    CHECK(FoundIn(EndsWith(text), "made_up_data").size() == 1);
  }
  const std::string code =
      Asks("k1", "find_order", R"({"code":"# Simulated data\nsales = [1, 2, 3]"})");
  CHECK(FoundIn({Agent("agent"), Chat("c1", List({kTask}), List({code}))}, "made_up_data").size() ==
        1);
}

TEST_CASE("made_up_data: not where it was asked for, or a tool gave it") {
  CHECK(FoundIn(EndsWith("I did not assume anything: 4 units."), "made_up_data").empty());
  CHECK(FoundIn(EndsWith("I assume that you are at home."), "made_up_data").empty());
  const std::string asks = Says("user", "Write a test with mock data.");
  const std::string answer = Says("assistant", "Here are the mock data: 1, 2.");
  CHECK(
      FoundIn({Agent("agent"), Chat("c1", List({asks}), List({answer}))}, "made_up_data").empty());
  const std::vector<Row> unrecorded = {Agent("agent"), Chat("c1", "", List({answer}))};
  CHECK(FoundIn(unrecorded, "made_up_data").empty());
  Written written;
  CHECK_FALSE(DetectorNamed("made_up_data").eligible(written.Of(unrecorded)));
}

TEST_CASE("announcements are told from offers, promises and answers") {
  for (const char* const text :
       {"Let me check that.", "I\xE2\x80\x99ll now search the web for it.", "Now calling get_rate.",
        "I am going to update the file:", "Sure. I will go ahead and cancel the order.",
        "Checking the stock now...", "Let's take a look. One moment please.",
        "Next, I'll read the second page"}) {
    INFO(text);
    CHECK(IsMarked(MessageMark::kAnnounces, MessageRole::kAssistant, text));
  }
  for (const char* const text :
       {"", "Done.", "Let me know.", "Let me explain: it is late.", "I will let you know.",
        "Let me check that. It is in Rome.", "I'll send it when you confirm.", "May I check that?",
        "I'm happy to check it.", "I will not check that.", "The update will run tonight.",
        "He said: wait. I'll be brief."}) {
    INFO(text);
    CHECK_FALSE(IsMarked(MessageMark::kAnnounces, MessageRole::kAssistant, text));
  }
}

TEST_CASE("claims of a check are told from denials and from what others did") {
  for (const char* const text :
       {"I checked the manual.", "I've just verified it.", "According to our records, it was sold.",
        "We have reviewed it."}) {
    INFO(text);
    CHECK(IsMarked(MessageMark::kClaims, MessageRole::kAssistant, text));
  }
  for (const char* const text :
       {"", "I could not check it.", "The customer checked the manual.", "I will have checked it.",
        "It was verified in May.", "Once I have checked it, I answer."}) {
    INFO(text);
    CHECK_FALSE(IsMarked(MessageMark::kClaims, MessageRole::kAssistant, text));
  }
}

}  // namespace
}  // namespace halo
