// SPDX-License-Identifier: MIT
// Answers are small by default and never too large for a client; what is cut is said. Pure.
#pragma once

#include <algorithm>
#include <cstddef>

#include "tools/tool.h"

namespace halo {

// Without a wish for more, and with one: the latter stays clear of kMaxAnswerBytes.
inline constexpr std::size_t kDefaultAnswerBytes = 10'000;
inline constexpr std::size_t kLargeAnswerBytes = 39'000;

// The larger of its two forms.
template <Fielded Out>
std::size_t AnswerBytes(const Out& out) {
  Fence fence("00000000");
  const boost::json::value structured = Structure(out, fence);
  return std::max(Serialise(structured).size(),
                  RenderText(structured.get_object(), ShapeOf<Out>()).size());
}

// Calls trim(out) until the answer fits or trim returns false: nothing is left to cut.
template <Fielded Out, class Trim>
void FitAnswer(Out& out, std::size_t budget, Trim&& trim) {
  while (AnswerBytes(out) > budget && trim(out)) {
  }
}

}  // namespace halo
