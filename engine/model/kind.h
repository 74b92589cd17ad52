// SPDX-License-Identifier: MIT
// The kind of a span, independent of its emitter's convention.
#pragma once

#include <cstdint>
#include <string_view>

namespace halo {

enum class Kind : std::uint8_t {
  kSpan,  // unknown
  kAgent,
  kLlm,
  kTool,
  kChain,
  kRetriever,
  kReranker,
  kEmbedding,
  kGuardrail,
  kEvaluator,
  kPrompt,
};
std::string_view KindName(Kind kind);  // "AGENT", ...

// Whether a span of this kind calls a model.
bool CallsModel(Kind kind);

}  // namespace halo
