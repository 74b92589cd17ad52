// SPDX-License-Identifier: MIT
// Answers are small by default and never too large for a client; what is cut is said. Pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "tools/answer/tool.h"

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

// Shows as many of the answer's `list`, a member of it, as fit, at least one. `tell(out)` writes
// what the answer says about how many these are. An answer grows with its list, so the number is
// bisected: whatever the length of the list, only some answers of a few times the budget are
// written.
template <Fielded Out, class Item, class Tell>
void FitList(Out& out, std::vector<Item>& list, std::size_t budget, Tell&& tell) {
  constexpr std::size_t kFirst = 128;
  std::vector<Item> all = std::move(list);
  const auto fits = [&](std::size_t count) {
    list.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
    tell(out);
    return AnswerBytes(out) <= budget;
  };
  std::size_t good = std::min<std::size_t>(1, all.size());
  std::size_t bad = std::min(all.size(), kFirst);
  while (fits(bad)) {
    good = bad;
    if (bad == all.size()) return;
    bad = std::min(all.size(), bad * 2);
  }
  while (bad > good + 1) {
    const std::size_t middle = good + (bad - good) / 2;
    (fits(middle) ? good : bad) = middle;
  }
  fits(good);
}

}  // namespace halo
