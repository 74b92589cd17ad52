// SPDX-License-Identifier: MIT
#include "engine/draw_blind.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>

#include "engine/base/hash.h"

namespace halo {
namespace {

constexpr std::size_t kPage = 1000;
constexpr std::uint64_t kMixed = 0x6d69786564;  // another order than that of the draw

std::uint64_t OrderOf(std::uint64_t seed, const TraceKey& key) {
  return MixHash(MixHash(seed, Fnv1a(key.project)), Fnv1a(key.trace_id));
}

void Sort(std::uint64_t seed, std::vector<TraceKey>& runs) {
  std::sort(runs.begin(), runs.end(), [seed](const TraceKey& a, const TraceKey& b) {
    return std::tuple(OrderOf(seed, a), a) < std::tuple(OrderOf(seed, b), b);
  });
}

}  // namespace

Result<std::vector<TraceKey>> SettledTraces(Engine& engine, const Question& question) {
  std::vector<TraceKey> out;
  std::string cursor;
  do {
    Result<TracePage> page = engine.Traces(question, TraceSort::kNewest, kPage, cursor);
    if (!page) return page.error();
    for (TraceRow& row : page->rows) {
      if (row.settled) out.push_back(std::move(row.key));
    }
    cursor = page->next_cursor;
  } while (!cursor.empty());
  return out;
}

void DrawBlind(std::array<std::vector<TraceKey>, 2> sides, const std::set<TraceKey>& read,
               BlindReading& reading) {
  for (std::vector<TraceKey>& side : sides) std::sort(side.begin(), side.end());
  std::vector<TraceKey> both;
  std::set_intersection(sides[0].begin(), sides[0].end(), sides[1].begin(), sides[1].end(),
                        std::back_inserter(both));
  std::set<TraceKey> second;
  reading.runs.clear();
  reading.populations.clear();
  for (std::size_t i = 0; i < sides.size(); ++i) {
    std::vector<TraceKey>& side = sides[i];
    std::erase_if(side, [&](const TraceKey& key) {
      return std::binary_search(both.begin(), both.end(), key);
    });
    reading.populations.push_back(static_cast<std::int64_t>(side.size()));
    std::erase_if(side, [&](const TraceKey& key) { return read.contains(key); });
    Sort(reading.seed, side);
    side.resize(std::min(side.size(), kBlindRunsOfSide));
    reading.runs.insert(reading.runs.end(), side.begin(), side.end());
    if (i == 1) second.insert(side.begin(), side.end());
  }
  Sort(reading.seed ^ kMixed, reading.runs);
  reading.side_of.clear();
  for (const TraceKey& run : reading.runs) reading.side_of.push_back(second.contains(run) ? 1 : 0);
}

}  // namespace halo
