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

bool HoldsPhrase(std::string_view head, std::string_view phrase) {
  const std::size_t at = head.find(phrase);
  if (at == head.npos) return false;
  const std::size_t end = at + phrase.size();
  return (at == 0 || !ascii::IsAlnum(head[at - 1])) &&
         (end == head.size() || !ascii::IsAlnum(head[end]));
}

}  // namespace halo
