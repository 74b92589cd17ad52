// SPDX-License-Identifier: MIT
#pragma once

#include "schemas/common.h"

namespace halo::wire {

enum class TraceOrder : std::uint8_t { kNewest, kCost, kDuration, kTokens, kErrors, kWaste };
constexpr auto Names(TraceOrder) {
  return std::array{Named{TraceOrder::kNewest, "newest"},     Named{TraceOrder::kCost, "cost"},
                    Named{TraceOrder::kDuration, "duration"}, Named{TraceOrder::kTokens, "tokens"},
                    Named{TraceOrder::kErrors, "errors"},     Named{TraceOrder::kWaste, "waste"}};
}

struct SearchTracesInput {
  std::optional<Filters> filters;
  std::string text;
  bool regex = false, ignore_case = false;
  TraceOrder sort = TraceOrder::kNewest;
  std::int64_t limit = 20;
  std::optional<std::string> cursor;

  static constexpr auto Fields() {
    using Self = SearchTracesInput;
    return std::tuple{Option("filters", &Self::filters),
                      Option("text", &Self::text, "in decoded values, names and status messages"),
                      Option("regex", &Self::regex, "text is RE2 syntax"),
                      Option("ignore_case", &Self::ignore_case),
                      Option("sort", &Self::sort, "only without text: hits come newest first"),
                      Option("limit", &Self::limit, "", {1, 100}).Example("20"),
                      Option("cursor", &Self::cursor, "next_cursor; pass it alone")};
  }
};

struct SearchTracesOutput {
  struct Hit {
    std::string span_id, path, excerpt;
    std::int64_t offset = 0, spans = 0;

    static constexpr auto Fields() {
      using Self = Hit;
      return std::tuple{Field("span_id", &Self::span_id), Field("path", &Self::path),
                        Field("offset", &Self::offset),
                        Field("spans", &Self::spans, "of this trace that match"),
                        Untrusted("excerpt", &Self::excerpt)};
    }
  };
  struct Row {
    std::string trace_id, project, name, agent, session, task, started, outcome, decided_by;
    std::int64_t duration_ms = 0, spans = 0, steps = 0, failed_spans = 0;
    std::int64_t micro_usd = 0, tokens = 0, wasted_micro_usd = 0;
    bool settled = true;
    std::vector<std::string> modes;
    std::optional<Hit> hit;

    static constexpr auto Fields() {
      using Self = Row;
      return std::tuple{Field("trace_id", &Self::trace_id),
                        Option("project", &Self::project),
                        Field("name", &Self::name),
                        Option("agent", &Self::agent),
                        Field("outcome", &Self::outcome),
                        Option("decided_by", &Self::decided_by),
                        Field("started", &Self::started),
                        Field("duration_ms", &Self::duration_ms),
                        Option("session", &Self::session),
                        Option("task", &Self::task),
                        Option("settled", &Self::settled),
                        Field("spans", &Self::spans),
                        Field("steps", &Self::steps),
                        Field("failed_spans", &Self::failed_spans),
                        Field("micro_usd", &Self::micro_usd),
                        Field("tokens", &Self::tokens),
                        Option("wasted_micro_usd", &Self::wasted_micro_usd),
                        Option("modes", &Self::modes),
                        Option("hit", &Self::hit)};
    }
  };

  std::string headline;
  std::vector<Row> traces;
  std::int64_t matched = 0, hits = 0, passed_filters = 0, scanned = 0;
  bool complete = true;
  std::string page, next_cursor;
  std::vector<std::string> notes, next;

  static constexpr auto Fields() {
    using Self = SearchTracesOutput;
    return std::tuple{
        Field("headline", &Self::headline),
        Field("traces", &Self::traces),
        Option("page", &Self::page),
        Field("matched", &Self::matched,
              "traces that match filters and text; with text and next_cursor, those found so far"),
        Option("hits", &Self::hits, "spans of matched in which text stands"),
        Field("passed_filters", &Self::passed_filters, "traces, whatever they say"),
        Option("scanned", &Self::scanned, "traces in which text was looked for, so far"),
        Option("complete", &Self::complete, "false: stopped early; go on with next_cursor"),
        Option("next_cursor", &Self::next_cursor),
        Option("notes", &Self::notes),
        Option("next", &Self::next)};
  }
};

}  // namespace halo::wire
