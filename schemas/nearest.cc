// SPDX-License-Identifier: MIT
#include "schemas/nearest.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace halo {
namespace {

constexpr std::size_t kMaxWord = 64;
constexpr std::size_t kMaxListed = 40;

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::array<std::size_t, kMaxWord + 1> row{};
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = diagonal + (Lower(a[i - 1]) == Lower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replace});
    }
  }
  return row[b.size()];
}

// "trace_id" for "trace", if no other known word continues it with "_".
std::string_view OnlyLonger(std::string_view word, std::span<const std::string_view> known) {
  std::string_view longer;
  for (const std::string_view candidate : known) {
    if (candidate.size() <= word.size() || candidate[word.size()] != '_') continue;
    if (!std::equal(word.begin(), word.end(), candidate.begin(),
                    [](char a, char b) { return Lower(a) == Lower(b); })) {
      continue;
    }
    if (!longer.empty()) return {};
    longer = candidate;
  }
  return longer;
}

}  // namespace

std::string_view Nearest(std::string_view word, std::span<const std::string_view> known) {
  if (word.empty() || word.size() > kMaxWord) return {};
  std::string_view best;
  std::size_t best_distance = kMaxWord;
  for (std::string_view candidate : known) {
    if (candidate.size() > kMaxWord) continue;
    const std::size_t distance = EditDistance(word, candidate);
    const std::size_t allowed =
        candidate.size() < 4 ? 1 : std::max<std::size_t>(2, candidate.size() / 3);
    if (distance > allowed || distance >= best_distance) continue;
    best = candidate;
    best_distance = distance;
  }
  return best.empty() ? OnlyLonger(word, known) : best;
}

std::string SuggestWord(std::string_view word, std::span<const std::string_view> known) {
  std::string out;
  if (const std::string_view near = Nearest(word, known); !near.empty()) {
    out.append("; did you mean ").append(near).append("?");
  }
  if (known.empty()) return out;
  out.append(out.empty() ? "; known: " : " known: ");
  for (std::size_t i = 0; i < std::min(known.size(), kMaxListed); ++i) {
    if (i > 0) out.append(", ");
    out.append(known[i].substr(0, kMaxWord)).append(known[i].size() > kMaxWord ? "…" : "");
  }
  if (known.size() > kMaxListed) out.append(", ...");
  return out;
}

}  // namespace halo
