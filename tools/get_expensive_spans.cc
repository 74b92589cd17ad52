// SPDX-License-Identifier: MIT
#include "schemas/get_expensive_spans.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/filters.h"
#include "tools/common/to_wire.h"
#include "tools/story/prompt_beginning.h"
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

bool IsByTime(ExpenseBy by) { return by == ExpenseBy::kLatency || by == ExpenseBy::kCriticalPath; }

// In which amount of waste rows are compared: money if any is known, else tokens, else time.
using WasteAmount = std::int64_t Waste::*;
WasteAmount ComparedWaste(const std::vector<OperationStats>& all) {
  for (const WasteAmount amount : {&Waste::nano_usd, &Waste::tokens}) {
    const auto has = [&](const OperationStats& stats) { return stats.wasted.*amount > 0; };
    if (std::any_of(all.begin(), all.end(), has)) return amount;
  }
  return &Waste::critical_ns;
}

std::int64_t AmountOf(const OperationStats& stats, ExpenseBy by, WasteAmount waste) {
  switch (by) {
    case ExpenseBy::kTokens:
      return stats.usage.total();
    case ExpenseBy::kLatency:
      return std::max<std::int64_t>(0, stats.self_ns - stats.stall_ns);
    case ExpenseBy::kCriticalPath:
      return stats.critical_ns;
    case ExpenseBy::kWaste:
      return std::max<std::int64_t>(0, stats.wasted.*waste);
    case ExpenseBy::kCost:
      break;
  }
  return stats.nano_usd;
}

OperationGroup GroupOf(ExpenseGroup group) {
  switch (group) {
    case ExpenseGroup::kRole:
      return OperationGroup::kRole;
    case ExpenseGroup::kPrompt:
      return OperationGroup::kPrompt;
    case ExpenseGroup::kModel:
      return OperationGroup::kModel;
    case ExpenseGroup::kTool:
      return OperationGroup::kTool;
    case ExpenseGroup::kAgent:
      return OperationGroup::kAgent;
    case ExpenseGroup::kTrace:
      return OperationGroup::kTrace;
    case ExpenseGroup::kSession:
      return OperationGroup::kSession;
    case ExpenseGroup::kTask:
      return OperationGroup::kTask;
    case ExpenseGroup::kOperation:
    case ExpenseGroup::kSpan:
      break;
  }
  return OperationGroup::kOperation;
}

TraceName NameOf(const OperationStats& stats, ExpenseGroup group) {
  switch (group) {
    case ExpenseGroup::kModel:
      return TraceName(stats.model.empty() ? "no model named" : stats.model);
    case ExpenseGroup::kAgent:
      return TraceName(stats.agent);
    case ExpenseGroup::kRole:
      return TraceName(CallRoleName(stats.role));
    case ExpenseGroup::kPrompt: {
      char text[16];
      std::snprintf(text, sizeof text, "%08x", stats.prompt);
      return TraceName(stats.prompt == 0 ? std::string("not recorded, or short") : text);
    }
    case ExpenseGroup::kSession:
    case ExpenseGroup::kTask:
      return TraceName(stats.name.empty() ? Cat("no ", NameOf(group), " named") : stats.name);
    default:
      return TraceName(stats.name);
  }
}

Row ToRow(const OperationStats& stats, const GetExpensiveSpansInput& in, double share) {
  Row row;
  row.name = NameOf(stats, in.group);
  if (in.group == ExpenseGroup::kOperation || in.group == ExpenseGroup::kTool) {
    row.kind = Words(KindName(stats.kind));
    row.agent = TraceName(stats.agent);
  }
  const bool of_trace = in.group == ExpenseGroup::kTrace;
  if (in.group == ExpenseGroup::kOperation) {
    row.model = TraceName(stats.model);
    row.role = Words(CallRoleName(stats.role));
  }
  if (of_trace) row.agent = TraceName(stats.agent);
  row.share = share;
  row.calls = stats.count;
  row.traces = of_trace ? 0 : stats.traces;
  row.errors = stats.errors;
  row.unpriced = stats.unpriced;
  row.micro_usd = KnownMicroUsd(stats.nano_usd, {stats.unpriced, stats.without_usage});
  row.tokens = stats.usage.total();
  row.cached_tokens = stats.usage.cache_read;
  row.stalls = stats.stalls;
  if (in.by == ExpenseBy::kWaste) row.wasted = ToWire(stats.wasted);
  if (stats.timed > 0 || stats.critical_ns > 0) {
    row.total_ms = Ms(stats.duration_ns);
    if (in.by == ExpenseBy::kLatency && GroupOf(in.group) < OperationGroup::kTrace) {
      row.self_ms = Ms(stats.self_ns);
    }
    row.critical_ms = Ms(stats.critical_ns);
    if (!of_trace) {
      row.p50_ms = Ms(stats.p50_ns);
      row.p95_ms = Ms(stats.p95_ns);
      row.max_ms = Ms(stats.max_ns);
    }
  }
  row.outlier = stats.count >= 5 && stats.timed > 0 && stats.max_ns > kOutlierFactor * stats.p50_ns;
  (of_trace ? row.trace_id : row.slowest_trace_id) = TraceId(stats.slowest.trace_id);
  return row;
}

void ExplainOrder(const GetExpensiveSpansInput& in, std::int64_t stalls, WasteAmount waste,
                  GetExpensiveSpansOutput& out) {
  if (in.by == ExpenseBy::kLatency) {
    out.notes.push_back(
        GroupOf(in.group) < OperationGroup::kTrace
            ? "Sorted by self_ms, in which no span inside ran: agents and chains only wait for "
              "what they hold."
            : "Sorted by total_ms.");
    if (stalls > 0) {
      out.notes.push_back(
          Cat("Left out of the order: ", Plural(stalls, "stalled call"),
              " (far above the median of its kind); list_bottlenecks names outages."));
    }
  }
  if (in.by == ExpenseBy::kWaste && !out.rows.empty()) {
    out.notes.push_back(Cat("Sorted by wasted ",
                            waste == &Waste::nano_usd ? "micro_usd"
                            : waste == &Waste::tokens ? "tokens"
                                                      : "ms",
                            ": what proven and likely failures spent",
                            GroupOf(in.group) < OperationGroup::kTrace
                                ? ", without those that hold only beside other runs."
                                : "."));
  }
}

// Rows of runs share no time with one another only by chance, so their shares would mean little.
bool HasShare(const GetExpensiveSpansInput& in) {
  return GroupOf(in.group) < OperationGroup::kTrace || !IsByTime(in.by);
}

Result<void> AddOperations(Engine& engine, const Question& question,
                           const GetExpensiveSpansInput& in, GetExpensiveSpansOutput& out) {
  const Result<std::vector<OperationStats>> found = engine.Operations(question, GroupOf(in.group));
  if (!found) return found.error();
  const WasteAmount waste = ComparedWaste(*found);
  const auto amount = [&](const OperationStats& stats) { return AmountOf(stats, in.by, waste); };
  std::vector<const OperationStats*> operations;
  std::int64_t all = 0, stalls = 0;
  for (const OperationStats& stats : *found) {
    all += amount(stats);
    stalls += stats.stalls;
    const bool unpriced = in.by == ExpenseBy::kCost && stats.unpriced > 0;
    // A run of no length is a run.
    const bool is_run = GroupOf(in.group) >= OperationGroup::kTrace && in.by != ExpenseBy::kWaste;
    if (amount(stats) > 0 || unpriced || is_run) operations.push_back(&stats);
  }
  std::stable_sort(operations.begin(), operations.end(),
                   [&](const auto* a, const auto* b) { return amount(*a) > amount(*b); });
  out.rows_total = static_cast<std::int64_t>(operations.size());
  for (const OperationStats* stats : operations) {
    if (out.rows.size() == static_cast<std::size_t>(in.limit)) break;
    const double share =
        static_cast<double>(amount(*stats)) / static_cast<double>(std::max<std::int64_t>(1, all));
    out.rows.push_back(ToRow(*stats, in, HasShare(in) ? share : 0));
    if (in.group == ExpenseGroup::kPrompt && stats->prompt != 0) {
      out.rows.back().prompt = PromptBeginning(engine, stats->slowest, stats->prompt);
    }
  }
  ExplainOrder(in, stalls, waste, out);
  if (!HasShare(in)) {
    out.notes.push_back("Runs overlap, so a share of their time would mean little and is 0.");
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
  if (top->stalls > 0) {
    out.notes.push_back(Cat("Left out: ", Plural(top->stalls, "stalled call"),
                            "; list_bottlenecks names outages."));
  }
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
  if (!first.role.empty()) text.Add(", role ", first.role);
  if (first.share > 0) text.Add(", ", PercentText(first.share));
  return text.Add(".");
}

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
  } else if (in.by == ExpenseBy::kWaste) {
    out.notes.push_back("No proven or likely failure wasted anything that is known.");
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
  if (in.group != ExpenseGroup::kSpan && in.by != ExpenseBy::kWaste && filters) {
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
  const bool regrouped = in.by == ExpenseBy::kWaste && in.group == ExpenseGroup::kSpan;
  if (regrouped) in.group = ExpenseGroup::kOperation;
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
  if (regrouped) {
    out.notes.push_back(
        "Waste belongs to failures and is kept for operations, not for single spans.");
  }
  Result<void> rows;
  const bool has_no_times = HasNoTimes(*stats);
  if (stats->traces == 0 || (has_no_times && IsByTime(in.by))) {
    rows = {};
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
              "What costs most: operations (model calls by role: planning, step, final, summary), "
              "prompts, models, tools, agents, sessions, tasks, traces or spans, by cost, tokens, "
              "latency (own time, without stalls), critical_path (what held up the end of the run) "
              "or waste (by failures). With share, calls, p50/p95/max and the slowest trace. "
              "Unpriced calls are counted apart, never as free.",
          .search_hint = "cost latency tokens slow expensive bottleneck performance",
      },
      &GetExpensiveSpans);
}

}  // namespace halo
