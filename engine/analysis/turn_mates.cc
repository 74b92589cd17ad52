// SPDX-License-Identifier: MIT
#include "engine/analysis/turn_mates.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_map>

#include "engine/trace/turn_place.h"

namespace halo {
namespace {

constexpr std::size_t kMostSpans = 20;  // of a finding
constexpr std::size_t kMostMates = 16;

// Findings by the model call that asked, and by the one that reads. Keeps one finding more than is
// needed, since a finding is not its own mate.
class ByTurn {
 public:
  void Add(SpanIndex llm, std::uint32_t finding) {
    std::vector<std::uint32_t>& found = found_[llm];
    if (found.size() > kMostMates || (!found.empty() && found.back() == finding)) return;
    found.push_back(finding);
  }
  std::span<const std::uint32_t> Of(SpanIndex llm) const {
    const auto found = found_.find(llm);
    return found == found_.end() ? std::span<const std::uint32_t>() : found->second;
  }

 private:
  std::unordered_map<SpanIndex, std::vector<std::uint32_t>> found_;
};

}  // namespace

std::vector<std::vector<std::uint32_t>> FindTurnMates(const Trace& trace,
                                                      std::span<const FindingPlace> findings) {
  std::vector<std::vector<std::uint32_t>> mates(findings.size());
  if (findings.size() < 2) return mates;
  const auto first_span = [&](std::uint32_t i) {
    return findings[i].finding->spans.empty() ? SpanIndex{-1} : findings[i].finding->spans.front();
  };
  const auto precedes = [&](std::uint32_t a, std::uint32_t b) {
    return std::tuple(first_span(a), findings[a].rank, a) <
           std::tuple(first_span(b), findings[b].rank, b);
  };
  std::vector<std::uint32_t> order(findings.size());
  std::iota(order.begin(), order.end(), 0);
  const auto by_rank = [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(findings[a].rank, a) < std::pair(findings[b].rank, b);
  };
  std::sort(order.begin(), order.end(), by_rank);

  std::vector<TurnPlace> places(findings.size());
  ByTurn asked, seen;
  for (const std::uint32_t i : order) {
    const std::vector<SpanIndex>& spans = findings[i].finding->spans;
    for (std::size_t s = 0; s < std::min(spans.size(), kMostSpans); ++s) {
      const TurnPlace place = FindTurnPlace(trace, spans[s]);
      if (s == 0) places[i] = place;
      asked.Add(place.asked_by, i);
      if (place.seen_by != -1) seen.Add(place.seen_by, i);
    }
  }
  for (const std::uint32_t i : order) {
    if (first_span(i) == -1) continue;
    const TurnPlace& place = places[i];
    const auto of_asked = asked.Of(place.asked_by);
    std::vector<std::uint32_t> found(of_asked.begin(), of_asked.end());
    // A model call also ends the turn whose results it reads.
    if (place.asks) {
      const auto of_seen = seen.Of(place.asked_by);
      found.insert(found.end(), of_seen.begin(), of_seen.end());
      std::sort(found.begin(), found.end(), by_rank);
      found.erase(std::unique(found.begin(), found.end()), found.end());
    }
    std::erase(found, i);
    if (found.size() > kMostMates) found.resize(kMostMates);
    for (const std::uint32_t mate : found) mates[i].push_back(mate * 2 + precedes(mate, i));
  }
  return mates;
}

}  // namespace halo
