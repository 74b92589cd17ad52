// SPDX-License-Identifier: MIT
// What kind of step a span is, whatever convention its emitter used.
#pragma once

#include <cstdint>
#include <string_view>

namespace halo {

enum class Kind : std::uint8_t {
  kSpan,  // nothing known
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
