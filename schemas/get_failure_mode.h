// SPDX-License-Identifier: MIT
// Input and output of get_failure_mode, for one failure mode. Units as in common.h.
#pragma once

#include "schemas/absent_mode.h"
#include "schemas/compare_traces.h"
#include "schemas/rerun.h"

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
    // What differs from the example `a`; `b` is this run.
    TraceId a{};
    std::vector<CompareTracesOutput::Turn> differs{};
    std::int64_t same_turns = 0, different_turns = 0;

    static constexpr auto Fields() {
      using Self = CounterExample;
      return std::tuple{Field("trace_id", &Self::trace_id),
                        Field("why", &Self::why),
                        Field("outcome", &Self::outcome),
                        Option("a", &Self::a, "the example that it is compared with"),
                        Option("differs", &Self::differs, "turns, the first ones"),
                        Option("same_turns", &Self::same_turns),
                        Option("different_turns", &Self::different_turns)};
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
    TraceText code, frame;
    std::vector<TraceName> search_for;

    static constexpr auto Fields() {
      using Self = WhereToLook;
      return std::tuple{Field("place", &Self::place),
                        Field("look_at", &Self::look_at),
                        Option("search_for", &Self::search_for, "in the harness's source"),
                        Option("scope", &Self::scope, "instrumentation scope"),
                        Option("frame", &Self::frame, "top frame outside of libraries"),
                        Option("code", &Self::code)};
    }
  };
  // The call that failed, beside the definition of its tool.
  struct FailingArguments {
    TraceName tool;
    Quote sent;
    TraceText differs;
    bool fits = false;
    std::optional<Quote> schema, passing;

    static constexpr auto Fields() {
      using Self = FailingArguments;
      return std::tuple{Field("tool", &Self::tool),
                        Field("sent", &Self::sent),
                        Option("differs", &Self::differs, "from the schema, and how"),
                        Option("fits", &Self::fits, "the schema, as far as it is checked"),
                        Option("schema", &Self::schema),
                        Option("passing", &Self::passing, "sent in the counter-example")};
    }
  };
  struct FixBrief {
    Prose goal;
    Words layer;
    std::vector<Words> operators;
    Words change, avoid, done_when;
    std::optional<FailingArguments> arguments;
    std::optional<Quote> system_prompt, last_result;

    static constexpr auto Fields() {
      using Self = FixBrief;
      return std::tuple{Field("goal", &Self::goal),
                        Option("layer", &Self::layer, "of the harness"),
                        Option("operators", &Self::operators, "repairs, the likeliest first"),
                        Field("change", &Self::change),
                        Field("avoid", &Self::avoid, "only hides it"),
                        Option("arguments", &Self::arguments, "of the first example"),
                        Option("system_prompt", &Self::system_prompt, "of the call that led to it"),
                        Option("last_result", &Self::last_result, "before the run went wrong"),
                        Field("done_when", &Self::done_when)};
    }
  };
  // When a fix counts as one.
  struct Acceptance {
    Prose metric;
    double baseline = 0, baseline_low = 0, baseline_high = 1;
    std::int64_t baseline_runs = 0;
    std::optional<std::int64_t> runs_needed;
    Words how;

    static constexpr auto Fields() {
      using Self = Acceptance;
      return std::tuple{Field("metric", &Self::metric),
                        Field("baseline", &Self::baseline),
                        Field("baseline_low", &Self::baseline_low),
                        Field("baseline_high", &Self::baseline_high),
                        Field("baseline_runs", &Self::baseline_runs, "eligible"),
                        Option("runs_needed", &Self::runs_needed,
                               "eligible, all without it; absent: too few "
                               "runs before"),
                        Field("how", &Self::how)};
    }
  };
  // A string that stands in the source of the harness as it is here.
  struct GrepFor {
    Words what;
    TraceText text;

    static constexpr auto Fields() {
      return std::tuple{Field("what", &GrepFor::what), Field("text", &GrepFor::text)};
    }
  };

  ModeRow mode;
  std::optional<AbsentMode> absent;
  Prose narrative;
  std::vector<Example> examples;
  std::optional<CounterExample> counter_example;
  std::optional<WhereToLook> where_to_look;
  std::optional<FixBrief> fix;
  std::vector<GrepFor> grep_for;
  std::optional<Acceptance> acceptance;
  std::optional<Rerun> rerun;
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
                      Option("grep_for", &Self::grep_for, "exact strings to find the place by"),
                      Option("fix", &Self::fix),
                      Option("acceptance", &Self::acceptance),
                      Option("rerun", &Self::rerun),
                      Field("examples", &Self::examples),
                      Option("counter_example", &Self::counter_example),
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
