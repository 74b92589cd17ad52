// SPDX-License-Identifier: MIT
#include "engine/facts/outcome_mark.h"

#include <catch2/catch.hpp>
#include <functional>
#include <vector>

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
  const auto root = [&](const char* key, Value value) { return OutcomeOf(key, value); };
  CHECK(root("success", Value::Bool(true)) == Outcome::kSuccess);
  CHECK(root("success", Value::Int(0)) == Outcome::kFailure);
  CHECK(root("passed", Value::Text("False")) == Outcome::kFailure);
  CHECK(root("run.status", Value::Text("SUCCESS")) == Outcome::kSuccess);
  CHECK(root("result", Value::Text("pass")) == Outcome::kSuccess);
  CHECK(root("reward", Value::Double(1.0)) == Outcome::kSuccess);
  CHECK(root("reward", Value::Double(0.0)) == Outcome::kFailure);
  CHECK(root("eval.score", Value::Text("1")) == Outcome::kSuccess);
  CHECK(root("eval.score", Value::Text("0.7")) == Outcome::kUnknown);
  CHECK(root("reward", Value::Double(0.5)) == Outcome::kUnknown);
  CHECK(root("result", Value::Int(42)) == Outcome::kUnknown);
  CHECK(root("result", Value::Text("42")) == Outcome::kUnknown);
  CHECK(root("outcome", Value::Text("partly")) == Outcome::kUnknown);
  CHECK(root("success", Value::Int(7)) == Outcome::kUnknown);
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
  b.Parent("p").Text("openinference.span.kind", "EVALUATOR").Double("score", 0);
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
  SpanBuilder part;
  part.Double("shop.order_placed", 0.7);
  CHECK(Of(part).outcome == Outcome::kSuccess);
  config.success_score = 0.9;
  CHECK(Of(part).outcome == Outcome::kFailure);
}

// One span per row; each is a child, so that only what judges the run counts.
struct EvaluationCase {
  const char* what;
  std::function<void(SpanBuilder&)> add;
  Outcome outcome;
};

const std::vector<EvaluationCase>& EvaluationCases() {
  static const std::vector<EvaluationCase> kCases = {
      {"OpenTelemetry, label",
       [](SpanBuilder& b) {
         b.Text("gen_ai.evaluation.name", "Relevance")
             .Text("gen_ai.evaluation.score.label", "fail");
       },
       Outcome::kFailure},
      {"OpenTelemetry, a name that means success",
       [](SpanBuilder& b) {
         b.Text("gen_ai.evaluation.name", "TaskCompletion").Int("gen_ai.evaluation.score.value", 1);
       },
       Outcome::kSuccess},
      {"OpenTelemetry, a number on some scale",
       [](SpanBuilder& b) {
         b.Text("gen_ai.evaluation.name", "correctness")
             .Double("gen_ai.evaluation.score.value", 0.8);
       },
       Outcome::kUnknown},
      {"OpenTelemetry, a name that means something else",
       [](SpanBuilder& b) {
         b.Text("gen_ai.evaluation.name", "conciseness").Int("gen_ai.evaluation.score.value", 0);
       },
       Outcome::kUnknown},
      {"OpenTelemetry, a label that is relative to its name",
       [](SpanBuilder& b) {
         b.Text("gen_ai.evaluation.name", "hallucination")
             .Text("gen_ai.evaluation.score.label", "no");
       },
       Outcome::kUnknown},
      {"Langfuse, by name", [](SpanBuilder& b) { b.Double("langfuse.score.user_feedback", 1); },
       Outcome::kSuccess},
      {"Langfuse, a boolean", [](SpanBuilder& b) { b.Bool("langfuse.score.order_placed", false); },
       Outcome::kFailure},
      {"Langfuse, a boolean of something bad",
       [](SpanBuilder& b) { b.Bool("langfuse.score.toxicity", true); }, Outcome::kUnknown},
      {"Langfuse, numeric", [](SpanBuilder& b) { b.Double("langfuse.score.helpfulness", 0.9); },
       Outcome::kUnknown},
      {"Langfuse, its data type",
       [](SpanBuilder& b) {
         b.Text("langfuse.score.name", "order_placed")
             .Double("langfuse.score.value", 0)
             .Text("langfuse.score.data_type", "BOOLEAN");
       },
       Outcome::kFailure},
      {"Langfuse, a list",
       [](SpanBuilder& b) {
         b.Text("langfuse.scores",
                R"([{"name":"tone","value":0.2,"dataType":"NUMERIC"},)"
                R"({"name":"ok","value":1,"dataType":"BOOLEAN","stringValue":"True"}])");
       },
       Outcome::kSuccess},
      {"Phoenix, a column of labels",
       [](SpanBuilder& b) {
         b.Text("eval.Q&A Correctness.label", "incorrect").Double("eval.Q&A Correctness.score", 0);
       },
       Outcome::kFailure},
      {"Phoenix, a column of scores", [](SpanBuilder& b) { b.Double("eval.relevance.score", 1); },
       Outcome::kUnknown},
      {"Phoenix, annotations",
       [](SpanBuilder& b) {
         b.Text("annotations",
                R"([{"name":"correctness","annotator_kind":"HUMAN",)"
                R"("result":{"label":"correct","score":0.85,"explanation":"fail"}}])");
       },
       Outcome::kSuccess},
      {"one failure of several decides",
       [](SpanBuilder& b) {
         b.Text("eval.a.label", "pass").Text("eval.b.label", "fail").Text("eval.c.label", "pass");
       },
       Outcome::kFailure},
      {"several events",
       [](SpanBuilder& b) {
         b.Event("gen_ai.evaluation.result")
             .Text("gen_ai.evaluation.name", "tone")
             .Double("gen_ai.evaluation.score.value", 0.1);
         b.Event("gen_ai.evaluation.result")
             .Text("gen_ai.evaluation.name", "correct")
             .Double("gen_ai.evaluation.score.value", 1);
       },
       Outcome::kSuccess},
      {"a list that is no list of evaluations",
       [](SpanBuilder& b) { b.Text("annotations", "[1,\"x\",{\"label\":\"fail\"}]"); },
       Outcome::kUnknown},
      {"broken JSON", [](SpanBuilder& b) { b.Text("scores", "[{\"name\":\"correct\",\"value\":"); },
       Outcome::kUnknown},
  };
  return kCases;
}

TEST_CASE_METHOD(Judge, "evaluations decide where their meaning is certain") {
  for (const EvaluationCase& row : EvaluationCases()) {
    INFO(row.what);
    SpanBuilder b;
    b.Parent("p");
    row.add(b);
    const OutcomeVerdict verdict = Of(b);
    CHECK(verdict.outcome == row.outcome);
    CHECK((verdict.rule == OutcomeRule::kEvaluator) == (row.outcome != Outcome::kUnknown));
  }
}

TEST_CASE_METHOD(Judge, "a rule of halo.toml says what a score means") {
  config.scores = {{"helpfulness", 0.7, {}}, {"toxicity", {}, 0.2}, {"task.score", 3, 5}};
  const auto outcome = [&](const char* key, double number) {
    SpanBuilder b;
    b.Double(key, number);
    return Of(b).outcome;
  };
  CHECK(outcome("langfuse.score.helpfulness", 0.7) == Outcome::kSuccess);
  CHECK(outcome("langfuse.score.helpfulness", 0.6) == Outcome::kFailure);
  CHECK(outcome("eval.toxicity.score", 0.1) == Outcome::kSuccess);
  CHECK(outcome("eval.toxicity.score", 0.9) == Outcome::kFailure);
  CHECK(outcome("task.score", 4) == Outcome::kSuccess);
  CHECK(outcome("task.score", 1) == Outcome::kFailure);
  SpanBuilder evaluator;
  evaluator.Parent("p").Name("helpfulness").Text("openinference.span.kind", "EVALUATOR");
  evaluator.Double("score", 0.4);
  CHECK(Of(evaluator).outcome == Outcome::kFailure);
}

}  // namespace
}  // namespace halo
