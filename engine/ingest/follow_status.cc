// SPDX-License-Identifier: MIT
#include "engine/ingest/follow_status.h"

#include <algorithm>
#include <charconv>

namespace halo {
namespace {

constexpr char kBetweenFields = '\t', kBetweenTroubles = '\x1e';
constexpr std::size_t kMaxText = 300;
constexpr std::size_t kMaxEncoded = 3;

std::string Plain(std::string_view text) {
  std::string out(text.substr(0, kMaxText));
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return c < 0x20; }, ' ');
  return out;
}

std::string_view TakeField(std::string_view& text, char end) {
  const std::size_t at = std::min(text.find(end), text.size());
  const std::string_view field = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return field;
}

}  // namespace

std::string EncodeTroubles(const FollowStatus& status) {
  std::string out;
  for (std::size_t i = 0; i < std::min(status.troubles.size(), kMaxEncoded); ++i) {
    const FollowTrouble& trouble = status.troubles[i];
    out += std::to_string(trouble.since_ns) + kBetweenFields + Plain(trouble.path) +
           kBetweenFields + Plain(trouble.why) + kBetweenTroubles;
  }
  return out;
}

std::vector<FollowTrouble> DecodeTroubles(std::string_view line) {
  std::vector<FollowTrouble> out;
  while (!line.empty() && out.size() < kMaxEncoded) {
    std::string_view one = TakeField(line, kBetweenTroubles);
    FollowTrouble trouble;
    const std::string_view since = TakeField(one, kBetweenFields);
    const auto [end, error] =
        std::from_chars(since.data(), since.data() + since.size(), trouble.since_ns);
    trouble.path = Plain(TakeField(one, kBetweenFields));
    trouble.why = Plain(one);
    trouble.by_another = true;
    if (error == std::errc() && end == since.data() + since.size() && !trouble.why.empty()) {
      out.push_back(std::move(trouble));
    }
  }
  return out;
}

}  // namespace halo
