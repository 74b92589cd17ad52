// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

std::vector<StoredFinding> Find(TraceBuilder& t) { return FindingsOf(t.Analyse(), "retry_storm"); }

void Limited(TraceBuilder& t, SpanFacts& span) {
  t.Fail(span, "429 Too Many Requests", Transport::kRateLimit);
}

TEST_CASE("retry_storm: two failures and a success are a finding, one failure is not") {
  TraceBuilder t;
  t.Agent("planner");
  Limited(t, t.Llm());
  t.Llm();
  CHECK(Find(t).empty());

  TraceBuilder more;
  more.Agent("planner");
  Limited(more, more.Llm());
  Limited(more, more.Llm());
  more.Llm();
  const auto found = Find(more);
  REQUIRE(found.size() == 1);
  CHECK(found[0].locus == Locus{"planner", "", "chat"});
  CHECK(found[0].tag == "rate_limit");
  CHECK(found[0].span_ids.size() == 3);
  CHECK(found[0].evidence.at(0).quote.path == "status.message");
  CHECK(found[0].waste.tokens == 220);
  CHECK(found[0].waste.critical_ns == 2 * kTestStepNs);
}

TEST_CASE("retry_storm: three failures without a success are a finding, two are not") {
  TraceBuilder t;
  t.Agent("planner");
  Limited(t, t.Llm());
  Limited(t, t.Llm());
  CHECK(Find(t).empty());
  Limited(t, t.Llm());
  CHECK(Find(t).size() == 1);
}

TEST_CASE("retry_storm: the pauses between attempts are wasted too") {
  TraceBuilder t;
  t.Agent("planner");
  Limited(t, t.Llm());
  t.Add(Kind::kSpan, "sleep");
  Limited(t, t.Llm());
  t.Add(Kind::kSpan, "sleep");
  t.spans().pop_back();  // this pause was not recorded
  t.Llm();
  const auto found = Find(t);
  REQUIRE(found.size() == 1);
  // Two attempts and the unrecorded pause; the recorded pause is the time of its own span.
  CHECK(found[0].waste.critical_ns >= 3 * kTestStepNs);
  CHECK(found[0].waste.critical_ns <= 4 * kTestStepNs);
}

TEST_CASE("retry_storm: HTTP requests below one model call are attempts") {
  TraceBuilder t;
  t.Agent("planner");
  t.Open(t.Llm());
  for (int i = 0; i < 3; ++i) Limited(t, t.Add(Kind::kSpan, "POST"));
  t.Add(Kind::kSpan, "POST");
  t.Close();
  const auto found = Find(t);
  REQUIRE(found.size() == 1);
  CHECK(found[0].locus.span_name == "POST");
  CHECK(found[0].span_ids.size() == 4);
}

TEST_CASE("retry_storm: parallel calls, other models and interleaved steps are not retries") {
  TraceBuilder parallel;
  parallel.Agent("planner");
  for (int i = 0; i < 4; ++i) {
    Limited(parallel, parallel.Llm());
    parallel.spans().back().end_ns += 100 * kTestStepNs;
  }
  CHECK(Find(parallel).empty());

  TraceBuilder models;
  models.Agent("planner");
  for (const char* model : {"a", "b", "c"}) {
    Limited(models, models.Llm());
    models.spans().back().model = models.Text(model);
  }
  CHECK(Find(models).empty());

  TraceBuilder steps;
  steps.Agent("planner");
  for (int i = 0; i < 4; ++i) {
    Limited(steps, steps.Llm());
    steps.Tool("search", std::to_string(i), "y");
  }
  CHECK(Find(steps).empty());
}

TEST_CASE("retry_storm: attempts below different parents are not retries") {
  TraceBuilder t;
  for (int i = 0; i < 3; ++i) {
    t.Open(t.Add(Kind::kChain, "step"));
    Limited(t, t.Llm());
    t.Close();
  }
  CHECK(Find(t).empty());
}

TEST_CASE("retry_storm: a failing batch of local work is not a retry") {
  TraceBuilder t;
  t.Open(t.Add(Kind::kChain, "batch"));
  for (int i = 0; i < 5; ++i) t.Fail(t.Add(Kind::kSpan, "parse row"), "ValueError: bad");
  CHECK(Find(t).empty());
}

TEST_CASE("retry_storm: a clean run is eligible") {
  TraceBuilder t;
  t.Tool("search", "x", "y");
  CHECK_FALSE(IsEligible(t.Analyse(), "retry_storm"));
  t.Llm();
  CHECK(IsEligible(t.Analyse(), "retry_storm"));
}

}  // namespace
}  // namespace halo
