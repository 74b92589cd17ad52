// SPDX-License-Identifier: MIT
// Input and output of list_failure_modes. Units as in common.h.
#pragma once

#include "schemas/absent_mode.h"
#include "schemas/review.h"

namespace halo::wire {

enum class ModeSort : std::uint8_t { kScore, kRate, kTraces, kWasted, kRecent };
constexpr auto Names(ModeSort) {
  return std::array{Named{ModeSort::kScore, "score"}, Named{ModeSort::kRate, "rate"},
                    Named{ModeSort::kTraces, "traces"}, Named{ModeSort::kWasted, "wasted"},
                    Named{ModeSort::kRecent, "recent"}};
}

struct ListFailureModesInput {
  std::optional<Filters> filters;
  ModeSort sort = ModeSort::kScore;
  std::optional<std::string> detector;
  std::optional<Confidence> confidence;
  bool include_one_offs = false;
  std::int64_t limit = 10, examples = 1;
  std::optional<std::string> cursor;

  static constexpr auto Fields() {
    using Self = ListFailureModesInput;
    return std::tuple{Option("filters", &Self::filters, "failure_mode: list only this one"),
                      Option("sort", &Self::sort),
                      Option("detector", &Self::detector).Example("\"exact_repeat\""),
                      Option("confidence", &Self::confidence, "least sure class; default likely"),
                      Option("include_one_offs", &Self::include_one_offs),
                      Option("examples", &Self::examples, "quoted runs a mode", {0, 3}),
                      Option("limit", &Self::limit, "", {1, 50}).Example("10"),
                      Option("cursor", &Self::cursor, "next_cursor; pass it alone")};
  }
};

struct ListFailureModesOutput {
  Prose headline;
  std::vector<ModeRow> modes;
  std::vector<ReviewedRow> reviewed;
  std::int64_t total = 0, hidden_one_offs = 0, hidden_triaged = 0, runs = 0;
  std::int64_t hidden_candidates = 0, failed_without_mode = 0;
  Words page, next_cursor, unit, ranking;
  std::optional<AbsentMode> absent;
  Outcomes outcomes;
  std::vector<JudgedDetector> judged;
  std::vector<Prose> notes;
  std::vector<Words> next;

  static constexpr auto Fields() {
    using Self = ListFailureModesOutput;
    return std::tuple{Field("headline", &Self::headline),
                      Option("absent", &Self::absent, "no run in the filter shows the mode"),
                      Field("modes", &Self::modes),
                      Option("reviewed", &Self::reviewed, "what readers found (note_runs)"),
                      Option("page", &Self::page),
                      Field("total", &Self::total),
                      Field("hidden_one_offs", &Self::hidden_one_offs),
                      Option("hidden_triaged", &Self::hidden_triaged),
                      Option("hidden_candidates", &Self::hidden_candidates),
                      Option("failed_without_mode", &Self::failed_without_mode,
                             "failed runs that show no proven or likely mode"),
                      Field("runs", &Self::runs, "settled units in the filter"),
                      Field("unit", &Self::unit),
                      Option("next_cursor", &Self::next_cursor),
                      Field("ranking", &Self::ranking),
                      Field("outcomes", &Self::outcomes),
                      Option("judged", &Self::judged, "detectors, by readers (note_runs)"),
                      Option("notes", &Self::notes),
                      Option("next", &Self::next)};
  }
};

}  // namespace halo::wire
