// SPDX-License-Identifier: MIT
// Input and output of verify_fix. Units as in common.h.
#pragma once

#include "schemas/common.h"

namespace halo::wire {

struct VerifyFixInput {
  std::optional<std::string> fix;

  static constexpr auto Fields() {
    return std::tuple{
        Option("fix", &VerifyFixInput::fix, "default: the newest").Example("\"fix_0123456789ab\"")};
  }
};

struct VerifyFixOutput {
  // An entry that the fix is not aimed at.
  struct SideEffect {
    Words id, change;
    Prose title;
    std::int64_t affected_before = 0, runs_before = 0, affected_after = 0, runs_after = 0;
    double p = 1;

    static constexpr auto Fields() {
      using Self = SideEffect;
      return std::tuple{Field("id", &Self::id),
                        Field("change", &Self::change, "new or worse"),
                        Field("title", &Self::title),
                        Field("affected_before", &Self::affected_before),
                        Field("runs_before", &Self::runs_before),
                        Field("affected_after", &Self::affected_after),
                        Field("runs_after", &Self::runs_after),
                        Field("p", &Self::p)};
    }
  };
  // Medians; failed_runs: shares of the runs of known outcome.
  struct Change {
    double before = 0, after = 0;
    std::int64_t runs_before = 0, runs_after = 0;
    double p = 1;

    static constexpr auto Fields() {
      using Self = Change;
      return std::tuple{Field("before", &Self::before), Field("after", &Self::after),
                        Field("runs_before", &Self::runs_before),
                        Field("runs_after", &Self::runs_after), Field("p", &Self::p)};
    }
  };
  struct Side {
    std::int64_t runs = 0, eligible = 0, affected = 0, observations = 0;
    double share = 0, low = 0, high = 1;

    static constexpr auto Fields() {
      using Self = Side;
      return std::tuple{Field("runs", &Self::runs),
                        Field("eligible", &Self::eligible),
                        Field("affected", &Self::affected),
                        Field("observations", &Self::observations),
                        Field("share", &Self::share, "of the observations"),
                        Field("low", &Self::low, "holds at all looks"),
                        Field("high", &Self::high)};
    }
  };
  struct Entry {
    Words id, verdict, observation, needed;
    Prose title, statement;
    Side before, after;
    double ratio_low = 0;
    std::optional<double> ratio_high;
    std::vector<Prose> reasons;
    std::int64_t runs_needed = 0, tasks_needed = 0, later_variants = 0;
    std::int64_t chosen_otherwise = 0, closed = 0, unmatched = 0, other_tasks = 0;
    Words moved_to;

    static constexpr auto Fields() {
      using Self = Entry;
      return std::tuple{
          Field("id", &Self::id),
          Field("verdict", &Self::verdict),
          Field("statement", &Self::statement),
          Field("title", &Self::title),
          Option("reasons", &Self::reasons, "why not comparable"),
          Option("needed", &Self::needed),
          Option("runs_needed", &Self::runs_needed, "eligible, at the present rates"),
          Option("tasks_needed", &Self::tasks_needed, "further ones, at the present rates"),
          Option("moved_to", &Self::moved_to, "new entry at the same place"),
          Field("before", &Self::before),
          Field("after", &Self::after),
          Field("ratio_low", &Self::ratio_low, "after to before"),
          Option("ratio_high", &Self::ratio_high),
          Field("observation", &Self::observation),
          Option("later_variants", &Self::later_variants, "runs with variants newer than the fix"),
          Option("chosen_otherwise", &Self::chosen_otherwise, "runs that decide nothing"),
          Option("closed", &Self::closed, "later runs of clusters that entered before"),
          Option("unmatched", &Self::unmatched, "runs of a task beyond those before"),
          Option("other_tasks", &Self::other_tasks, "runs of tasks without a run before")};
    }
  };

  Words fix, verdict, counts_from;
  Prose headline;
  std::vector<SideEffect> side_effects;
  std::int64_t entries_tested = 0;
  std::optional<Change> failed_runs, duration_ms, tokens, micro_usd;
  std::vector<Entry> entries;
  TraceText summary;
  TraceName commit;
  std::vector<TraceName> rerun_missing, versions_before, versions_after;
  std::vector<Words> overlaps;
  std::vector<Prose> notes;
  std::vector<Words> next;

  static constexpr auto Fields() {
    using Self = VerifyFixOutput;
    return std::tuple{
        Field("headline", &Self::headline),
        Field("side_effects", &Self::side_effects, "other entries that are new or worse"),
        Field("entries_tested", &Self::entries_tested),
        Option("failed_runs", &Self::failed_runs),
        Option("duration_ms", &Self::duration_ms),
        Option("tokens", &Self::tokens),
        Option("micro_usd", &Self::micro_usd),
        Field("verdict", &Self::verdict, "the least good of entries"),
        Field("entries", &Self::entries),
        Field("fix", &Self::fix),
        Option("summary", &Self::summary),
        Option("commit", &Self::commit),
        Field("counts_from", &Self::counts_from),
        Option("versions_before", &Self::versions_before),
        Option("versions_after", &Self::versions_after),
        Option("rerun_missing", &Self::rerun_missing, "drawn tasks without a run since"),
        Option("overlaps", &Self::overlaps, "other fixes of these entries"),
        Option("notes", &Self::notes),
        Field("next", &Self::next)};
  }
};

}  // namespace halo::wire
