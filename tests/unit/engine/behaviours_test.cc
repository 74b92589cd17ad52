// SPDX-License-Identifier: MIT
#include "engine/analysis/behaviours.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/analysis/analyse_trace.h"
#include "engine/model/behaviour.h"
#include "tests/support/text_marks.h"
#include "tests/support/written_trace.h"

namespace halo {
namespace {

using Did = BehaviourKind;

std::vector<std::string> BehavioursOf(const std::vector<Row>& rows) {
  Written written;
  const Trace trace = written.Of(rows);
  return AnalyseTrace(trace).behaviours;
}

bool Has(const std::vector<std::string>& all, Did kind, std::int64_t n = 0, std::string_view a = {},
         std::string_view b = {}) {
  return std::find(all.begin(), all.end(), BehaviourText(kind, n, a, b)) != all.end();
}

std::int64_t CountOf(const std::vector<std::string>& all, Did kind) {
  return std::count_if(all.begin(), all.end(),
                       [&](const std::string& text) { return ParseBehaviour(text)->kind == kind; });
}

TEST_CASE("the stored text of a behaviour is read back") {
  const Behaviour all[] = {
      {Did::kCalls, "search", "", 0},    {Did::kCallsOften, "search", "", 5},
      {Did::kThen, "search", "read", 0}, {Did::kNoCalls, "", "", 0},
      {Did::kTurns, "", "", 20},         {Did::kPrompt, "", "0123abcd", 0},
      {Did::kCannot, "", "", 0},
  };
  for (const Behaviour& each : all) {
    const auto read = ParseBehaviour(BehaviourText(each.kind, each.n, each.a, each.b));
    REQUIRE(read.has_value());
    CHECK(*read == each);
  }
  for (std::size_t kind = 0; kind < kBehaviourKinds; ++kind) {
    const auto read = ParseBehaviour(BehaviourText(static_cast<Did>(kind)));
    REQUIRE(read.has_value());
    CHECK(read->kind == static_cast<Did>(kind));
  }
  CHECK_FALSE(ParseBehaviour("").has_value());
  CHECK_FALSE(ParseBehaviour("?").has_value());
  CHECK_FALSE(ParseBehaviour("nx\x1fsearch").has_value());
}

TEST_CASE("a run's tools, pairs, repeats, failures and ends") {
  const std::string ask = Says("user", "find it");
  const std::vector<std::string> all = BehavioursOf({
      Agent("agent"),
      Chat("chat1", List({Says("system", "You find things."), ask}),
           List({Asks("c1", "search", R"({"q":"a"})")})),
      Tool("t1", "search", "c1", R"({"q":"a"})", "nothing"),
      Chat("chat2", List({Says("system", "You find things."), ask}),
           List({Asks("c2", "search", R"({"q":"a"})")})),
      Tool("t2", "search", "c2", R"({"q":"a"})", "", "timeout"),
      Chat("chat3", List({Says("system", "You find things."), ask}),
           List({Asks("c3", "read", R"({"id":1})")})),
      Tool("t3", "read", "c3", R"({"id":1})", "text"),
      Chat("chat4", List({Says("system", "You find things."), ask}),
           List({Says("assistant", "I'm sorry, I cannot find it.")})),
  });
  CHECK(Has(all, Did::kCalls, 0, "search"));
  CHECK(Has(all, Did::kCallsOften, 2, "search"));
  CHECK_FALSE(Has(all, Did::kCallsOften, 3, "search"));
  CHECK(Has(all, Did::kRepeats, 2, "search"));
  CHECK_FALSE(Has(all, Did::kRepeats, 2, "read"));
  CHECK(Has(all, Did::kFails, 1, "search"));
  CHECK_FALSE(Has(all, Did::kFails, 1, "read"));
  CHECK(Has(all, Did::kThen, 0, "search", "search"));
  CHECK(Has(all, Did::kThen, 0, "search", "read"));
  CHECK_FALSE(Has(all, Did::kThen, 0, "read", "search"));
  CHECK(Has(all, Did::kFirst, 0, "search"));
  CHECK(Has(all, Did::kLast, 0, "read"));
  CHECK(Has(all, Did::kTurns, 3));
  CHECK_FALSE(Has(all, Did::kTurns, 5));
  CHECK(Has(all, Did::kApologises));
  CHECK(Has(all, Did::kCannot));
  CHECK_FALSE(Has(all, Did::kNoCalls));
  CHECK(CountOf(all, Did::kPrompt) == 1);
  CHECK(CountOf(all, Did::kCorrected) == 0);
  CHECK(std::is_sorted(all.begin(), all.end()));
}

TEST_CASE("a chat without tools, in which the user corrects an answer twice") {
  const std::string first = Says("user", "book a flight to Rome"),
                    wrong = Says("user", "No, that's wrong. I said Rome."),
                    again = Says("user", "That's not what I asked for.");
  const std::string one = Says("assistant", "Paris it is."), two = Says("assistant", "Oslo then.");
  const std::vector<std::string> all = BehavioursOf({
      Agent("agent"),
      Chat("chat1", List({first}), List({one})),
      Chat("chat2", List({first, one, wrong}), List({two})),
      Chat("chat3", List({first, one, wrong, two, again}), List({Says("assistant", "Rome.")})),
  });
  CHECK(Has(all, Did::kNoCalls));
  CHECK(Has(all, Did::kCorrected, 1));
  CHECK(Has(all, Did::kCorrected, 2));
  CHECK(CountOf(all, Did::kApologises) == 0);
  CHECK(CountOf(all, Did::kPrompt) == 0);
}

TEST_CASE("system prompts and sets of tools are told apart") {
  const auto with = [](std::string system, std::string tools) {
    Row chat = Chat("chat1", List({Says("system", std::move(system)), Says("user", "hi")}),
                    List({Says("assistant", "hello")}));
    chat.attributes.emplace_back("gen_ai.tool.definitions", std::move(tools));
    return BehavioursOf({Agent("agent"), std::move(chat)});
  };
  const std::string search =
                        R"({"type":"function","name":"search","parameters":{"type":"object"}})",
                    read = R"({"type":"function","name":"read","parameters":{"type":"object"}})";
  const auto of = [](const std::vector<std::string>& all, Did kind) {
    for (const std::string& text : all) {
      if (ParseBehaviour(text)->kind == kind) return ParseBehaviour(text)->b;
    }
    return std::string();
  };
  const auto base = with("one", "[" + search + "," + read + "]");
  REQUIRE_FALSE(of(base, Did::kPrompt).empty());
  REQUIRE_FALSE(of(base, Did::kTools).empty());
  const auto reordered = with("one", "[" + read + "," + search + "]");
  CHECK(of(reordered, Did::kTools) == of(base, Did::kTools));
  CHECK(of(reordered, Did::kPrompt) == of(base, Did::kPrompt));
  CHECK(of(with("one", "[" + search + "]"), Did::kTools) != of(base, Did::kTools));
  CHECK(of(with("two", "[" + search + "," + read + "]"), Did::kPrompt) != of(base, Did::kPrompt));
}

TEST_CASE("a run of 3,000 different calls keeps a bounded number of behaviours") {
  std::vector<Row> rows = {Agent("agent")};
  for (int i = 0; i < 3000; ++i) {
    const std::string n = std::to_string(i);
    rows.push_back(Tool("t" + n, "tool" + n, "c" + n, R"({"i":)" + n + "}", "ok"));
  }
  const std::vector<std::string> all = BehavioursOf(rows);
  CHECK(all.size() <= kMostBehaviours);
  CHECK(CountOf(all, Did::kCalls) == 32);
}

TEST_CASE("words of apology and of refusal") {
  CHECK(IsMarked(MessageMark::kApologises, MessageRole::kAssistant,
                 "I apologize for the confusion."));
  CHECK(IsMarked(MessageMark::kApologises, MessageRole::kAssistant,
                 "I\xE2\x80\x99m sorry to hear that."));
  CHECK_FALSE(
      IsMarked(MessageMark::kApologises, MessageRole::kAssistant, "A sorry state of affairs."));
  CHECK(IsMarked(MessageMark::kCannot, MessageRole::kAssistant,
                 "Unfortunately I cannot change that order."));
  CHECK(IsMarked(MessageMark::kCannot, MessageRole::kAssistant, "We are unable to do this."));
  CHECK_FALSE(IsMarked(MessageMark::kCannot, MessageRole::kAssistant, "I can do that."));
}

}  // namespace
}  // namespace halo
