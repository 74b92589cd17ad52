// SPDX-License-Identifier: MIT
// Input and output of record_fix. Units as in common.h.
#pragma once

#include "schemas/rerun.h"

namespace halo::wire {

// Which runs have the change.
struct FixFilters {
  std::optional<std::string> project, service, agent, model, user, environment, version, tag;

  static constexpr auto Fields() {
    using Self = FixFilters;
    return std::tuple{Option("project", &Self::project), Option("service", &Self::service),
                      Option("agent", &Self::agent),     Option("model", &Self::model),
                      Option("user", &Self::user),       Option("environment", &Self::environment),
                      Option("version", &Self::version), Option("tag", &Self::tag)};
  }
};

struct RecordFixInput {
  std::vector<std::string> entries;
  std::string summary;
  std::optional<std::string> commit, since, version, who;
  std::optional<FixFilters> filters;
  std::optional<std::int64_t> seed;

  static constexpr auto Fields() {
    using Self = RecordFixInput;
    return std::tuple{
        Field("entries", &Self::entries).Example("[\"fm_0123456789ab\"]"),
        Field("summary", &Self::summary, "what was changed; name a model that it changes"),
        Option("commit", &Self::commit),
        Option("since", &Self::since,
               "runs from here on have it; default: now, unless version or "
               "filters tell")
            .Example("\"2026-01-31T12:00:00Z\""),
        Option("version", &Self::version, "runs of it have the change"),
        Option("filters", &Self::filters, "runs that pass have it"),
        Option("seed", &Self::seed, "rerun.seed of get_failure_mode", {0, 9e15}),
        Option("who", &Self::who)};
  }
};

struct RecordFixOutput {
  struct Entry {
    Words id;
    Prose title;
    std::int64_t members = 0, eligible = 0, affected = 0, picked_from = 1;

    static constexpr auto Fields() {
      using Self = Entry;
      return std::tuple{Field("id", &Self::id),
                        Field("title", &Self::title),
                        Field("members", &Self::members, "modes that the fix covers"),
                        Field("eligible", &Self::eligible, "runs before that could show it"),
                        Field("affected", &Self::affected),
                        Field("picked_from", &Self::picked_from, "listed entries")};
    }
  };

  Words id, counts_from;
  Prose effect;
  std::vector<Entry> entries;
  std::optional<Rerun> rerun;
  std::vector<Words> overlaps;
  std::vector<Prose> notes;
  std::vector<Words> next;

  static constexpr auto Fields() {
    using Self = RecordFixOutput;
    return std::tuple{Field("id", &Self::id),
                      Field("effect", &Self::effect),
                      Field("counts_from", &Self::counts_from),
                      Field("entries", &Self::entries),
                      Option("rerun", &Self::rerun),
                      Option("overlaps", &Self::overlaps, "other fixes of these entries"),
                      Option("notes", &Self::notes),
                      Field("next", &Self::next)};
  }
};

}  // namespace halo::wire
