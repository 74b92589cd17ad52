// SPDX-License-Identifier: MIT
// Failures without an error status.
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/detectors/all_detectors.h"
#include "tests/support/text_marks.h"
#include "tests/support/written_trace.h"
#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

const TraceDetector& DetectorNamed(std::string_view name) {
  for (const TraceDetector& detector : AllTraceDetectors()) {
    if (detector.name == name) return detector;
  }
  FAIL(name);
  throw;
}

std::vector<Finding> Found(std::string_view detector, const Trace& trace) {
  std::vector<Finding> out;
  DetectorNamed(detector).find(trace, out);
  if (!out.empty()) CHECK(DetectorNamed(detector).eligible(trace));
  return out;
}

const std::string kTask = Says("user", "What does the report say about sales?");

// A run that opens a page twice and answers.
std::vector<Row> Opens(const std::string& first, const std::string& second,
                       const std::string& error = {}) {
  const std::string ask = Asks("k1", "open", R"({"page":"a"})");
  const std::string again = Asks("k2", "open", R"({"page":"b"})");
  return {Agent("agent"),
          Chat("c1", List({kTask}), List({ask})),
          Tool("t1", "open", "k1", R"({"page":"a"})", first, error),
          Chat("c2", List({kTask, ask, Told("k1", first)}), List({again})),
          Tool("t2", "open", "k2", R"({"page":"b"})", second),
          Chat("c3", List({kTask, ask, Told("k1", first), again, Told("k2", second)}),
               List({Says("assistant", "Sales rose.")}))};
}

TEST_CASE("error_as_success: a page that is no result, at its turn") {
  Written written;
  const Trace trace = written.Of(Opens("Sales rose by 4 %.", "Please log in to see this page."));
  const std::vector<Finding> found = Found("error_as_success", trace);
  REQUIRE(found.size() == 1);
  CHECK(found[0].locus.tool == "open");
  CHECK(found[0].signature == "log-in page");
  REQUIRE(found[0].spans.size() == 1);
  CHECK(trace.Text(trace.spans[found[0].spans[0]].span_id) == "t2");
  // In order: the result, what was asked for, and where the model read it.
  REQUIRE(found[0].evidence.size() >= 3);
  CHECK(found[0].evidence[0].role == EvidenceRole::kResult);
  std::vector<std::string_view> spans;
  for (const Evidence& each : found[0].evidence) {
    spans.push_back(trace.Text(trace.spans[each.span].span_id));
  }
  CHECK(std::count(spans.begin(), spans.end(), "c2") > 0);
  CHECK(std::count(spans.begin(), spans.end(), "c3") > 0);
}

TEST_CASE("error_as_success: one finding a run, tool and kind; the others are occurrences") {
  Written written;
  const auto found = Found("error_as_success",
                           written.Of(Opens("Verify you are human", "Checking your browser ...")));
  REQUIRE(found.size() == 1);
  CHECK(found[0].occurrences == 2);
  CHECK(found[0].spans.size() == 2);
  CHECK(Found("error_as_success", written.Of(Opens("404 Not Found", "Please sign in"))).size() ==
        2);
}

TEST_CASE("error_as_success: what failed, what is a result and what was not recorded") {
  Written written;
  CHECK(Found("error_as_success", written.Of(Opens("Please log in", "x", "HTTP 403"))).empty());
  CHECK(Found("error_as_success", written.Of(Opens("Sales rose.", "Costs fell."))).empty());
  const Trace unrecorded = written.Of(Opens("", ""));
  CHECK(Found("error_as_success", unrecorded).empty());
  const Trace no_tools =
      written.Of({Agent("agent"), Chat("c1", List({kTask}), List({Says("assistant", "Hi.")}))});
  CHECK_FALSE(DetectorNamed("error_as_success").eligible(no_tools));
}

TEST_CASE("an error page, a log-in page or a robot check is recognised, a text about one is not") {
  constexpr std::uint32_t kNone = 0, kStatus = static_cast<std::uint32_t>(MessageMark::kStatusPage),
                          kLogIn = static_cast<std::uint32_t>(MessageMark::kLogInPage),
                          kBotCheck = static_cast<std::uint32_t>(MessageMark::kBotCheck);
  const std::string filler(3000, 'x');
  struct Case {
    std::string text;
    std::uint32_t marks;
  };
  const Case cases[] = {
      {"<html><head><title>404 Not Found</title></head>", kStatus},
      {"HTTP/1.1 503 Service Unavailable", kStatus},
      {"504 Gateway Time-out nginx", kStatus},
      {R"({"title":"Page not found","body":""})", kStatus},
      {"# Sign in to continue\nEmail\nPassword", kLogIn},
      {"Your session has expired.", kLogIn},
      {"<html><head><title>Log in - Intranet</title></head>", kLogIn},
      {R"(<form><input name="u"><input type="password" name="p"></form>)", kLogIn},
      {"<title>Logistics of 2026</title>", kNone},
      {"You need to enable JavaScript to run this app.", kBotCheck},
      {"Our systems have detected unusual traffic from your network.", kBotCheck},
      {"I\xE2\x80\x99m not a robot", kBotCheck},
      {"", kNone},
      {"Order A-1042 was shipped on Monday.", kNone},
      {"1404 not founders attended", kNone},
      {"The log shows 12 requests; please logout users first.", kNone},
      {"Results: 1. What a captcha is 2. How HTTP works", kNone},
      // A long article speaks of such pages, in its beginning or after it.
      {"How to fix a 404 Not Found error: " + filler, kNone},
      {filler + " please log in", kNone},
  };
  for (const Case& c : cases) {
    INFO(c.text.substr(0, 80));
    WordFinder words;
    CHECK((MarksOf(MessageRole::kTool, c.text, words) & (kStatus | kLogIn | kBotCheck)) == c.marks);
  }
}

// A chat in one trace: the user writes, is answered, and writes again.
std::vector<Row> ChatOf(const std::string& reply) {
  const std::string answer = Says("assistant", "Your order is in Rome.");
  return {
      Agent("agent"), Chat("c1", List({kTask}), List({answer})),
      Chat("c2", List({kTask, answer, Says("user", reply)}), List({Says("assistant", "I see.")})),
      Chat("c3",
           List({kTask, answer, Says("user", reply), Says("assistant", "I see."),
                 Says("user", "Thanks.")}),
           List({Says("assistant", "Bye.")}))};
}

TEST_CASE("user_corrects: stands at the answer that is corrected") {
  Written written;
  const Trace trace = written.Of(ChatOf("That is not what I asked for."));
  const std::vector<Finding> found = Found("user_corrects", trace);
  REQUIRE(found.size() == 1);
  CHECK(found[0].occurrences == 1);
  CHECK(trace.Text(trace.spans[found[0].spans.at(0)].span_id) == "c1");
  REQUIRE(found[0].evidence.size() == 2);
  CHECK(found[0].evidence[0].role == EvidenceRole::kAnswer);
  CHECK(found[0].evidence[1].place == "~in/2");
}

TEST_CASE("user_corrects: only a reply to an answer corrects one") {
  Written written;
  CHECK(Found("user_corrects", written.Of(ChatOf("And when will it arrive?"))).empty());
  const Trace first = written.Of(
      {Agent("agent"), Chat("c1", List({Says("user", "You are wrong about me, they say.")}),
                            List({Says("assistant", "Hm.")}))});
  CHECK(Found("user_corrects", first).empty());
  CHECK_FALSE(DetectorNamed("user_corrects").eligible(first));
  const Trace unrecorded = written.Of({Agent("agent"), Chat("c1", "", ""), Chat("c2", "", "")});
  CHECK(Found("user_corrects", unrecorded).empty());
  CHECK_FALSE(DetectorNamed("user_corrects").eligible(unrecorded));
}

TEST_CASE("user_corrects: where a prompt holds only what is new") {
  MessageFacts reply;
  reply.role = MessageRole::kUser;
  reply.hash = 7;
  reply.marks = static_cast<std::uint32_t>(MessageMark::kCorrects);
  const auto found = [&](bool is_part) {
    TraceBuilder t;
    t.Agent("clerk");
    for (int call = 0; call < 2; ++call) {
      SpanFacts& span = t.Llm(call + 1);
      span.prompt = t.Messages({reply});
      span.prompt_is_part = is_part;
      reply.hash += 1;
    }
    return FindingsOf(t.Analyse(), "user_corrects");
  };
  // The first message of a user is no reply.
  REQUIRE(found(true).size() == 1);
  CHECK(found(true)[0].occurrences == 1);
  CHECK(found(false).empty());
}

TEST_CASE("corrections of an answer are told from answers to a question") {
  for (const char* const text :
       {"No, I meant the blue one.", "no. that's not my address", "NO - it should be 42",
        "That\xE2\x80\x99s wrong, the total is 12.", "This is not what I asked for",
        "I already told you my order number", "Sorry, but you misunderstood.",
        "Hm, that is incorrect."}) {
    INFO(text);
    CHECK(IsMarked(MessageMark::kCorrects, MessageRole::kUser, text));
  }
  for (const char* const text :
       {"", "No", "No, thanks.", "no that's all, thank you", "No problem!", "Not yet.",
        "Now the second one", "Yes, that is right.", "I know what is wrong with it: the cable.",
        "No, you can close the ticket.", "What is wrong?", "Nobody said so."}) {
    INFO(text);
    CHECK_FALSE(IsMarked(MessageMark::kCorrects, MessageRole::kUser, text));
  }
}

TEST_CASE("a configuration adds phrases of any language to a list and takes some out") {
  WordSettings settings;
  settings.changes[static_cast<std::size_t>(WordList::kCorrections)] = {"Das stimmt nicht",
                                                                        "!that is incorrect"};
  settings.changes[static_cast<std::size_t>(WordList::kClaims)] = {"habe ich nachgesehen"};
  settings.changes[static_cast<std::size_t>(WordList::kAnnouncements)] = {
      "ich pr\xC3\xBC"
      "fe das"};
  const auto user = [&](std::string_view text, const WordSettings& with) {
    return IsMarked(MessageMark::kCorrects, MessageRole::kUser, text, with);
  };
  CHECK(user("Nein, das stimmt nicht!", settings));
  CHECK_FALSE(user("Nein, das stimmt nicht!", {}));
  CHECK_FALSE(user("Hm, that is incorrect.", settings));
  CHECK(user("Hm, that is wrong.", settings));
  const auto agent = [&](MessageMark mark, std::string_view text) {
    return IsMarked(mark, MessageRole::kAssistant, text, settings);
  };
  CHECK(agent(MessageMark::kClaims, "Im Lager habe ich nachgesehen. Es sind drei."));
  CHECK(agent(MessageMark::kAnnounces,
              "Ja. Ich pr\xC3\xBC"
              "fe das jetzt."));
  CHECK_FALSE(agent(MessageMark::kAnnounces, "Soll es sein? Danke."));
}

}  // namespace
}  // namespace halo
