// SPDX-License-Identifier: MIT
#include "engine/facts/phrases.h"

#include "engine/base/ascii.h"

namespace halo {
std::string FoldedHead(std::string_view text, std::size_t bytes) {
  constexpr std::string_view kTypographic = "\xE2\x80\x99";
  std::string head = ascii::ToLower(text.substr(0, bytes));
  std::size_t at = 0;
  while ((at = head.find(kTypographic, at)) != head.npos)
    head.replace(at, kTypographic.size(), "'");
  return head;
}

bool HoldsPhrase(std::string_view folded, std::string_view phrase) {
  for (std::size_t at = folded.find(phrase); at != folded.npos; at = folded.find(phrase, at + 1)) {
    const std::size_t end = at + phrase.size();
    if ((at == 0 || !ascii::IsAlnum(folded[at - 1])) &&
        (end == folded.size() || !ascii::IsAlnum(folded[end]))) {
      return true;
    }
  }
  return false;
}

}  // namespace halo
