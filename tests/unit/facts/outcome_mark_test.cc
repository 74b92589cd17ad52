// SPDX-License-Identifier: MIT
#include "engine/facts/outcome_mark.h"

#include <catch2/catch.hpp>

#include "engine/semconv/conventions.h"
#include "tests/unit/semconv/span_builder.h"

namespace halo {
namespace {

struct Judge {
  Conventions conventions;
  OutcomeConfig config;

  OutcomeVerdict Of(const SpanBuilder& b, FailureRule failure = FailureRule::kNone) {
    return JudgeOutcome(b.span(), conventions.Read(b.span()), failure, config);
  }
};

TEST_CASE_METHOD(Judge, "an ended root's status decides, weakly") {
  SpanBuilder ok;
  ok.Status(StatusCode::kOk);
  CHECK(Of(ok).outcome == Outcome::kSuccess);
  CHECK(Of(ok).rule == OutcomeRule::kRootStatus);
  SpanBuilder unset;
  CHECK(Of(unset).outcome == Outcome::kUnknown);
  CHECK(Of(unset, FailureRule::kStatus).outcome == Outcome::kFailure);
  CHECK(Of(unset, FailureRule::kResultText).outcome == Outcome::kUnknown);
  SpanBuilder child;
  child.Parent("p").Status(StatusCode::kOk);
  CHECK(Of(child).rule == OutcomeRule::kNone);
  config.use_root_status = false;
  CHECK(Of(ok).rule == OutcomeRule::kNone);
}

TEST_CASE_METHOD(Judge, "explicit attributes beat the root's status") {
  SpanBuilder b;
  b.Status(StatusCode::kOk).Text("outcome", "failed");
  CHECK(Of(b).outcome == Outcome::kFailure);
  CHECK(Of(b).rule == OutcomeRule::kAttribute);
}

TEST_CASE_METHOD(Judge, "values of attributes: booleans, words, scores") {
  const auto root = [&](const char* key, Value value) {
    return OutcomeOf(key, value, config.success_score);
  };
  CHECK(root("success", Value::Bool(true)) == Outcome::kSuccess);
  CHECK(root("success", Value::Int(0)) == Outcome::kFailure);
  CHECK(root("passed", Value::Text("False")) == Outcome::kFailure);
  CHECK(root("run.status", Value::Text("SUCCESS")) == Outcome::kSuccess);
  CHECK(root("result", Value::Text("pass")) == Outcome::kSuccess);
  CHECK(root("reward", Value::Double(1.0)) == Outcome::kSuccess);
  CHECK(root("reward", Value::Double(0.0)) == Outcome::kFailure);
  CHECK(root("eval.score", Value::Text("0.7")) == Outcome::kSuccess);
  CHECK(root("result", Value::Int(42)) == Outcome::kUnknown);
  CHECK(root("result", Value::Text("42")) == Outcome::kUnknown);
  CHECK(root("outcome", Value::Text("partly")) == Outcome::kUnknown);
  CHECK(root("success", Value::Int(7)) == Outcome::kUnknown);
  config.success_score = 0.9;
  CHECK(root("score", Value::Double(0.7)) == Outcome::kFailure);
}

TEST_CASE_METHOD(Judge, "a tool's success is not the run's") {
  SpanBuilder tool;
  tool.Parent("p").Text("openinference.span.kind", "TOOL").Bool("success", false);
  CHECK(Of(tool).rule == OutcomeRule::kNone);
  SpanBuilder agent;
  agent.Parent("p").Text("openinference.span.kind", "AGENT").Text("task.outcome", "failed");
  CHECK(Of(agent).outcome == Outcome::kFailure);
  SpanBuilder inner;
  inner.Parent("p").Text("openinference.span.kind", "AGENT").Bool("success", false);
  CHECK(Of(inner).rule == OutcomeRule::kNone);
}

TEST_CASE_METHOD(Judge, "evaluators speak for the run") {
  SpanBuilder b;
  b.Parent("p").Text("openinference.span.kind", "EVALUATOR").Double("score", 0.1);
  CHECK(Of(b).outcome == Outcome::kFailure);
  CHECK(Of(b).rule == OutcomeRule::kEvaluator);
  SpanBuilder event;
  event.Parent("p").Event("gen_ai.evaluation.result").Text("gen_ai.evaluation.score.label", "pass");
  CHECK(Of(event).outcome == Outcome::kSuccess);
  CHECK(Of(event).rule == OutcomeRule::kEvaluator);
  config.use_evaluators = false;
  CHECK(Of(b).rule == OutcomeRule::kNone);
}

TEST_CASE_METHOD(Judge, "a configured key comes first, on any span") {
  config.attributes = {"shop.order_placed"};
  SpanBuilder b;
  b.Parent("p").Bool("shop.order_placed", false).Text("outcome", "success");
  CHECK(Of(b).outcome == Outcome::kFailure);
  CHECK(Of(b).rule == OutcomeRule::kAttribute);
  SpanBuilder number;
  number.Int("shop.order_placed", 1);
  CHECK(Of(number).outcome == Outcome::kSuccess);
}

}  // namespace
}  // namespace halo
