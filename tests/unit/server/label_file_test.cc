// SPDX-License-Identifier: MIT
#include "server/commands/label_file.h"

#include <catch2/catch.hpp>

namespace halo {
namespace {

std::string ErrorOf(std::string_view text) {
  const auto labels = ParseLabels(text, 0.5);
  return labels ? "" : labels.error().message;
}

}  // namespace

TEST_CASE("labels are read from CSV with columns in any order") {
  const auto labels = ParseLabels(
      "\xEF\xBB\xBFoutcome,note,trace_id,project\r\nFAIL,\"a, \"\"b\"\"\", t1 ,shop\n\n"
      "0.5,,t2,\nunknown,,t3,\n",
      0.5);
  REQUIRE(labels.has_value());
  REQUIRE(labels->size() == 3);
  CHECK((*labels)[0].key == TraceKey{"shop", "t1"});
  CHECK((*labels)[0].outcome == Outcome::kFailure);
  CHECK((*labels)[1].key == TraceKey{"", "t2"});
  CHECK((*labels)[1].outcome == Outcome::kSuccess);
  CHECK((*labels)[2].outcome == Outcome::kUnknown);
}

TEST_CASE("labels are read with who gave them and why") {
  const auto csv =
      ParseLabels("who,trace_id,reason,outcome\nann,t1,\"paid, twice\",fail\n,t2,,pass\n", 0.5);
  REQUIRE(csv.has_value());
  CHECK((*csv)[0].who == "ann");
  CHECK((*csv)[0].why == "paid, twice");
  CHECK((*csv)[1].who.empty());
  const auto json = ParseLabels(
      "{\"trace_id\":\"t1\",\"outcome\":\"pass\",\"who\":\"bob\",\"reason\":\"a\\nb\"}", 0.5);
  REQUIRE(json.has_value());
  CHECK(json->front().who == "bob");
  CHECK(json->front().why == "a b");
}

TEST_CASE("labels are read from CSV without a header and from JSON lines") {
  const auto csv = ParseLabels("0AF7651916CD43DD8448EB211C80319C,pass", 0.5);
  REQUIRE(csv.has_value());
  CHECK(csv->front().key.trace_id == "0af7651916cd43dd8448eb211c80319c");
  const auto json = ParseLabels(
      "{\"trace_id\":\"t1\",\"outcome\":true}\n{\"trace_id\":7,\"outcome\":0.4,\"project\":\"p\"}",
      0.5);
  REQUIRE(json.has_value());
  CHECK((*json)[0].outcome == Outcome::kSuccess);
  CHECK((*json)[1].key == TraceKey{"p", "7"});
  CHECK((*json)[1].outcome == Outcome::kFailure);
}

TEST_CASE("the error for an invalid label names its line") {
  CHECK(ErrorOf("trace_id,outcome\nt1,maybe") ==
        "line 2: expected outcome success or failure (also pass, fail, true, false, 1, 0), "
        "unknown, or a number; got \"maybe\"");
  CHECK(ErrorOf("t1") == "line 1: expected trace id and outcome, separated by a comma; got 1 cell");
  CHECK(ErrorOf("t1,pass\n\n\"t2,fail") == "line 3: unclosed quote");
  CHECK(ErrorOf("{\"trace_id\":1") == "line 1: expected a JSON object with trace_id and outcome");
  CHECK(ErrorOf("{\"trace_id\":1}") == "line 1: expected the keys trace_id and outcome");
  CHECK(ErrorOf(",pass") == "line 1: expected a trace id");
}

}  // namespace halo
