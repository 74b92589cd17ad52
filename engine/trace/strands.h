// SPDX-License-Identifier: MIT
// The strands of a trace: the steps of a scope that are in no tool call, or in the same one, are
// what one agent does at one level. Model calls that a model call makes for itself (side calls) are
// left out.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "engine/trace/trace.h"

namespace halo {

class Strands {
 public:
  explicit Strands(const Trace& trace);

  std::size_t size() const { return llm_.size(); }
  // The model calls of a strand, by time; none for -1.
  const std::vector<SpanIndex>& Llm(std::int32_t strand) const {
    return strand == -1 ? none_ : llm_[strand];
  }
  // The strand of a step; -1 if the span is no step.
  std::int32_t Of(SpanIndex step) const { return of_step_[step]; }
  // The strand of the steps of `scope` whose nearest call in it is `call` (-1: none); -1 if it has
  // no steps.
  std::int32_t Find(std::int32_t scope, SpanIndex call) const;
  // The last model call before the span and the first one after it; -1 if there is none.
  SpanIndex LlmBefore(std::int32_t strand, SpanIndex span) const;
  SpanIndex LlmAfter(std::int32_t strand, SpanIndex span) const;

 private:
  std::vector<std::vector<SpanIndex>> llm_;
  std::vector<std::int32_t> of_step_;
  std::unordered_map<std::uint64_t, std::int32_t> by_place_;
  const std::vector<SpanIndex> none_;
};

}  // namespace halo
