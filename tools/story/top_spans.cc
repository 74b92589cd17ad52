// SPDX-License-Identifier: MIT
#include "tools/story/top_spans.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "tools/answer/phrases.h"
#include "tools/common/to_wire.h"
#include "tools/story/span_label.h"

namespace halo {
namespace {

using wire::ExpenseBy;

constexpr std::size_t kMaxTraces = 200;

TraceSort SortBy(ExpenseBy by) {
  switch (by) {
    case ExpenseBy::kCost:
      return TraceSort::kCost;
    case ExpenseBy::kTokens:
      return TraceSort::kTokens;
    default:
      return TraceSort::kDuration;  // also an upper bound of the critical path
  }
}

// An upper bound of the size of every span of the trace.
std::int64_t BoundOf(const TraceRow& trace, ExpenseBy by) {
  switch (by) {
    case ExpenseBy::kCost:
      return trace.nano_usd;
    case ExpenseBy::kTokens:
      return trace.tokens;
    default:
      return LengthNs(trace.start_ns, trace.end_ns);
  }
}

// The amount of the span. Money, tokens and critical time of nested spans count once (spend.h), so
// a wrapper does not repeat the call inside it; nor does its latency, which is its own time.
std::int64_t AmountOf(const Trace& trace, std::size_t span, ExpenseBy by) {
  switch (by) {
    case ExpenseBy::kCost:
      return trace.spend[span].nano_usd;
    case ExpenseBy::kTokens:
      return trace.spend[span].usage.total();
    case ExpenseBy::kLatency:
      return trace.self_ns[span];
    case ExpenseBy::kCriticalPath:
    case ExpenseBy::kWaste:
      break;
  }
  return trace.critical_ns[span];
}

wire::GetExpensiveSpansOutput::Row ToRow(const Trace& trace, std::size_t span) {
  const SpanFacts& facts = trace.spans[span];
  wire::GetExpensiveSpansOutput::Row row;
  row.name = LabelText(trace, facts);
  row.kind = Words(KindName(facts.kind));
  row.agent = TraceName(trace.Text(trace.agent[span]));
  row.model = TraceName(trace.Text(facts.model));
  row.trace_id = TraceId(trace.trace_id);
  row.span_id = SpanIdText(trace, static_cast<SpanIndex>(span));
  row.errors = facts.failed;
  const Spend& spend = trace.spend[span];
  row.tokens = spend.usage.total();
  row.cached_tokens = spend.usage.cache_read;
  row.unpriced = spend.unpriced();
  row.micro_usd = KnownMicroUsd(spend.nano_usd, {row.unpriced, spend.reports_nothing});
  if (PlausibleNs(facts.start_ns, facts.end_ns) >= 0) {
    row.total_ms = Ms(DurationNs(facts));
    row.self_ms = Ms(trace.self_ns[span]);
    row.critical_ms = Ms(trace.critical_ns[span]);
  }
  return row;
}

// The spans that stalled, beside the other runs.
std::set<std::string, std::less<>> StalledSpans(const TraceSummary& summary) {
  std::set<std::string, std::less<>> out;
  for (const StoredFinding& finding : summary.findings) {
    if (finding.condition != Condition::kOverMedian) continue;
    out.insert(finding.span_ids.begin(), finding.span_ids.end());
  }
  return out;
}

void Keep(std::vector<TopSpan>& spans, TopSpan span, std::size_t most) {
  const auto before = [](const TopSpan& a, const TopSpan& b) {
    return std::tie(b.amount, a.row.trace_id, a.row.span_id) <
           std::tie(a.amount, b.row.trace_id, b.row.span_id);
  };
  spans.insert(std::upper_bound(spans.begin(), spans.end(), span, before), std::move(span));
  if (spans.size() > most) spans.pop_back();
}

}  // namespace

Result<TopSpans> FindTopSpans(Engine& engine, const Question& question, ExpenseBy by,
                              std::size_t most, const CallContext& context) {
  const Result<TracePage> page = engine.Traces(question, SortBy(by), kMaxTraces, {});
  if (!page) return page.error();
  TopSpans out;
  for (const TraceRow& row : page->rows) {
    if (out.spans.size() == most && BoundOf(row, by) < out.spans.back().amount) {
      out.exact = true;
      return out;
    }
    if (context.stop.stop_requested()) return Error{Code::kCancelled, "cancelled"};
    const Result<TraceReading> reading = engine.ReadTrace(row.key);
    if (!reading) continue;
    ++out.traces_read;
    const Trace& trace = reading->trace;
    const auto stalled = by == ExpenseBy::kLatency ? StalledSpans(reading->summary)
                                                   : std::set<std::string, std::less<>>();
    for (std::size_t span = 0; span < trace.spans.size(); ++span) {
      if (!stalled.empty() && stalled.contains(trace.Text(trace.spans[span].span_id))) {
        ++out.stalls;
        continue;
      }
      const std::int64_t amount = AmountOf(trace, span, by);
      const bool small = out.spans.size() == most && amount < out.spans.back().amount;
      if (amount > 0 && !small) Keep(out.spans, {ToRow(trace, span), amount}, most);
    }
    if (context.progress) {
      context.progress(static_cast<double>(out.traces_read), static_cast<double>(page->rows.size()),
                       "reading the largest traces");
    }
  }
  out.exact = page->next_cursor.empty();
  return out;
}

}  // namespace halo
