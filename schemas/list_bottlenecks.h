// SPDX-License-Identifier: MIT
// Input and output of list_bottlenecks. Units as in common.h; times are sums over runs unless they
// say otherwise.
#pragma once

#include "schemas/common.h"

namespace halo::wire {

struct ListBottlenecksInput {
  std::optional<Filters> filters;
  std::int64_t limit = 8;

  static constexpr auto Fields() {
    using Self = ListBottlenecksInput;
    return std::tuple{Option("filters", &Self::filters),
                      Option("limit", &Self::limit, "rows of each list", {1, 50}).Example("8")};
  }
};

struct ListBottlenecksOutput {
  struct Operation {
    TraceName name, agent, model;
    Words kind;
    double share = 0;
    std::int64_t critical_ms = 0, drag_ms = 0, self_ms = 0, calls = 0, traces = 0;
    std::int64_t p50_ms = 0, max_ms = 0;
    TraceId slowest_trace_id;

    static constexpr auto Fields() {
      using Self = Operation;
      return std::tuple{Field("name", &Self::name),
                        Field("kind", &Self::kind),
                        Option("agent", &Self::agent),
                        Option("model", &Self::model),
                        Field("share", &Self::share, "of the critical path"),
                        Field("critical_ms", &Self::critical_ms),
                        Field("drag_ms", &Self::drag_ms, "saved without it, each call by itself"),
                        Field("self_ms", &Self::self_ms, "without its children"),
                        Field("calls", &Self::calls),
                        Field("traces", &Self::traces),
                        Option("p50_ms", &Self::p50_ms),
                        Option("max_ms", &Self::max_ms),
                        Option("slowest_trace_id", &Self::slowest_trace_id)};
    }
  };
  struct Pattern {
    Words kind;  // serial_calls, one_by_one or gap
    TraceName name, agent, after;
    std::int64_t ms = 0, count = 0, traces = 0;
    TraceId trace_id, span_id;

    static constexpr auto Fields() {
      using Self = Pattern;
      return std::tuple{Field("kind", &Self::kind, "serial_calls, one_by_one or gap"),
                        Field("name", &Self::name),
                        Option("agent", &Self::agent),
                        Option("after", &Self::after, "of a gap: what comes next"),
                        Field("ms", &Self::ms, "at most saved"),
                        Field("count", &Self::count),
                        Field("traces", &Self::traces),
                        Field("trace_id", &Self::trace_id),
                        Field("span_id", &Self::span_id)};
    }
  };
  // Stalled calls that overlap in time.
  struct Stall {
    Words start, end;
    std::int64_t calls = 0, traces = 0, longest_ms = 0;
    std::vector<TraceName> names;
    std::int64_t more_names = 0;
    TraceId trace_id;
    bool outage = false;  // of several runs

    static constexpr auto Fields() {
      using Self = Stall;
      return std::tuple{Field("start", &Self::start),      Field("end", &Self::end),
                        Option("outage", &Self::outage),   Field("calls", &Self::calls),
                        Field("traces", &Self::traces),    Field("longest_ms", &Self::longest_ms),
                        Field("names", &Self::names),      Option("more_names", &Self::more_names),
                        Field("trace_id", &Self::trace_id)};
    }
  };
  struct Total {
    std::int64_t traces = 0, timed_traces = 0, duration_ms = 0, critical_ms = 0;

    static constexpr auto Fields() {
      return std::tuple{
          Field("traces", &Total::traces), Field("timed_traces", &Total::timed_traces),
          Field("duration_ms", &Total::duration_ms), Field("critical_ms", &Total::critical_ms)};
    }
  };

  Prose headline;
  std::vector<Operation> operations;
  std::vector<Pattern> patterns;
  std::vector<Stall> stalls;
  std::int64_t operations_total = 0, patterns_total = 0, stalls_total = 0;
  Total total;
  std::vector<Prose> notes;
  std::vector<Words> next;

  static constexpr auto Fields() {
    using Self = ListBottlenecksOutput;
    return std::tuple{Field("headline", &Self::headline),
                      Field("operations", &Self::operations),
                      Field("operations_total", &Self::operations_total),
                      Field("patterns", &Self::patterns),
                      Field("patterns_total", &Self::patterns_total),
                      Field("stalls", &Self::stalls),
                      Field("stalls_total", &Self::stalls_total),
                      Field("total", &Self::total),
                      Option("notes", &Self::notes),
                      Field("next", &Self::next)};
  }
};

}  // namespace halo::wire
