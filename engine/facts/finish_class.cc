// SPDX-License-Identifier: MIT
#include "engine/facts/finish_class.h"

#include "engine/base/ascii.h"

namespace halo {
namespace {

struct FinishWord {
  std::string_view word;
  FinishClass meaning;
};

// OpenAI, Anthropic, Gemini, Bedrock, Cohere, Mistral, Vercel AI SDK; '-' and ' ' written as '_'.
constexpr FinishWord kWords[] = {
    {"stop", FinishClass::kStop},
    {"end_turn", FinishClass::kStop},
    {"endturn", FinishClass::kStop},
    {"stop_sequence", FinishClass::kStop},
    {"eos", FinishClass::kStop},
    {"eos_token", FinishClass::kStop},
    {"complete", FinishClass::kStop},
    {"completed", FinishClass::kStop},
    {"finish", FinishClass::kStop},
    {"finished", FinishClass::kStop},
    {"end", FinishClass::kStop},
    {"done", FinishClass::kStop},
    {"success", FinishClass::kStop},
    {"tool_calls", FinishClass::kToolCalls},
    {"tool_call", FinishClass::kToolCalls},
    {"tool_use", FinishClass::kToolCalls},
    {"tooluse", FinishClass::kToolCalls},
    {"function_call", FinishClass::kToolCalls},
    {"length", FinishClass::kTruncated},
    {"max_tokens", FinishClass::kTruncated},
    {"max_output_tokens", FinishClass::kTruncated},
    {"max_length", FinishClass::kTruncated},
    {"model_length", FinishClass::kTruncated},
    {"model_context_window_exceeded", FinishClass::kTruncated},
    {"context_length_exceeded", FinishClass::kTruncated},
    {"token_limit", FinishClass::kTruncated},
    {"content_filter", FinishClass::kRefusal},
    {"content_filtered", FinishClass::kRefusal},
    {"refusal", FinishClass::kRefusal},
    {"safety", FinishClass::kRefusal},
    {"image_safety", FinishClass::kRefusal},
    {"recitation", FinishClass::kRefusal},
    {"blocklist", FinishClass::kRefusal},
    {"prohibited_content", FinishClass::kRefusal},
    {"spii", FinishClass::kRefusal},
    {"error_toxic", FinishClass::kRefusal},
    {"guardrail_intervened", FinishClass::kRefusal},
    {"unknown", FinishClass::kUnknown},
    {"none", FinishClass::kUnknown},
    {"null", FinishClass::kUnknown},
    {"unspecified", FinishClass::kUnknown},
};

}  // namespace

FinishClass ClassifyFinish(std::string_view reason) {
  char word[48];
  std::size_t size = 0;
  if (reason.size() > sizeof(word)) return FinishClass::kOther;
  for (const char c : reason) word[size++] = c == '-' || c == ' ' ? '_' : ascii::Lower(c);
  std::string_view rest(word, size);
  // FinishReason.STOP, FINISH_REASON_STOP
  for (const std::string_view prefix :
       {"finishreason.", "finish_reason.", "finish_reason_", "stopreason.", "stop_reason."}) {
    if (rest.starts_with(prefix)) rest.remove_prefix(prefix.size());
  }
  if (rest.empty()) return FinishClass::kUnknown;
  for (const FinishWord& known : kWords) {
    if (known.word == rest) return known.meaning;
  }
  return FinishClass::kOther;
}

}  // namespace halo
