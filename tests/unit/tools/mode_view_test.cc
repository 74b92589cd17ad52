// SPDX-License-Identifier: MIT
#include "tools/common/mode_view.h"

#include <catch2/catch.hpp>
#include <vector>

namespace halo {
namespace {

RankedMode Mode(ModeId id, Confidence confidence, Generality generality = Generality::kSystemic,
                TriageStatus status = TriageStatus::kOpen) {
  RankedMode mode;
  mode.stats.id = id;
  mode.confidence = confidence;
  mode.generality = generality;
  mode.triage.status = status;
  mode.detector = id % 2 == 1 ? "odd" : "even";
  return mode;
}

ModeRanking Ranking() {
  ModeRanking ranking;
  ranking.modes = {Mode(1, Confidence::kCandidate),
                   Mode(2, Confidence::kProven),
                   Mode(3, Confidence::kLikely),
                   Mode(4, Confidence::kCandidate, Generality::kOneOff),
                   Mode(5, Confidence::kProven, Generality::kOneOff),
                   Mode(6, Confidence::kProven, Generality::kSystemic, TriageStatus::kIgnored),
                   Mode(7, Confidence::kCandidate, Generality::kSystemic, TriageStatus::kIgnored)};
  return ranking;
}

std::vector<ModeId> Ids(const ModesInView& view) {
  std::vector<ModeId> ids;
  for (const RankedMode* mode : view.modes) ids.push_back(mode->stats.id);
  return ids;
}

TEST_CASE("proven and likely modes are shown, candidates are counted and one argument away") {
  const ModeRanking ranking = Ranking();
  ModesInView view = ViewModes(ranking, {});
  CHECK(Ids(view) == std::vector<ModeId>{2, 3});
  CHECK(view.candidates == 2);
  CHECK(view.one_offs == 1);
  CHECK(view.triaged == 2);

  ModeView all;
  all.least = Confidence::kCandidate;
  view = ViewModes(ranking, all);
  CHECK(Ids(view) == std::vector<ModeId>{1, 2, 3});  // in the order of the ranking
  CHECK(view.candidates == 0);
  CHECK(view.one_offs == 2);
  all.one_offs = true;
  CHECK(Ids(ViewModes(ranking, all)) == std::vector<ModeId>{1, 2, 3, 4, 5});

  ModeView proven;
  proven.least = Confidence::kProven;
  view = ViewModes(ranking, proven);
  CHECK(Ids(view) == std::vector<ModeId>{2});
  CHECK(view.candidates == 3);
}

TEST_CASE("a mode that is asked for by its id or status is shown") {
  const ModeRanking ranking = Ranking();
  ModeView one;
  one.only = 4;
  ModesInView view = ViewModes(ranking, one);
  CHECK(Ids(view) == std::vector<ModeId>{4});
  CHECK(view.candidates + view.one_offs + view.triaged == 0);
  ModeView ignored;
  ignored.status = wire::Status::kIgnored;
  view = ViewModes(ranking, ignored);
  CHECK(Ids(view) == std::vector<ModeId>{6});
  CHECK(view.candidates == 1);
  ModeView odd;
  odd.detector = "odd";
  CHECK(Ids(ViewModes(ranking, odd)) == std::vector<ModeId>{3});
}

}  // namespace
}  // namespace halo
