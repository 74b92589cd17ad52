// SPDX-License-Identifier: MIT
#include "engine/trace/strands.h"

#include <algorithm>

#include "engine/trace/call_sequence.h"

namespace halo {
namespace {

std::uint64_t PlaceOf(std::int32_t scope, SpanIndex call) {
  return static_cast<std::uint64_t>(scope) << 32 | static_cast<std::uint32_t>(call + 1);
}

}  // namespace

Strands::Strands(const Trace& trace) : of_step_(trace.spans.size(), -1) {
  for (std::size_t scope = 0; scope < trace.scopes.size(); ++scope) {
    for (const SpanIndex step : trace.scopes[scope].steps) {
      if (IsSideCall(trace, step)) continue;
      const std::uint64_t place =
          PlaceOf(static_cast<std::int32_t>(scope), trace.within_call[step]);
      const auto [found, is_new] = by_place_.try_emplace(place, llm_.size());
      if (is_new) llm_.emplace_back();
      of_step_[step] = found->second;
      if (trace.spans[step].kind == Kind::kLlm) llm_[found->second].push_back(step);
    }
  }
}

std::int32_t Strands::Find(std::int32_t scope, SpanIndex call) const {
  const auto found = by_place_.find(PlaceOf(scope, call));
  return found == by_place_.end() ? -1 : found->second;
}

SpanIndex Strands::LlmBefore(std::int32_t strand, SpanIndex span) const {
  const std::vector<SpanIndex>& llm = Llm(strand);
  const auto after = std::lower_bound(llm.begin(), llm.end(), span);
  return after == llm.begin() ? -1 : *(after - 1);
}

SpanIndex Strands::LlmAfter(std::int32_t strand, SpanIndex span) const {
  const std::vector<SpanIndex>& llm = Llm(strand);
  const auto after = std::upper_bound(llm.begin(), llm.end(), span);
  return after == llm.end() ? -1 : *after;
}

}  // namespace halo
