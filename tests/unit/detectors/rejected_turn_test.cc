// SPDX-License-Identifier: MIT
// What was rejected: rejected_turn, and which of it belongs to invalid_call and error_cluster.
#include <string>
#include <vector>

#include "engine/detectors/all_detectors.h"
#include "tests/support/text_marks.h"
#include "tests/unit/detectors/found_in.h"

namespace halo {
namespace {

const std::string kTask = Says("user", "Where is my order A-1?");
const std::string kAsk = Asks("k1", "find_order", R"({"nr":"A-1"})");
const std::string kAnswer = Says("assistant", "It is in Rome.");

// A call without a span that comes back as `result`.
std::vector<Row> ComesBackAs(const std::string& result) {
  return {Agent("agent"), Chat("c1", List({kTask}), List({kAsk})),
          Chat("c2", List({kTask, kAsk, Told("k1", result)}), List({kAnswer}))};
}

// An output, and what the harness says of it.
std::vector<Row> IsAnsweredBy(const std::string& role, const std::string& text) {
  const std::string output = Says("assistant", "Thought: I should look.");
  return {Agent("agent"), Chat("c1", List({kTask}), List({output})),
          Chat("c2", List({kTask, output, Says(role, text)}), List({kAnswer}))};
}

TEST_CASE("rejected_turn: a refused call that has no span, at the call of the model") {
  Written written;
  const Trace trace = written.Of(ComesBackAs("Error: invalid arguments for find_order"));
  const auto found = FoundIn(trace, "rejected_turn");
  REQUIRE(found.size() == 1);
  CHECK(found[0].locus.tool == "find_order");
  CHECK(trace.Text(trace.spans[found[0].spans.at(0)].span_id) == "c1");
  REQUIRE(found[0].evidence.size() == 3);
  CHECK(found[0].evidence[0].role == EvidenceRole::kAsked);
  CHECK(found[0].evidence[1].role == EvidenceRole::kArguments);
  CHECK(found[0].evidence[2].role == EvidenceRole::kSeen);
  REQUIRE(found[0].wasted.size() == 1);
}

TEST_CASE("rejected_turn: an output that could not be parsed") {
  Written written;
  const Trace trace = written.Of(IsAnsweredBy("user", "Could not parse LLM output: `Thought`"));
  const auto found = FoundIn(trace, "rejected_turn");
  REQUIRE(found.size() == 1);
  CHECK(found[0].locus.tool.empty());
  CHECK(trace.Text(trace.spans[found[0].spans.at(0)].span_id) == "c1");
  CHECK(found[0].evidence.at(0).role == EvidenceRole::kSeen);
}

TEST_CASE("rejected_turn: what other detectors own, what went well, what was not recorded") {
  CHECK(FoundIn(ComesBackAs("shipped on Monday"), "rejected_turn").empty());
  CHECK(FoundIn(IsAnsweredBy("user", "Thanks, that helps."), "rejected_turn").empty());
  // The call has a span that failed.
  std::vector<Row> spanned = ComesBackAs("Error: invalid arguments for find_order");
  spanned.insert(spanned.begin() + 2, Tool("t1", "find_order", "k1", R"({"nr":"A-1"})", "",
                                           "invalid arguments for find_order"));
  CHECK(FoundIn(spanned, "rejected_turn").empty());
  CHECK(FoundIn(spanned, "error_cluster").size() == 1);
  const std::vector<Row> unrecorded = {Agent("agent"), Chat("c1", "", ""), Chat("c2", "", "")};
  CHECK(FoundIn(unrecorded, "rejected_turn").empty());
  Written written;
  CHECK_FALSE(DetectorNamed("rejected_turn").eligible(written.Of(unrecorded)));
}

TEST_CASE("invalid_call owns a refused call that does not fit the offered tool") {
  const std::string schema =
      R"([{"type":"function","name":"find_order","parameters":{"type":"object",)"
      R"("properties":{"id":{"type":"string"}},"required":["id"],"additionalProperties":false}}])";
  for (const bool refused : {false, true}) {
    INFO(refused);
    std::vector<Row> rows =
        ComesBackAs(refused ? "Error: invalid arguments for find_order" : "shipped on Monday");
    rows[1].attributes.emplace_back("gen_ai.tool.definitions", schema);
    // A tool may take more than it says.
    CHECK(FoundIn(rows, "invalid_call").size() == (refused ? 1 : 0));
    CHECK(FoundIn(rows, "rejected_turn").empty());
    Written written;
    CHECK(DetectorNamed("invalid_call").eligible(written.Of(rows)));
  }
}

TEST_CASE("one finding a cause; later rejections are occurrences") {
  const std::string again = Asks("k2", "find_order", R"({"number":"A-1"})");
  const std::string no = "Error: invalid arguments for find_order";
  const auto found = FoundIn(
      {Agent("agent"), Chat("c1", List({kTask}), List({kAsk})),
       Chat("c2", List({kTask, kAsk, Told("k1", no)}), List({again})),
       Chat("c3", List({kTask, kAsk, Told("k1", no), again, Told("k2", no)}), List({kAnswer}))},
      "rejected_turn");
  REQUIRE(found.size() == 1);
  CHECK(found[0].occurrences == 2);
  CHECK(found[0].spans.size() == 2);
}

TEST_CASE("rejections of an output are told from talk about formats") {
  for (const char* const text :
       {"Invalid Format: Missing 'Action:' after 'Thought:'",
        "[ERROR] You did not use a tool in your previous response!",
        "Your output was not formatted correctly. You must always include one command.",
        "Error in code parsing:\nYour code snippet is invalid",
        "1 validation error\nFix the errors and try again."}) {
    INFO(text);
    CHECK(IsMarked(MessageMark::kRejects, MessageRole::kUser, text));
  }
  for (const char* const text : {"", "Parse the output of ls.", "Please use JSON.",
                                 "Which format is correct?", "The parser failed on line 3."}) {
    INFO(text);
    CHECK_FALSE(IsMarked(MessageMark::kRejects, MessageRole::kTool, text));
  }
}

}  // namespace
}  // namespace halo
