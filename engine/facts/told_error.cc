// SPDX-License-Identifier: MIT
#include "engine/facts/told_error.h"

#include <vector>

#include "engine/facts/error_signature.h"
#include "engine/facts/result_verdict.h"

namespace halo {
namespace {

// The name in the call that the result answers, among the last answers of the model before
// `results`; by order if one answer made all calls and the emitter gives no ids.
std::string_view ToolOf(std::span<const Message> prompt, std::size_t results, std::size_t at) {
  const std::string_view id = prompt[at].tool_call_id;
  bool has_ids = false;
  for (std::size_t i = results; i > 0 && prompt[i - 1].role == "assistant"; --i) {
    for (const ToolCall& call : prompt[i - 1].tool_calls) {
      if (!id.empty() && call.id == id) return call.name;
      has_ids = has_ids || !call.id.empty();
    }
  }
  const std::vector<ToolCall>& asked = prompt[results - 1].tool_calls;
  if ((has_ids && !id.empty()) || at - results >= asked.size()) return {};
  return asked[at - results].name;
}

}  // namespace

std::string ErrorOfResult(std::string_view result, JsonTrees& json) {
  const ResultVerdict verdict = JudgeResult(result, json);
  if (verdict.rule == FailureRule::kNone) return {};
  const std::string_view text = verdict.message.empty() ? verdict.cause : verdict.message;
  std::string signature = SignError(text, verdict.type, verdict.message.empty()).text;
  if (!signature.empty()) return signature;
  return "no message (" + std::string(FailureRuleName(verdict.rule)) + ")";
}

ToldError FindToldError(std::span<const Message> prompt, JsonTrees& json) {
  std::size_t begin = prompt.size();
  while (begin > 0 && prompt[begin - 1].role == "tool") --begin;
  if (begin == 0 || begin == prompt.size()) return {};
  for (std::size_t i = begin; i < prompt.size(); ++i) {
    std::string signature = ErrorOfResult(prompt[i].content, json);
    if (signature.empty()) continue;
    return {std::move(signature), ToolOf(prompt, begin, i)};
  }
  return {};
}

}  // namespace halo
