// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

TEST_CASE("truncated: an answer that was cut is told with its finish reason") {
  TraceBuilder t;
  t.Agent("writer");
  t.Llm();
  t.Llm().finish = FinishClass::kTruncated;
  t.Llm().finish = FinishClass::kTruncated;
  const TraceSummary summary = t.Analyse();
  const auto found = FindingsOf(summary, "truncated");
  REQUIRE(found.size() == 1);
  CHECK(found[0].locus == Locus{"writer", "", "chat"});
  CHECK(found[0].occurrences == 2);
  CHECK(found[0].evidence.at(0).quote.path == "attributes.finish");
  CHECK(found[0].waste == Waste{220, 4000, 2 * kTestStepNs});
}

TEST_CASE("truncated: a wrapper that repeats the finish reason is not a second one") {
  TraceBuilder t;
  t.Open(t.Llm()).finish = FinishClass::kTruncated;
  t.Llm().finish = FinishClass::kTruncated;
  const auto found = FindingsOf(t.Analyse(), "truncated");
  REQUIRE(found.size() == 1);
  CHECK(found[0].occurrences == 1);
  CHECK(found[0].span_ids == std::vector<std::string>{"s000002"});
}

TEST_CASE("truncated: only runs with a known finish reason could show it") {
  TraceBuilder t;
  t.Llm().finish = FinishClass::kUnknown;
  CHECK_FALSE(IsEligible(t.Analyse(), "truncated"));
  t.Llm();
  CHECK(IsEligible(t.Analyse(), "truncated"));
  CHECK(FindingsOf(t.Analyse(), "truncated").empty());
}

}  // namespace
}  // namespace halo
