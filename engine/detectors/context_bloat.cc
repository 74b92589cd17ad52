// SPDX-License-Identifier: MIT
// D23: the prompts of an agent grow to at least three times the first one and 32,000 tokens, larger
// at four of five of at least five model calls. A size proves it; whether less would have done is
// not known. Shows the largest message of the last prompt. What one result causes is reported by
// oversized_result too.
// Wasted: nothing that is known: what could have been left out is not.
// Eligible: traces in which an agent made at least five model calls that report their input.
#include <algorithm>

#include "engine/detectors/detector.h"
#include "engine/model/message_place.h"
#include "engine/trace/call_sequence.h"

namespace halo {
namespace {

constexpr std::size_t kFewestCalls = 5;

struct Prompts {
  std::vector<SpanIndex> calls;
  std::vector<std::int64_t> tokens;
};

Prompts PromptsOf(const Trace& trace, const Scope& scope) {
  Prompts prompts;
  for (const SpanIndex step : scope.steps) {
    if (trace.spans[step].kind != Kind::kLlm || IsSideCall(trace, step)) continue;
    const std::int64_t tokens = trace.spans[step].usage.input;
    if (tokens <= 0) continue;
    prompts.calls.push_back(step);
    prompts.tokens.push_back(tokens);
  }
  return prompts;
}

bool IsBloated(const Prompts& prompts, const Thresholds& limits) {
  const std::vector<std::int64_t>& tokens = prompts.tokens;
  if (tokens.size() < kFewestCalls) return false;
  const auto first = static_cast<double>(tokens.front()), last = static_cast<double>(tokens.back());
  if (last < limits.context_bloat_tokens || last < limits.context_bloat_growth * first)
    return false;
  std::size_t rises = 0;
  for (std::size_t i = 1; i < tokens.size(); ++i) rises += tokens[i] > tokens[i - 1];
  return rises * 5 >= (tokens.size() - 1) * 4;
}

void CiteLargest(const Trace& trace, SpanIndex llm, Finding& finding) {
  const MessagePool& messages = trace.words->messages();
  const std::vector<MessageId> prompt = messages.MessagesOf(trace.spans[llm].prompt);
  std::size_t largest = prompt.size();
  for (std::size_t i = 0; i < prompt.size(); ++i) {
    if (largest == prompt.size() || messages[prompt[i]].size > messages[prompt[largest]].size) {
      largest = i;
    }
  }
  if (largest == prompt.size()) return;
  finding.Cite(EvidenceRole::kSeen, llm,
               PlaceText({MessagePlace::Kind::kPrompt, static_cast<std::uint32_t>(largest), {}}));
}

bool Eligible(const Trace& trace) {
  return std::any_of(trace.scopes.begin(), trace.scopes.end(), [&](const Scope& scope) {
    return PromptsOf(trace, scope).calls.size() >= kFewestCalls;
  });
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  for (const Scope& scope : trace.scopes) {
    const Prompts prompts = PromptsOf(trace, scope);
    if (!IsBloated(prompts, trace.thresholds)) continue;
    const SpanIndex last = prompts.calls.back();
    Finding& finding = out.emplace_back();
    finding.locus = LocusOf(trace, last);
    finding.signature = "prompts grow";
    finding.spans = {last, prompts.calls.front()};
    CiteLargest(trace, last, finding);
    finding.opportunity = Opportunity::kAgent;
  }
}

}  // namespace

TraceDetector ContextBloat() {
  return {.id = 30,
          .name = "context_bloat",
          .category = "context",
          .severity = Severity::kLow,
          .confidence = Confidence::kProven,
          .end_of_run = false,
          .cost_only = true,
          .title = "The prompts of {agent} grow with every call",
          .eligible = Eligible,
          .find = Find};
}

}  // namespace halo
