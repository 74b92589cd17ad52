// SPDX-License-Identifier: MIT
// The arguments and the answer of search_traces.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schemas/common.h"

namespace halo::wire {

enum class TraceOrder : std::uint8_t { kNewest, kCost, kDuration, kTokens, kErrors, kWaste };
constexpr auto Names(TraceOrder) {
  return std::array{Named{TraceOrder::kNewest, "newest"},     Named{TraceOrder::kCost, "cost"},
                    Named{TraceOrder::kDuration, "duration"}, Named{TraceOrder::kTokens, "tokens"},
                    Named{TraceOrder::kErrors, "errors"},     Named{TraceOrder::kWaste, "waste"}};
}

enum class SearchPart : std::uint8_t {
  kProduced,
  kOutput,
  kInput,
  kArguments,
  kResult,
  kAnswer,
  kError,
  kNames,
  kAny
};
constexpr auto Names(SearchPart) {
  return std::array{Named{SearchPart::kProduced, "produced"},
                    Named{SearchPart::kOutput, "output"},
                    Named{SearchPart::kInput, "input"},
                    Named{SearchPart::kArguments, "arguments"},
                    Named{SearchPart::kResult, "result"},
                    Named{SearchPart::kAnswer, "answer"},
                    Named{SearchPart::kError, "error"},
                    Named{SearchPart::kNames, "names"},
                    Named{SearchPart::kAny, "any"}};
}

enum class SearchGroupBy : std::uint8_t { kTool, kAgent, kOperation };
constexpr auto Names(SearchGroupBy) {
  return std::array{Named{SearchGroupBy::kTool, "tool"}, Named{SearchGroupBy::kAgent, "agent"},
                    Named{SearchGroupBy::kOperation, "operation"}};
}

struct SearchTracesInput {
  std::optional<Filters> filters;
  std::string text;
  bool regex = false, ignore_case = false;
  SearchPart in = SearchPart::kProduced;
  std::optional<std::string> kind, agent, tool;
  std::optional<SearchGroupBy> group_by;
  TraceOrder sort = TraceOrder::kNewest;
  std::int64_t limit = 20;
  std::optional<std::string> cursor;

  static constexpr auto Fields() {
    using Self = SearchTracesInput;
    return std::tuple{Option("filters", &Self::filters),
                      Option("text", &Self::text),
                      Option("regex", &Self::regex, "text is RE2 syntax"),
                      Option("ignore_case", &Self::ignore_case),
                      Option("in", &Self::in, "produced: all but prompts and names"),
                      Option("kind", &Self::kind, "of span with text: LLM, TOOL, ..."),
                      Option("agent", &Self::agent, "of span"),
                      Option("tool", &Self::tool, "of span"),
                      Option("group_by", &Self::group_by, "counts matches; needs text"),
                      Option("sort", &Self::sort, "only without text: hits come newest first"),
                      Option("limit", &Self::limit, "", {1, 100}).Example("20"),
                      Option("cursor", &Self::cursor, "next_cursor; pass it alone")};
  }
};

struct SearchTracesOutput {
  struct Hit {
    TraceId span_id, path;
    TraceText excerpt;
    std::int64_t offset = 0, spans = 0, values = 0;

    static constexpr auto Fields() {
      using Self = Hit;
      return std::tuple{Field("span_id", &Self::span_id),
                        Field("path", &Self::path),
                        Field("offset", &Self::offset),
                        Field("spans", &Self::spans, "of this trace that match"),
                        Field("values", &Self::values),
                        Field("excerpt", &Self::excerpt)};
    }
  };
  struct Row {
    TraceId trace_id;
    TraceName project, name, agent, session, task;
    Words started, outcome, decided_by;
    std::optional<std::int64_t> duration_ms;
    std::int64_t spans = 0, steps = 0, failed_spans = 0;
    std::int64_t tokens = 0;
    std::optional<std::int64_t> micro_usd, wasted_micro_usd;
    bool settled = true;
    std::vector<Words> modes;
    std::int64_t more_modes = 0;
    std::optional<Hit> hit;

    static constexpr auto Fields() {
      using Self = Row;
      return std::tuple{Field("trace_id", &Self::trace_id),
                        Option("project", &Self::project),
                        Field("name", &Self::name),
                        Option("agent", &Self::agent),
                        Field("outcome", &Self::outcome),
                        Option("decided_by", &Self::decided_by),
                        Option("started", &Self::started),
                        Option("duration_ms", &Self::duration_ms),
                        Option("session", &Self::session),
                        Option("task", &Self::task),
                        Option("settled", &Self::settled),
                        Field("spans", &Self::spans),
                        Field("steps", &Self::steps),
                        Field("failed_spans", &Self::failed_spans),
                        Option("micro_usd", &Self::micro_usd),
                        Field("tokens", &Self::tokens),
                        Option("wasted_micro_usd", &Self::wasted_micro_usd),
                        Option("modes", &Self::modes),
                        Option("more_modes", &Self::more_modes),
                        Option("hit", &Self::hit)};
    }
  };

  // The matches in spans of one tool, agent or operation, with the first one in the newest run.
  struct Group {
    TraceName name;
    std::int64_t runs = 0, spans = 0, values = 0, offset = 0;
    TraceId trace_id, span_id, path;
    TraceText excerpt;

    static constexpr auto Fields() {
      using Self = Group;
      return std::tuple{Option("name", &Self::name, "absent: they have none"),
                        Field("runs", &Self::runs),
                        Field("spans", &Self::spans),
                        Field("values", &Self::values),
                        Field("trace_id", &Self::trace_id),
                        Field("span_id", &Self::span_id),
                        Field("path", &Self::path),
                        Field("offset", &Self::offset),
                        Field("excerpt", &Self::excerpt)};
    }
  };

  Words headline;
  std::vector<Row> traces;
  std::vector<Group> groups;
  std::int64_t matched = 0, hits = 0, values = 0, passed_filters = 0, scanned = 0;
  bool complete = true;
  Words page, next_cursor;
  std::vector<Prose> notes;
  std::vector<Words> next;

  static constexpr auto Fields() {
    using Self = SearchTracesOutput;
    return std::tuple{
        Field("headline", &Self::headline),
        Field("traces", &Self::traces, "empty with group_by"),
        Option("groups", &Self::groups),
        Option("page", &Self::page),
        Field("matched", &Self::matched, "traces that match filters and text"),
        Option("hits", &Self::hits, "their spans that match text"),
        Option("values", &Self::values, "of those spans"),
        Field("passed_filters", &Self::passed_filters, "traces, whatever they say"),
        Option("scanned", &Self::scanned, "traces searched for these counts"),
        Option("complete", &Self::complete, "false: the counts are of scanned, not of all"),
        Option("next_cursor", &Self::next_cursor),
        Option("notes", &Self::notes),
        Option("next", &Self::next)};
  }
};

}  // namespace halo::wire
