// SPDX-License-Identifier: MIT
#include "engine/facts/outcome_mark.h"

#include <charconv>
#include <span>

#include "engine/base/ascii.h"

namespace halo {
namespace {

constexpr std::string_view kSuccessWords[] = {
    "success",  "succeeded", "successful", "pass",     "passed",   "true",
    "yes",      "ok",        "correct",    "resolved", "complete", "completed",
    "accepted", "approved",  "solved",     "win",      "good",     "done",
};
constexpr std::string_view kFailureWords[] = {
    "failure",   "failed",   "fail",    "false",     "no",           "error",   "errored",
    "incorrect", "rejected", "timeout", "timed_out", "cancelled",    "aborted", "unresolved",
    "unsolved",  "lose",     "bad",     "crashed",   "unsuccessful",
};

bool IsAny(std::string_view word, std::span<const std::string_view> words) {
  for (const std::string_view w : words) {
    if (ascii::EqualsFolded(word, w)) return true;
  }
  return false;
}

bool KeyEndsWith(std::string_view key, std::string_view word) {
  return key.ends_with(word) &&
         (key.size() == word.size() || key[key.size() - word.size() - 1] == '.' ||
          key[key.size() - word.size() - 1] == '_');
}

Outcome OfNumber(std::string_view key, double number, double success_score) {
  for (const std::string_view word : {"score", "reward", "value", "rating", "accuracy"}) {
    if (KeyEndsWith(key, word)) {
      return number >= success_score ? Outcome::kSuccess : Outcome::kFailure;
    }
  }
  for (const std::string_view word : {"success", "passed", "pass", "ok", "resolved"}) {
    if (KeyEndsWith(key, word) && (number == 0 || number == 1)) {
      return number == 1 ? Outcome::kSuccess : Outcome::kFailure;
    }
  }
  return Outcome::kUnknown;
}

Outcome OfConfigured(const Value& value, double success_score) {
  // The user has configured this key, so its number is a score whatever its name.
  return OutcomeOf("score", value, success_score);
}

bool IsEvaluation(const OutcomeMark& mark, Kind kind) {
  return kind == Kind::kEvaluator || mark.key.starts_with("gen_ai.evaluation.");
}

// Spans of all kinds have these keys, with many meanings: they count for the run only on a root or
// an evaluator.
bool IsGenericKey(std::string_view key) {
  for (const std::string_view word : {"success", "result", "score", "tool.success", "passed"}) {
    if (key == word) return true;
  }
  return false;
}

}  // namespace

Outcome OutcomeOf(std::string_view key, const Value& value, double success_score) {
  switch (value.type) {
    case Value::Type::kBool:
      return value.integer != 0 ? Outcome::kSuccess : Outcome::kFailure;
    case Value::Type::kInt:
      return OfNumber(key, static_cast<double>(value.integer), success_score);
    case Value::Type::kDouble:
      return OfNumber(key, value.real, success_score);
    case Value::Type::kText: {
      if (IsAny(value.text, kSuccessWords)) return Outcome::kSuccess;
      if (IsAny(value.text, kFailureWords)) return Outcome::kFailure;
      double number = 0;
      const char* const end = value.text.data() + value.text.size();
      const auto [at, error] = std::from_chars(value.text.data(), end, number);
      if (error != std::errc() || at != end || value.text.empty()) return Outcome::kUnknown;
      return OfNumber(key, number, success_score);
    }
    default:
      return Outcome::kUnknown;
  }
}

OutcomeVerdict JudgeOutcome(const Span& span, const SpanFields& fields, FailureRule failure,
                            const OutcomeConfig& config) {
  for (const std::string& key : config.attributes) {
    for (const Attribute& attribute : span.attributes) {
      if (attribute.key != key) continue;
      const Outcome outcome = OfConfigured(attribute.value, config.success_score);
      if (outcome != Outcome::kUnknown) return {outcome, OutcomeRule::kAttribute};
    }
    for (const OutcomeMark& mark : fields.outcome_marks) {
      if (mark.key != key) continue;
      const Outcome outcome = OfConfigured(mark.value, config.success_score);
      if (outcome != Outcome::kUnknown) return {outcome, OutcomeRule::kAttribute};
    }
  }
  const bool is_root = span.parent_id.empty();
  const bool speaks_for_run = is_root || fields.kind == Kind::kAgent;
  OutcomeVerdict evaluated;
  for (const OutcomeMark& mark : fields.outcome_marks) {
    const bool is_evaluation = IsEvaluation(mark, fields.kind);
    if (!is_evaluation && !(IsGenericKey(mark.key) ? is_root : speaks_for_run)) continue;
    // A tool's or model's own success is not the run's.
    if (!is_evaluation && (fields.kind == Kind::kTool || fields.kind == Kind::kLlm) &&
        IsGenericKey(mark.key)) {
      continue;
    }
    const Outcome outcome = OutcomeOf(mark.key, mark.value, config.success_score);
    if (outcome == Outcome::kUnknown) continue;
    if (!is_evaluation) return {outcome, OutcomeRule::kAttribute};
    // Of several scores, one failure decides.
    if (config.use_evaluators && evaluated.outcome != Outcome::kFailure) {
      evaluated = {outcome, OutcomeRule::kEvaluator};
    }
  }
  if (evaluated.rule != OutcomeRule::kNone) return evaluated;
  if (!is_root || !config.use_root_status || span.end_ns == 0 || fields.kind == Kind::kEvaluator) {
    return {};
  }
  if (failure != FailureRule::kNone && failure < FailureRule::kResultField) {
    return {Outcome::kFailure, OutcomeRule::kRootStatus};
  }
  if (span.status == StatusCode::kOk) return {Outcome::kSuccess, OutcomeRule::kRootStatus};
  return {};
}

}  // namespace halo
