// SPDX-License-Identifier: MIT
#include "engine/analysis/waste_ledger.h"

#include <algorithm>
#include <utility>

namespace halo {

WasteLedger::WasteLedger(const Trace& trace)
    : trace_(trace),
      claimed_(trace.spans.size(), 0),
      critical_left_(trace.critical_ns),
      spent_(trace.spans.size()),
      by_span_(trace.spans.size()) {
  for (std::size_t i = 0; i < spent_.size(); ++i) {
    const Spend& spend = trace.spend[i];
    spent_[i] = {spend.usage.total(), spend.nano_usd};
  }
}

Waste WasteLedger::Claim(const Finding& finding, bool by_span) {
  notes_ = by_span;
  Waste waste;
  for (const SpanIndex top : finding.wasted) {
    // A claimed span was claimed together with all its descendants.
    pending_.assign(1, top);
    while (!pending_.empty()) {
      const SpanIndex i = pending_.back();
      pending_.pop_back();
      if (std::exchange(claimed_[i], 1)) continue;
      waste += Take(i);
      const auto children = trace_.Children(i);
      pending_.insert(pending_.end(), children.begin(), children.end());
    }
  }
  for (const auto& [span, tokens] : finding.carried) waste += TakeInput(span, tokens);
  if (finding.late_ns > 0 && !finding.spans.empty()) {
    waste.critical_ns += TakeTime(finding.spans.front(), finding.late_ns);
  }
  // Idle time between siblings is taken from their parent's exclusive time on the critical path.
  if (finding.wasted_gap_ns > 0 && !finding.spans.empty()) {
    const SpanIndex parent = trace_.parent[finding.spans.front()];
    if (parent != -1) waste.critical_ns += TakeTime(parent, finding.wasted_gap_ns);
  }
  return waste;
}

Waste WasteLedger::ClaimRest(bool by_span) {
  notes_ = by_span;
  Waste waste;
  for (std::size_t i = 0; i < claimed_.size(); ++i) {
    if (!std::exchange(claimed_[i], 1)) waste += Take(static_cast<SpanIndex>(i));
  }
  return waste;
}

Waste WasteLedger::Noted(SpanIndex i, const Waste& waste) {
  if (notes_) {
    Waste& sum = by_span_[i];
    sum.tokens += std::max<std::int64_t>(0, waste.tokens);
    sum.nano_usd += std::max<std::int64_t>(0, waste.nano_usd);
    sum.critical_ns += std::max<std::int64_t>(0, waste.critical_ns);
  }
  return waste;
}

// At most `ns` of a span's time on the critical path that is not claimed.
std::int64_t WasteLedger::TakeTime(SpanIndex i, std::int64_t ns) {
  ns = std::min(ns, critical_left_[i]);
  critical_left_[i] -= ns;
  return Noted(i, {0, 0, ns}).critical_ns;
}

// At most `tokens` of a model call's input that are not claimed, and their part of its cost.
Waste WasteLedger::TakeInput(SpanIndex i, std::int64_t tokens) {
  Spent& left = spent_[i];
  const TokenUsage& usage = trace_.spend[i].usage;
  tokens = std::min({tokens, usage.input, left.tokens});
  if (claimed_[i] || tokens <= 0) return {};
  const std::int64_t nano_usd =
      std::min(left.nano_usd, static_cast<std::int64_t>(static_cast<double>(left.nano_usd) *
                                                        static_cast<double>(tokens) /
                                                        static_cast<double>(left.tokens)));
  left.tokens -= tokens;
  left.nano_usd -= nano_usd;
  return Noted(i, {tokens, trace_.spend[i].unpriced() ? kUnknownAmount : nano_usd, 0});
}

Waste WasteLedger::Take(SpanIndex i) {
  const Spend& spend = trace_.spend[i];
  Waste waste{spent_[i].tokens, spent_[i].nano_usd, std::exchange(critical_left_[i], 0)};
  if (LacksTimes(trace_.spans[i])) waste.critical_ns = kUnknownAmount;
  if (spend.reports_nothing) waste.tokens = waste.nano_usd = kUnknownAmount;
  if (spend.unpriced()) waste.nano_usd = kUnknownAmount;
  return Noted(i, waste);
}

}  // namespace halo
