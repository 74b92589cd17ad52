// SPDX-License-Identifier: MIT
// Input and output of get_failure_mode, for one failure mode. Units as in common.h.
#pragma once

#include "schemas/absent_mode.h"

namespace halo::wire {

struct GetFailureModeInput {
  std::string id;
  std::optional<Filters> filters;
  std::int64_t examples = 3;

  static constexpr auto Fields() {
    using Self = GetFailureModeInput;
    return std::tuple{Field("id", &Self::id).Example("\"fm_0123456789ab\""),
                      Option("filters", &Self::filters),
                      Option("examples", &Self::examples, "", {1, 5}).Example("3")};
  }
};

struct GetFailureModeOutput {
  struct Example {
    TraceId trace_id;
    TraceName project, task;
    Words started, outcome;
    std::int64_t steps = 0, occurrences = 0;
    std::vector<TraceId> span_ids;
    std::optional<Quote> quote;
    std::vector<Evidence> evidence;

    static constexpr auto Fields() {
      using Self = Example;
      return std::tuple{Field("trace_id", &Self::trace_id),
                        Option("project", &Self::project),
                        Option("started", &Self::started),
                        Field("outcome", &Self::outcome),
                        Option("task", &Self::task),
                        Field("steps", &Self::steps),
                        Field("occurrences", &Self::occurrences),
                        Field("span_ids", &Self::span_ids),
                        Option("quote", &Self::quote),
                        Option("evidence", &Self::evidence)};
    }
  };
  struct CounterExample {
    TraceId trace_id;
    Prose why;
    Words outcome;

    static constexpr auto Fields() {
      using Self = CounterExample;
      return std::tuple{Field("trace_id", &Self::trace_id), Field("why", &Self::why),
                        Field("outcome", &Self::outcome)};
    }
  };
  struct Together {
    Words id;
    Prose title;
    std::int64_t traces = 0;
    double share = 0, share_of_all = 0;

    static constexpr auto Fields() {
      using Self = Together;
      return std::tuple{Field("id", &Self::id), Field("title", &Self::title),
                        Field("traces", &Self::traces, "with both"),
                        Field("share", &Self::share, "of this mode's traces"),
                        Field("share_of_all", &Self::share_of_all)};
    }
  };
  struct Part {
    Words from, to;
    std::int64_t affected = 0, runs = 0;

    static constexpr auto Fields() {
      return std::tuple{Field("from", &Part::from), Field("to", &Part::to),
                        Field("affected", &Part::affected), Field("runs", &Part::runs)};
    }
  };
  struct WhereToLook {
    Prose place;
    Words look_at;
    TraceName scope;
    TraceText code;
    std::vector<TraceName> search_for;

    static constexpr auto Fields() {
      using Self = WhereToLook;
      return std::tuple{Field("place", &Self::place), Field("look_at", &Self::look_at),
                        Option("search_for", &Self::search_for, "in the harness's source"),
                        Option("scope", &Self::scope, "instrumentation scope"),
                        Option("code", &Self::code)};
    }
  };
  struct FixBrief {
    Prose goal;
    Words change, avoid, done_when;

    static constexpr auto Fields() {
      using Self = FixBrief;
      return std::tuple{Field("goal", &Self::goal), Field("change", &Self::change),
                        Field("avoid", &Self::avoid), Field("done_when", &Self::done_when)};
    }
  };
  struct Verification {
    double baseline_rate = 0;
    std::int64_t baseline_runs = 0, runs_to_show_gone = 0, runs_to_show_halved = 0;
    Words how;

    static constexpr auto Fields() {
      using Self = Verification;
      return std::tuple{
          Field("baseline_rate", &Self::baseline_rate),
          Field("baseline_runs", &Self::baseline_runs),
          Field("runs_to_show_gone", &Self::runs_to_show_gone, "all without it"),
          Field("runs_to_show_halved", &Self::runs_to_show_halved, "80 % power at 5 %"),
          Field("how", &Self::how)};
    }
  };

  ModeRow mode;
  std::optional<AbsentMode> absent;
  Prose narrative;
  std::vector<Example> examples;
  std::optional<CounterExample> counter_example;
  std::optional<WhereToLook> where_to_look;
  std::optional<FixBrief> fix;
  std::optional<Verification> verification;
  std::vector<Together> co_occurring;
  std::vector<Part> timeline;
  std::map<TraceName, std::int64_t> models;
  TraceText triage_reason;
  Outcomes outcomes;
  std::vector<Prose> notes;
  std::vector<Words> next;

  static constexpr auto Fields() {
    using Self = GetFailureModeOutput;
    return std::tuple{Field("mode", &Self::mode),
                      Option("absent", &Self::absent, "no run in the filter shows it"),
                      Field("narrative", &Self::narrative),
                      Option("where_to_look", &Self::where_to_look),
                      Option("fix", &Self::fix),
                      Field("examples", &Self::examples),
                      Option("counter_example", &Self::counter_example),
                      Option("verification", &Self::verification),
                      Option("co_occurring", &Self::co_occurring),
                      Field("timeline", &Self::timeline),
                      Option("models", &Self::models, "affected traces"),
                      Option("triage_reason", &Self::triage_reason),
                      Field("outcomes", &Self::outcomes),
                      Option("notes", &Self::notes),
                      Field("next", &Self::next)};
  }
};

}  // namespace halo::wire
