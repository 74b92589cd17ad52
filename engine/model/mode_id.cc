// SPDX-License-Identifier: MIT
#include "engine/model/mode_id.h"

#include <xxhash.h>

#include "engine/model/trace_summary.h"

namespace halo {
namespace {

constexpr std::string_view kPrefix = "fm_";
constexpr std::size_t kDigits = 12;
constexpr std::string_view kHex = "0123456789abcdef";

}  // namespace

ModeId MakeModeId(std::string_view detector, const Locus& locus, std::string_view signature) {
  std::string key;
  for (const std::string_view part :
       {detector, std::string_view(locus.agent), std::string_view(locus.tool),
        std::string_view(locus.span_name), signature}) {
    key += part;
    key += '\0';
  }
  return XXH3_64bits(key.data(), key.size()) >> 16;
}

std::string ModeIdText(ModeId id) {
  std::string text(kPrefix);
  for (std::size_t i = kDigits; i-- > 0;) text += kHex[(id >> (4 * i)) & 15];
  return text;
}

ModeId ParseModeId(std::string_view text) {
  if (!text.starts_with(kPrefix) || text.size() != kPrefix.size() + kDigits) return 0;
  ModeId id = 0;
  for (const char c : text.substr(kPrefix.size())) {
    const std::size_t digit = kHex.find(c);
    if (digit == kHex.npos) return 0;
    id = id << 4 | digit;
  }
  return id;
}

}  // namespace halo
