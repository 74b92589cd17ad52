// SPDX-License-Identifier: MIT
#include "engine/facts/outcome_mark.h"

#include <cctype>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <span>

#include "engine/base/ascii.h"
#include "engine/semconv/value_words.h"

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

constexpr std::string_view kTruthWords[] = {"true", "false"};

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

Outcome OfBit(double number) {
  return number == 1 ? Outcome::kSuccess : number == 0 ? Outcome::kFailure : Outcome::kUnknown;
}

// 0 and 1 are outcomes under a name that says success or score. Scores have many scales, so other
// numbers are not.
Outcome OfNumber(std::string_view key, double number) {
  for (const std::string_view word : {"score", "reward", "value", "rating", "accuracy", "success",
                                      "passed", "pass", "ok", "resolved", "correct"}) {
    if (KeyEndsWith(key, word)) return OfBit(number);
  }
  return Outcome::kUnknown;
}

std::optional<double> NumberIn(const Value& value) {
  switch (value.type) {
    case Value::Type::kBool:
    case Value::Type::kInt:
      return static_cast<double>(value.integer);
    case Value::Type::kDouble:
      return value.real;
    case Value::Type::kText: {
      double number = 0;
      const char* const end = value.text.data() + value.text.size();
      const auto [at, error] = std::from_chars(value.text.data(), end, number);
      if (error == std::errc() && at == end && !value.text.empty()) return number;
      return std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

// By the user's rule for a score with one of these names; nullopt if there is none.
std::optional<Outcome> ByRule(std::initializer_list<std::string_view> names, const Value& value,
                              const OutcomeConfig& config) {
  if (config.scores.empty()) return std::nullopt;
  const std::optional<double> number = NumberIn(value);
  if (!number) return std::nullopt;
  for (const ScoreRule& rule : config.scores) {
    for (const std::string_view name : names) {
      if (rule.name != name) continue;
      return rule.IsSuccess(*number) ? Outcome::kSuccess : Outcome::kFailure;
    }
  }
  return std::nullopt;
}

Outcome OfConfigured(const Value& value, double success_score) {
  // The user has configured this key, so its number is a score whatever its name.
  const std::optional<double> number =
      value.type == Value::Type::kBool ? std::nullopt : NumberIn(value);
  if (!number) return OutcomeOf({}, value);
  return *number >= success_score ? Outcome::kSuccess : Outcome::kFailure;
}

// Spans of all kinds have these keys, with many meanings: they count for the run only on a root or
// an evaluator.
bool IsGenericKey(std::string_view key) {
  for (const std::string_view word : {"success", "result", "score", "tool.success", "passed"}) {
    if (key == word) return true;
  }
  return false;
}

// Whether a name of an evaluation has one of these words, as in "answer_correctness".
bool HasWord(std::string_view name, std::initializer_list<std::string_view> words) {
  const auto is_letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
  for (std::size_t begin = 0; begin < name.size();) {
    if (!is_letter(name[begin])) {
      ++begin;
      continue;
    }
    // A word ends before a capital letter, too: isCorrect.
    std::size_t end = begin + 1;
    while (end < name.size() && is_letter(name[end]) &&
           !(std::isupper(static_cast<unsigned char>(name[end])) != 0 &&
             std::islower(static_cast<unsigned char>(name[end - 1])) != 0)) {
      ++end;
    }
    for (const std::string_view word : words) {
      if (ascii::EqualsFolded(name.substr(begin, end - begin), word)) return true;
    }
    begin = end;
  }
  return false;
}

// Whether true under this name is bad.
bool NamesHarm(std::string_view name) {
  return HasWord(name, {"toxic",     "toxicity", "hallucination", "hallucinated", "hallucinations",
                        "error",     "errors",   "failure",       "fail",         "failed",
                        "incorrect", "bias",     "biased",        "refusal",      "refused",
                        "harmful",   "unsafe",   "jailbreak",     "injection",    "leak",
                        "leakage",   "pii",      "violation",     "not"});
}

// Whether true under this name means that the run succeeded. Most criteria judge something else,
// such as conciseness.
bool NamesSuccess(std::string_view name) {
  if (NamesHarm(name)) return false;
  return IsOneOfFolded(name, {"score", "eval", "evaluation", "grade", "exact_match", "match"}) ||
         HasWord(name, {"correct", "correctness", "success", "successful", "pass", "passed",
                        "resolved", "solved", "reward", "outcome", "complete", "completed",
                        "completion", "goal", "accepted", "feedback", "verdict", "accuracy"});
}

// Labels that say how the run did, whatever the criterion.
Outcome OfLabel(const Value& label) {
  constexpr std::string_view kGood[] = {"pass", "passed", "correct", "success", "successful"};
  constexpr std::string_view kBad[] = {"fail", "failed", "incorrect", "failure"};
  if (IsAny(label.text, kGood)) return Outcome::kSuccess;
  if (IsAny(label.text, kBad)) return Outcome::kFailure;
  return Outcome::kUnknown;
}

}  // namespace

Outcome OutcomeOfEvaluation(const Evaluation& evaluation, const OutcomeConfig& config) {
  for (const Value* const value : {&evaluation.score, &evaluation.label}) {
    if (const auto ruled = ByRule({evaluation.name}, *value, config)) return *ruled;
  }
  if (const Outcome outcome = OfLabel(evaluation.label); outcome != Outcome::kUnknown) {
    return outcome;
  }
  const bool names_success = evaluation.name.empty() || NamesSuccess(evaluation.name);
  const Value& score = evaluation.score;
  const bool is_boolean =
      evaluation.is_boolean || score.type == Value::Type::kBool || IsAny(score.text, kTruthWords);
  if (!names_success && (!is_boolean || NamesHarm(evaluation.name))) return Outcome::kUnknown;
  if (const std::optional<double> number = NumberIn(score)) return OfBit(*number);
  if (IsAny(score.text, kTruthWords)) {
    return ascii::EqualsFolded(score.text, "true") ? Outcome::kSuccess : Outcome::kFailure;
  }
  // Words such as "yes" and "good" need a name that gives them this meaning.
  if (!names_success || evaluation.name.empty()) return Outcome::kUnknown;
  return OutcomeOf(evaluation.name, evaluation.label);
}

namespace {

// Of several evaluations, one failure decides.
Outcome OutcomeOfEvaluations(const SpanFields& fields, const OutcomeConfig& config) {
  Outcome all = Outcome::kUnknown;
  for (const Evaluation& evaluation : fields.evaluations) {
    const Outcome one = OutcomeOfEvaluation(evaluation, config);
    if (one == Outcome::kFailure) return one;
    if (one != Outcome::kUnknown) all = one;
  }
  return all;
}

}  // namespace

Outcome OutcomeOf(std::string_view key, const Value& value) {
  if (value.type == Value::Type::kBool) {
    return value.integer != 0 ? Outcome::kSuccess : Outcome::kFailure;
  }
  if (value.type == Value::Type::kText) {
    if (IsAny(value.text, kSuccessWords)) return Outcome::kSuccess;
    if (IsAny(value.text, kFailureWords)) return Outcome::kFailure;
  }
  const std::optional<double> number = NumberIn(value);
  return number ? OfNumber(key, *number) : Outcome::kUnknown;
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
    const bool is_evaluation = fields.kind == Kind::kEvaluator;
    if (!is_evaluation && !(IsGenericKey(mark.key) ? is_root : speaks_for_run)) continue;
    // A tool's or model's own success is not the run's.
    if (!is_evaluation && (fields.kind == Kind::kTool || fields.kind == Kind::kLlm) &&
        IsGenericKey(mark.key)) {
      continue;
    }
    const Outcome outcome =
        ByRule({mark.key, is_evaluation ? span.name : mark.key}, mark.value, config)
            .value_or(OutcomeOf(mark.key, mark.value));
    if (outcome == Outcome::kUnknown) continue;
    if (!is_evaluation) return {outcome, OutcomeRule::kAttribute};
    // Of several scores, one failure decides.
    if (config.use_evaluators && evaluated.outcome != Outcome::kFailure) {
      evaluated = {outcome, OutcomeRule::kEvaluator};
    }
  }
  if (config.use_evaluators && evaluated.outcome != Outcome::kFailure) {
    const Outcome outcome = OutcomeOfEvaluations(fields, config);
    if (outcome != Outcome::kUnknown) evaluated = {outcome, OutcomeRule::kEvaluator};
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
