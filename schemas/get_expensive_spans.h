// SPDX-License-Identifier: MIT
// Input and output of get_expensive_spans. Units as in common.h; which members a row has depends on
// the group.
#pragma once

#include "schemas/common.h"

namespace halo::wire {

enum class ExpenseBy : std::uint8_t { kCost, kTokens, kLatency, kCriticalPath, kWaste };
constexpr auto Names(ExpenseBy) {
  return std::array{Named{ExpenseBy::kCost, "cost"}, Named{ExpenseBy::kTokens, "tokens"},
                    Named{ExpenseBy::kLatency, "latency"},
                    Named{ExpenseBy::kCriticalPath, "critical_path"},
                    Named{ExpenseBy::kWaste, "waste"}};
}

enum class ExpenseGroup : std::uint8_t {
  kOperation,
  kRole,
  kPrompt,
  kModel,
  kTool,
  kAgent,
  kTrace,
  kSession,
  kTask,
  kSpan
};
constexpr auto Names(ExpenseGroup) {
  return std::array{
      Named{ExpenseGroup::kOperation, "operation"}, Named{ExpenseGroup::kRole, "role"},
      Named{ExpenseGroup::kPrompt, "prompt"},       Named{ExpenseGroup::kModel, "model"},
      Named{ExpenseGroup::kTool, "tool"},           Named{ExpenseGroup::kAgent, "agent"},
      Named{ExpenseGroup::kTrace, "trace"},         Named{ExpenseGroup::kSession, "session"},
      Named{ExpenseGroup::kTask, "task"},           Named{ExpenseGroup::kSpan, "span"}};
}

struct GetExpensiveSpansInput {
  std::optional<Filters> filters;
  ExpenseBy by = ExpenseBy::kCost;
  ExpenseGroup group = ExpenseGroup::kOperation;
  std::int64_t limit = 10;

  static constexpr auto Fields() {
    using Self = GetExpensiveSpansInput;
    return std::tuple{Option("filters", &Self::filters), Option("by", &Self::by),
                      Option("group", &Self::group),
                      Option("limit", &Self::limit, "", {1, 50}).Example("10")};
  }
};

struct GetExpensiveSpansOutput {
  struct Row {
    TraceName name, agent, model;
    Words kind, role;
    TraceText prompt;
    TraceId trace_id, span_id, slowest_trace_id;
    std::int64_t calls = 0, traces = 0, errors = 0, unpriced = 0;
    std::optional<std::int64_t> micro_usd;
    std::int64_t tokens = 0, cached_tokens = 0;
    // Absent: unknown. self_ms: in which no span inside ran.
    std::optional<std::int64_t> total_ms, self_ms, critical_ms, p50_ms, p95_ms, max_ms;
    std::int64_t stalls = 0;
    std::optional<Wasted> wasted;
    double share = 0;
    bool outlier = false;

    static constexpr auto Fields() {
      using Self = Row;
      return std::tuple{Field("name", &Self::name),
                        Option("kind", &Self::kind),
                        Option("role", &Self::role, "of model calls"),
                        Option("agent", &Self::agent),
                        Option("model", &Self::model),
                        Option("prompt", &Self::prompt, "its beginning"),
                        Option("trace_id", &Self::trace_id),
                        Option("span_id", &Self::span_id),
                        Field("share", &Self::share, "of the total by which the rows are sorted"),
                        Option("micro_usd", &Self::micro_usd, "absent: unpriced"),
                        Field("tokens", &Self::tokens),
                        Option("cached_tokens", &Self::cached_tokens),
                        Option("total_ms", &Self::total_ms),
                        Option("self_ms", &Self::self_ms, "without spans inside"),
                        Option("stalls", &Self::stalls),
                        Option("critical_ms", &Self::critical_ms),
                        Option("wasted", &Self::wasted),
                        Option("calls", &Self::calls),
                        Option("p50_ms", &Self::p50_ms),
                        Option("p95_ms", &Self::p95_ms),
                        Option("max_ms", &Self::max_ms),
                        Option("outlier", &Self::outlier, "max over 10 times p50"),
                        Option("slowest_trace_id", &Self::slowest_trace_id),
                        Option("traces", &Self::traces),
                        Option("errors", &Self::errors),
                        Option("unpriced", &Self::unpriced)};
    }
  };
  struct Total {
    std::optional<std::int64_t> micro_usd;
    std::int64_t tokens = 0, traces = 0, unpriced_calls = 0;

    static constexpr auto Fields() {
      using Self = Total;
      return std::tuple{Option("micro_usd", &Self::micro_usd), Field("tokens", &Self::tokens),
                        Field("traces", &Self::traces),
                        Option("unpriced_calls", &Self::unpriced_calls)};
    }
  };

  Prose headline;
  std::vector<Row> rows;
  std::int64_t rows_total = 0;
  Words page;
  Total total;
  Outcomes outcomes;
  std::vector<Prose> notes;
  std::vector<Words> next;

  static constexpr auto Fields() {
    using Self = GetExpensiveSpansOutput;
    return std::tuple{Field("headline", &Self::headline), Field("rows", &Self::rows),
                      Option("page", &Self::page),        Option("rows_total", &Self::rows_total),
                      Field("total", &Self::total),       Field("outcomes", &Self::outcomes),
                      Option("notes", &Self::notes),      Field("next", &Self::next)};
  }
};

}  // namespace halo::wire
