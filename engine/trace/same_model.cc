// SPDX-License-Identifier: MIT
#include "engine/trace/same_model.h"

#include <algorithm>

#include "engine/base/ascii.h"

namespace halo {
namespace {

using ascii::IsDigit;
using ascii::Lower;

bool EqualText(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return Lower(x) == Lower(y); });
}

// Without what stands before the model's own name, and without ":0", "@001" behind it.
std::string_view OwnName(std::string_view name) {
  name.remove_prefix(std::min(name.size(), name.rfind('/') + 1));
  if (const std::size_t end = name.find_first_of(":@"); end != name.npos && end > 0) {
    name = name.substr(0, end);
  }
  // "us.anthropic.claude" has words before its dots, "gpt-4.1" has not.
  for (std::size_t dot; (dot = name.find('.')) != name.npos;) {
    const std::string_view word = name.substr(0, dot);
    if (word.empty() || !std::all_of(word.begin(), word.end(), ascii::IsAlpha)) break;
    name.remove_prefix(dot + 1);
  }
  return name;
}

// "-2024-08-06", "-20240806", "-0613", "-v2", "-latest", "-preview-05-06".
bool IsVersionTail(std::string_view tail) {
  while (!tail.empty()) {
    if (tail.front() != '-') return false;
    tail.remove_prefix(1);
    const std::string_view word = tail.substr(0, tail.find('-'));
    tail.remove_prefix(word.size());
    const bool number = word.size() >= 2 && std::all_of(word.begin() + 1, word.end(), IsDigit) &&
                        (IsDigit(word.front()) || Lower(word.front()) == 'v');
    if (!number && !EqualText(word, "latest") && !EqualText(word, "preview")) return false;
  }
  return true;
}

}  // namespace

bool IsSameModel(std::string_view a, std::string_view b) {
  a = OwnName(a);
  b = OwnName(b);
  if (a.size() > b.size()) std::swap(a, b);
  return !a.empty() && EqualText(a, b.substr(0, a.size())) && IsVersionTail(b.substr(a.size()));
}

}  // namespace halo
