// SPDX-License-Identifier: MIT
#include "engine/analysis/rank.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace halo {
namespace {

// A mode in 6 units of 6 tasks, and the parts of time in which it and all units lie.
Generality GeneralityOf(std::array<std::int64_t, 8> mode_parts,
                        std::array<std::int64_t, 8> all_parts) {
  ModeStats mode;
  mode.id = 1;
  mode.units = mode.tasks = 6;
  mode.trend = mode_parts;
  mode.trend_all = all_parts;
  const auto ranked = RankModes({mode}, 100, {}, 0);
  REQUIRE(ranked.size() == 1);
  return ranked.front().generality;
}

TEST_CASE("a mode is systemic when it shows in two parts of the time range") {
  CHECK(GeneralityOf({3, 3}, {20, 20, 20, 20, 20}) == Generality::kSystemic);
  CHECK(GeneralityOf({6}, {20, 20, 20, 20, 20}) == Generality::kRecurring);
}

TEST_CASE("a wrong clock that stretches the time range leaves a mode systemic") {
  CHECK(GeneralityOf({0, 0, 0, 0, 0, 0, 0, 6}, {1, 0, 0, 0, 0, 0, 0, 99}) == Generality::kSystemic);
}

TEST_CASE("modes of one title are told apart by what differs in their loci") {
  const auto titles = [](const std::vector<Locus>& loci) {
    std::vector<ModeStats> modes;
    for (const Locus& locus : loci) {
      ModeStats mode;
      mode.id = modes.size() + 1;
      mode.detector = 11;  // unfinished, whose title names the agent
      mode.locus = locus;
      modes.push_back(mode);
    }
    std::vector<std::string> out;
    for (const RankedMode& mode : RankModes(modes, 100, {}, 0)) {
      out.push_back(PlainText(mode.title));
    }
    std::sort(out.begin(), out.end());
    return out;
  };
  CHECK(titles({{"desk", "find", ""}}) ==
        std::vector<std::string>{"Runs of desk break off without an answer"});
  CHECK(titles({{"desk", "find", ""}, {"desk", "pay", ""}}) ==
        std::vector<std::string>{"Runs of desk break off without an answer (find)",
                                 "Runs of desk break off without an answer (pay)"});
}

}  // namespace
}  // namespace halo
