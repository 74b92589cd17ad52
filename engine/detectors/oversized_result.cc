// SPDX-License-Identifier: MIT
// D24: one result of at least 2,000 tokens (a quarter of its bytes) that makes up a quarter of the
// prompt that reads it. A size proves it; whether less would have done is not known.
// Wasted: the tokens of the result in each later prompt that still holds it, as part of the input
// of that call.
// Eligible: traces with a call whose result is in a prompt that was recorded.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "engine/detectors/turn_results.h"

namespace halo {
namespace {

constexpr std::int64_t kBytesPerToken = 4;

std::int64_t TokensOf(const MessageFacts& message) { return message.size / kBytesPerToken; }

bool IsOversized(const Trace& trace, const Turn& turn) {
  const MessageFacts* const shown = IsToolCall(turn) ? ShownResult(trace, turn) : nullptr;
  if (shown == nullptr) return false;
  const auto tokens = static_cast<double>(TokensOf(*shown));
  if (tokens < trace.thresholds.oversized_result_tokens) return false;
  const SpanFacts& seen = trace.spans[turn.seen_by];
  const std::int64_t reported = trace.spend[turn.seen_by].usage.input;
  const double prompt = static_cast<double>(
      reported > 0 ? reported : std::int64_t{seen.payload_bytes} / kBytesPerToken);
  return tokens >= trace.thresholds.oversized_result_share * prompt;
}

// The first model call after each message was shown whose prompt no longer holds it.
std::unordered_map<MessageId, std::vector<SpanIndex>> LossesOf(const Trace& trace) {
  std::unordered_map<MessageId, std::vector<SpanIndex>> lost;
  for (const PromptStep& step : trace.turns.prompts) {
    for (const LostMessage& one : trace.turns.LostOf(step)) {
      lost[one.message].push_back(step.span);
    }
  }
  return lost;
}

// Tokens that each model call carries on, as changes from one call of a scope to the next.
using Changes = std::map<SpanIndex, std::int64_t>;

void AddCarried(const Trace& trace, const Changes& changes, std::int32_t scope, Finding& finding) {
  std::int64_t carried = 0;
  auto change = changes.begin();
  for (const SpanIndex step : trace.scopes[scope].steps) {
    if (trace.spans[step].kind != Kind::kLlm) continue;
    for (; change != changes.end() && change->first <= step; ++change) carried += change->second;
    if (carried > 0) finding.carried.emplace_back(step, carried);
  }
}

bool Eligible(const Trace& trace) {
  return std::any_of(trace.turns.all.begin(), trace.turns.all.end(), [&](const Turn& turn) {
    return IsToolCall(turn) && ShownResult(trace, turn) != nullptr;
  });
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  const std::size_t before = out.size();
  FindingByTool findings(trace, out);
  std::unordered_map<MessageId, std::vector<SpanIndex>> losses;
  std::map<std::pair<std::size_t, std::int32_t>, Changes> carried;  // by finding and scope
  for (const Turn& turn : trace.turns.all) {
    if (!IsOversized(trace, turn)) continue;
    if (out.size() == before) losses = LossesOf(trace);
    if (Finding* const finding = findings.Add(turn)) {
      finding->signature = "fills the prompt";
      CiteTurn(trace, turn, *finding);
    }
    const Locus locus = LocusOfCall(trace, turn);
    const auto owner = std::find_if(out.begin() + static_cast<std::ptrdiff_t>(before), out.end(),
                                    [&](const Finding& each) { return each.locus == locus; });
    Changes& changes = carried[{static_cast<std::size_t>(owner - out.begin()), turn.scope}];
    const std::int64_t tokens = TokensOf(*ShownResult(trace, turn));
    changes[turn.seen_by + 1] += tokens;
    const std::vector<SpanIndex>& lost = losses[turn.result];
    const auto at = std::upper_bound(lost.begin(), lost.end(), turn.seen_by);
    if (at != lost.end()) changes[*at] -= tokens;
  }
  for (const auto& [place, changes] : carried) {
    AddCarried(trace, changes, place.second, out[place.first]);
  }
}

}  // namespace

TraceDetector OversizedResult() {
  return {.id = 29,
          .name = "oversized_result",
          .category = "context",
          .severity = Severity::kLow,
          .confidence = Confidence::kProven,
          .end_of_run = false,
          .cost_only = true,
          .title = "What {tool} returns fills the prompt and is sent again with every later call",
          .eligible = Eligible,
          .find = Find};
}

}  // namespace halo
