// SPDX-License-Identifier: MIT
#include "schemas/get_expensive_spans.h"

#include <algorithm>
#include <utility>

#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/filters.h"
#include "tools/common/to_wire.h"
#include "tools/story/top_spans.h"

namespace halo {
namespace {

using wire::ExpenseBy;
using wire::ExpenseGroup;
using wire::GetExpensiveSpansInput;
using wire::GetExpensiveSpansOutput;
using Row = GetExpensiveSpansOutput::Row;

constexpr std::int64_t kOutlierFactor = 10;
constexpr std::int64_t kMostRows = 50;  // the maximum of the argument `limit`

template <class T>
std::string_view NameOf(T value) {
  for (const auto& name : Names(value)) {
    if (name.value == value) return name.text;
  }
  return {};
}

std::int64_t AmountOf(const OperationStats& stats, ExpenseBy by) {
  switch (by) {
    case ExpenseBy::kTokens:
      return stats.usage.total();
    case ExpenseBy::kLatency:
      return stats.duration_ns;
    case ExpenseBy::kCriticalPath:
      return stats.critical_ns;
    case ExpenseBy::kCost:
      break;
  }
  return stats.nano_usd;
}

TraceName NameOf(const OperationStats& stats, ExpenseGroup group) {
  switch (group) {
    case ExpenseGroup::kModel:
      return TraceName(stats.model.empty() ? "no model named" : stats.model);
    case ExpenseGroup::kAgent:
      return TraceName(stats.agent);
    default:
      return TraceName(stats.name);
  }
}

Row ToRow(const OperationStats& stats, ExpenseGroup group, double share) {
  Row row;
  row.name = NameOf(stats, group);
  if (group == ExpenseGroup::kOperation || group == ExpenseGroup::kTool) {
    row.kind = Words(KindName(stats.kind));
    row.agent = TraceName(stats.agent);
  }
  if (group == ExpenseGroup::kOperation) row.model = TraceName(stats.model);
  row.share = share;
  row.calls = stats.count;
  row.traces = stats.traces;
  row.errors = stats.errors;
  row.unpriced = stats.unpriced;
  row.micro_usd = KnownMicroUsd(stats.nano_usd, {stats.unpriced, 0});
  row.tokens = stats.usage.total();
  row.cached_tokens = stats.usage.cache_read;
  if (stats.timed > 0 || stats.critical_ns > 0) {
    row.total_ms = Ms(stats.duration_ns);
    row.critical_ms = Ms(stats.critical_ns);
    row.p50_ms = Ms(stats.p50_ns);
    row.p95_ms = Ms(stats.p95_ns);
    row.max_ms = Ms(stats.max_ns);
  }
  row.outlier = stats.count >= 5 && stats.max_ns > kOutlierFactor * stats.p50_ns;
  row.slowest_trace_id = TraceId(stats.slowest.trace_id);
  return row;
}

Result<void> AddOperations(Engine& engine, const Question& question,
                           const GetExpensiveSpansInput& in, GetExpensiveSpansOutput& out) {
  const OperationGroup group = in.group == ExpenseGroup::kModel   ? OperationGroup::kModel
                               : in.group == ExpenseGroup::kTool  ? OperationGroup::kTool
                               : in.group == ExpenseGroup::kAgent ? OperationGroup::kAgent
                                                                  : OperationGroup::kOperation;
  const Result<std::vector<OperationStats>> found = engine.Operations(question, group);
  if (!found) return found.error();
  std::vector<const OperationStats*> operations;
  std::int64_t all = 0;
  for (const OperationStats& stats : *found) {
    all += AmountOf(stats, in.by);
    const bool unpriced = in.by == ExpenseBy::kCost && stats.unpriced > 0;
    if (AmountOf(stats, in.by) > 0 || unpriced) operations.push_back(&stats);
  }
  std::stable_sort(operations.begin(), operations.end(), [&](const auto* a, const auto* b) {
    return AmountOf(*a, in.by) > AmountOf(*b, in.by);
  });
  out.rows_total = static_cast<std::int64_t>(operations.size());
  for (const OperationStats* stats : operations) {
    if (out.rows.size() == static_cast<std::size_t>(in.limit)) break;
    const double share = static_cast<double>(AmountOf(*stats, in.by)) /
                         static_cast<double>(std::max<std::int64_t>(1, all));
    out.rows.push_back(ToRow(*stats, in.group, share));
  }
  if (in.by == ExpenseBy::kLatency) {
    out.notes.push_back(
        "total_ms counts a span with all that runs inside it, so agents and chains lead; "
        "by=critical_path gives each moment to one span.");
  }
  return {};
}

Result<void> AddTraces(Engine& engine, const Question& question, const GetExpensiveSpansInput& in,
                       const OverviewStats& stats, GetExpensiveSpansOutput& out) {
  const TraceSort sort = in.by == ExpenseBy::kCost     ? TraceSort::kCost
                         : in.by == ExpenseBy::kTokens ? TraceSort::kTokens
                                                       : TraceSort::kDuration;
  const Result<TracePage> page =
      engine.Traces(question, sort, static_cast<std::size_t>(in.limit), {});
  if (!page) return page.error();
  out.rows_total = page->matched;
  for (const TraceRow& trace : page->rows) {
    Row row;
    row.name = TraceName(trace.name);
    row.agent = TraceName(trace.agent);
    row.trace_id = TraceId(trace.key.trace_id);
    row.micro_usd =
        KnownMicroUsd(trace.nano_usd, {trace.unpriced_calls, trace.calls_without_usage});
    row.unpriced = trace.unpriced_calls;
    row.tokens = trace.tokens;
    const std::int64_t length_ns = PlausibleNs(trace.start_ns, trace.end_ns);
    if (length_ns >= 0) row.total_ms = row.critical_ms = Ms(length_ns);
    row.calls = trace.steps;
    row.errors = trace.failed_spans;
    const auto share = [](std::int64_t part, std::int64_t all) {
      return static_cast<double>(part) / static_cast<double>(std::max<std::int64_t>(1, all));
    };
    if (in.by == ExpenseBy::kCost) row.share = share(trace.nano_usd, stats.nano_usd);
    if (in.by == ExpenseBy::kTokens) row.share = share(trace.tokens, stats.usage.total());
    out.rows.push_back(std::move(row));
  }
  if (in.by == ExpenseBy::kLatency || in.by == ExpenseBy::kCriticalPath) {
    out.notes.push_back(
        "Traces are sorted by duration; runs overlap, so a share of "
        "their time would mean little and is 0.");
  }
  return {};
}

Result<void> AddSpans(Engine& engine, const Question& question, const GetExpensiveSpansInput& in,
                      const OverviewStats& stats, const CallContext& context,
                      GetExpensiveSpansOutput& out) {
  const Result<TopSpans> top =
      FindTopSpans(engine, question, in.by, static_cast<std::size_t>(in.limit), context);
  if (!top) return top.error();
  const std::int64_t all = in.by == ExpenseBy::kCost     ? stats.nano_usd
                           : in.by == ExpenseBy::kTokens ? stats.usage.total()
                                                         : 0;
  for (const TopSpan& span : top->spans) {
    Row row = span.row;
    if (all > 0) row.share = static_cast<double>(span.amount) / static_cast<double>(all);
    out.rows.push_back(std::move(row));
  }
  out.rows_total = 0;
  out.notes.push_back(top->exact ? Cat("Exact: ", Plural(top->traces_read, "trace"),
                                       " read; no other trace is as large as "
                                       "the last row.")
                                 : Cat("Among the ", top->traces_read,
                                       " largest traces; a smaller trace may hold a span "
                                       "larger than the last rows."));
  if (all == 0) out.notes.push_back("The share of a span in all time would mean little and is 0.");
  return {};
}

Prose Headline(const GetExpensiveSpansInput& in, const GetExpensiveSpansOutput& out) {
  Prose text = Say(Plural(out.total.traces, "trace"), ", ",
                   SpendText(out.total.micro_usd.value_or(0) * 1000, out.total.tokens,
                             {out.total.unpriced_calls, out.total.micro_usd ? 0 : 1}),
                   ".");
  if (out.rows.empty()) return text;
  const Row& first = out.rows.front();
  if (in.by == ExpenseBy::kCost && !first.micro_usd) {
    return text.Add(" No call has a known price; ask by tokens.");
  }
  text.Add(" Largest ", Words(NameOf(in.group)), " by ", Words(NameOf(in.by)), ": ", first.name);
  if (!first.model.empty() && first.model != first.name) text.Add(" (", first.model, ")");
  if (first.share > 0) text.Add(", ", PercentText(first.share));
  return text.Add(".");
}

bool IsByTime(ExpenseBy by) { return by == ExpenseBy::kLatency || by == ExpenseBy::kCriticalPath; }

// Whether no span of these traces records its times, as in transcripts.
bool HasNoTimes(const OverviewStats& stats) {
  return stats.spans > 0 && stats.health.spans_without_times == stats.spans;
}

void ExplainAbsence(Engine& engine, const GetExpensiveSpansInput& in, bool has_no_times,
                    GetExpensiveSpansOutput& out) {
  if (out.total.traces == 0) {
    for (Prose& note : WhyEmpty(engine, in.filters)) out.notes.push_back(std::move(note));
  } else if (IsByTime(in.by) && has_no_times) {
    const bool has_tokens = out.total.tokens > 0;
    out.notes.push_back(Cat("These traces record no times, so nothing can be ranked by them",
                            has_tokens ? "; ask by tokens or cost." : ", and no token usage."));
    const std::optional<std::string> filters = FiltersJson(in.filters);
    if (has_tokens && filters) {
      out.next.push_back(
          Cat(R"(get_expensive_spans {"by":"tokens")", filters->empty() ? "" : ",", *filters, "}"));
    }
  } else if (in.by == ExpenseBy::kCost || in.by == ExpenseBy::kTokens) {
    out.notes.push_back(
        in.by == ExpenseBy::kCost && out.total.tokens > 0
            ? Words(Cat(
                  "No span has a cost: ", Plural(out.total.unpriced_calls, "call"),
                  " to models without a known price. Give prices in halo.toml ([[prices]]), or ask "
                  "by tokens."))
        : has_no_times ? "No span carries token usage or times, so nothing can be ranked."
                       : "No span carries token usage; ask by critical_path.");
  }
  out.next.emplace_back("get_overview {}");
}

void PointOnwards(const GetExpensiveSpansInput& in, GetExpensiveSpansOutput& out) {
  const Row& first = out.rows.front();
  AddCall(out.next, "explain_trace", "trace_id",
          first.trace_id.empty() ? first.slowest_trace_id : first.trace_id);
  const std::optional<std::string> filters = FiltersJson(in.filters);
  if (in.group != ExpenseGroup::kSpan && filters) {
    out.next.push_back(Cat(R"(get_expensive_spans {"group":"span","by":")", NameOf(in.by), "\"",
                           filters->empty() ? "" : ",", *filters, "}"));
  }
}

using SpansDraft = Draft<GetExpensiveSpansOutput>;

// Says how many of the `wanted` rows are shown, and how to see the others.
void TellCut(const GetExpensiveSpansInput& in, std::size_t wanted, SpansDraft& draft) {
  const std::size_t shown = draft->rows.size();
  if (shown < wanted) {
    draft.Edit(&GetExpensiveSpansOutput::notes)
        .push_back(Cat("The last ", wanted - shown,
                       " rows were cut for size; narrow the filters to see them."));
  }
  const auto total = static_cast<std::size_t>(draft->rows_total);
  if (shown >= total) return;
  draft.Edit(&GetExpensiveSpansOutput::page) =
      Cat(PageText("rows", 0, shown, total),
          shown == wanted && in.limit < kMostRows
              ? Cat(" More: the same call with \"limit\":", std::min<std::size_t>(total, kMostRows),
                    ".")
              : std::string(" Narrow the filters to see others."));
}

Result<SpansDraft> GetExpensiveSpans(Engine& engine, const GetExpensiveSpansInput& input,
                                     const CallContext& context) {
  GetExpensiveSpansInput in = input;
  const Result<Question> question =
      MakeTraceQuestion(engine, in.filters, "get_expensive_spans", context.stop);
  if (!question) return question.error();
  const Result<OverviewStats> stats = engine.Overview(*question);
  if (!stats) return stats.error();

  GetExpensiveSpansOutput out;
  out.total = {
      KnownMicroUsd(stats->nano_usd, {stats->unpriced_calls, stats->health.llm_without_tokens}),
      stats->usage.total(), stats->traces, stats->unpriced_calls};
  out.outcomes = ToWireOutcomes(*stats);
  out.notes = ProvenanceNotes(engine);
  for (Prose& note : LeftOutByTime(engine, *question)) out.notes.push_back(std::move(note));
  Result<void> rows;
  const bool has_no_times = HasNoTimes(*stats);
  if (stats->traces == 0 || (has_no_times && IsByTime(in.by))) {
    rows = {};
  } else if (in.group == ExpenseGroup::kTrace) {
    rows = AddTraces(engine, *question, in, *stats, out);
  } else if (in.group == ExpenseGroup::kSpan) {
    rows = AddSpans(engine, *question, in, *stats, context, out);
  } else {
    rows = AddOperations(engine, *question, in, out);
  }
  if (!rows) return rows.error();
  out.headline = Headline(in, out);
  if (stats->unpriced_calls > 0 && in.by == ExpenseBy::kCost) {
    out.notes.push_back(Cat(Plural(stats->unpriced_calls, "model call"),
                            " without a known price are missing from the costs."));
  }
  if (out.rows.empty()) {
    ExplainAbsence(engine, in, has_no_times, out);
  } else {
    PointOnwards(in, out);
  }
  const std::size_t wanted = out.rows.size();
  SpansDraft draft(std::move(out), context);
  draft.FitList(&GetExpensiveSpansOutput::rows,
                in.limit > 10 ? kLargeAnswerBytes : kDefaultAnswerBytes,
                [](SpansDraft&, std::size_t) {});
  TellCut(in, wanted, draft);
  return draft;
}

}  // namespace

Tool GetExpensiveSpansTool() {
  return MakeTool(
      ToolInfo{
          .name = "get_expensive_spans",
          .title = "Where cost and time go",
          .description =
              "What costs most: operations, models, tools, agents, traces or single spans, by "
              "cost, tokens, latency, or critical_path (the time that held up the end of the run). "
              "Each row has its share of the total, calls, p50/p95/max and the trace of its "
              "slowest call. Cached tokens are priced once; calls to models without a known price "
              "are counted separately, never as free. For a slow agent use by=critical_path.",
          .search_hint = "cost latency tokens slow expensive bottleneck performance",
      },
      &GetExpensiveSpans);
}

}  // namespace halo
