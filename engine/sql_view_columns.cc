// SPDX-License-Identifier: MIT
#include <array>
#include <cstdio>

#include "engine/base/hash.h"
#include "engine/detectors/all_detectors.h"
#include "engine/sql_view_rows.h"

namespace halo {
namespace {

constexpr std::string_view kInt = "INTEGER", kReal = "REAL", kText = "TEXT";

SqlCell Text(std::string_view text) {
  return text.empty() ? SqlCell() : SqlCell(std::string(text));
}

SqlCell Hash(std::uint64_t hash) {
  if (hash == 0) return {};
  char text[20];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return std::string(text);
}

SqlCell Int(std::int64_t number) { return number; }
SqlCell Yes(bool yes) { return std::int64_t{yes}; }
SqlCell Micro(std::int64_t nano) { return static_cast<double>(nano) / 1e3; }

// Absent if it is not known.
SqlCell Known(std::int64_t amount, double unit) {
  return amount < 0 ? SqlCell() : SqlCell(static_cast<double>(amount) / unit);
}
SqlCell MsOfNs(std::int64_t ns) { return Known(ns, 1e6); }
SqlCell TimeMs(std::int64_t ns) { return ns > 0 ? SqlCell(ns / 1'000'000) : SqlCell(); }

std::string_view FinishName(FinishClass finish) {
  constexpr std::array<std::string_view, 6> kNames = {"",          "stop",    "tool_calls",
                                                      "truncated", "refusal", "other"};
  return kNames[static_cast<std::size_t>(finish)];
}

std::string_view DetectorName(std::uint8_t id) {
  const TraceDetector* const detector = FindTraceDetector(id);
  return detector ? detector->name : std::string_view();
}

std::string_view ActionName(ActionKind kind) {
  constexpr std::array<std::string_view, 4> kNames = {"tool", "hand_off", "step", "no_span"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view BasisName(TurnBasis basis) {
  constexpr std::array<std::string_view, 6> kNames = {"",     "call_id", "request",
                                                      "text", "step",    "order"};
  return kNames[static_cast<std::size_t>(basis)];
}

const SpanFacts& FactsOf(const SpanRow& row) { return row.of->trace.spans[row.span]; }
std::string_view TextOf(const SpanRow& row, StringId word) { return row.of->trace.Text(word); }
SqlCell WordHash(const Trace& trace, StringId word) {
  return word == 0 ? SqlCell() : Hash(Fnv1a(trace.Text(word)));
}
const Turn& TurnOf(const CallRow& row) { return row.of->trace.turns.all[row.turn]; }
SqlCell SpanId(const CallRow& row, SpanIndex span) {
  return span < 0 ? SqlCell() : Text(row.of->trace.Text(row.of->trace.spans[span].span_id));
}
// Null for a call without a span.
const SpanFacts* Action(const CallRow& row) {
  const SpanIndex action = TurnOf(row).action;
  return action < 0 ? nullptr : &row.of->trace.spans[action];
}

using R = RunRow;
constexpr ViewColumn<R> kRuns[] = {
    {{"trace_id", kText, ""}, [](const R& r) { return Text(r->trace_id); }},
    {{"project", kText, ""}, [](const R& r) { return Text(r->project); }},
    {{"name", kText, "of the root span"}, [](const R& r) { return Text(r->name); }},
    {{"service", kText, ""}, [](const R& r) { return Text(r->service); }},
    {{"version", kText, ""}, [](const R& r) { return Text(r->version); }},
    {{"environment", kText, ""}, [](const R& r) { return Text(r->environment); }},
    {{"session", kText, ""}, [](const R& r) { return Text(r->session); }},
    {{"user", kText, ""}, [](const R& r) { return Text(r->user); }},
    {{"task", kText, "an id, or a hash of the request"}, [](const R& r) { return Text(r->task); }},
    {{"agent", kText, "the first of its agents"},
     [](const R& r) { return r->agents.empty() ? SqlCell() : Text(r->agents.front()); }},
    {{"model", kText, "the first of its models"},
     [](const R& r) { return r->models.empty() ? SqlCell() : Text(r->models.front()); }},
    {{"outcome", kText, "success, failure or unknown"},
     [](const R& r) { return Text(OutcomeName(r->outcome)); }},
    {{"start_ms", kInt, "since 1970"}, [](const R& r) { return TimeMs(r->start_ns); }},
    {{"end_ms", kInt, ""}, [](const R& r) { return TimeMs(r->end_ns); }},
    {{"ms", kReal, "duration"},
     [](const R& r) { return MsOfNs(PlausibleNs(r->start_ns, r->end_ns)); }},
    {{"ended", kInt, "1: its root has ended"}, [](const R& r) { return Yes(r->root_ended); }},
    {{"spans", kInt, ""}, [](const R& r) { return Int(r->span_count); }},
    {{"steps", kInt, ""}, [](const R& r) { return Int(r->steps); }},
    {{"llm_calls", kInt, ""}, [](const R& r) { return Int(r->llm_calls); }},
    {{"tool_calls", kInt, "with and without spans"},
     [](const R& r) {
       std::int64_t calls = 0;
       for (const auto& [tool, count] : r->calls) calls += count;
       return Int(calls);
     }},
    {{"last_tool", kText, "that it called"}, [](const R& r) { return Text(r->last_tool); }},
    {{"failed_spans", kInt, ""}, [](const R& r) { return Int(r->failed_spans); }},
    {{"findings", kInt, ""},
     [](const R& r) { return Int(static_cast<std::int64_t>(r->findings.size())); }},
    {{"input_tokens", kInt, ""}, [](const R& r) { return Int(r->usage.input); }},
    {{"output_tokens", kInt, ""}, [](const R& r) { return Int(r->usage.output); }},
    {{"cache_read_tokens", kInt, ""}, [](const R& r) { return Int(r->usage.cache_read); }},
    {{"micro_usd", kReal, "without unpriced_calls"}, [](const R& r) { return Micro(r->nano_usd); }},
    {{"unpriced_calls", kInt, ""}, [](const R& r) { return Int(r->unpriced_calls); }},
};

using S = SpanRow;
constexpr ViewColumn<S> kSpans[] = {
    {{"trace_id", kText, ""}, [](const S& s) { return Text(s.of->trace.trace_id); }},
    {{"project", kText, ""}, [](const S& s) { return Text(s.of->trace.project); }},
    {{"span_id", kText, ""}, [](const S& s) { return Text(TextOf(s, FactsOf(s).span_id)); }},
    {{"parent_id", kText, ""}, [](const S& s) { return Text(TextOf(s, FactsOf(s).parent_id)); }},
    {{"kind", kText, "AGENT, LLM, TOOL, ..."},
     [](const S& s) { return Text(KindName(FactsOf(s).kind)); }},
    {{"name", kText, ""}, [](const S& s) { return Text(TextOf(s, FactsOf(s).name)); }},
    {{"operation", kText, "the name without ids and counters"},
     [](const S& s) { return Text(TextOf(s, FactsOf(s).operation)); }},
    {{"agent", kText, "that ran it"},
     [](const S& s) { return Text(TextOf(s, s.of->trace.agent[s.span])); }},
    {{"tool", kText, ""}, [](const S& s) { return Text(TextOf(s, FactsOf(s).tool)); }},
    {{"model", kText, ""}, [](const S& s) { return Text(TextOf(s, FactsOf(s).model)); }},
    {{"role", kText, "of a model call: planning, step, final, summary, inner"},
     [](const S& s) {
       return Text(CallRoleName(s.of->purposes[static_cast<std::size_t>(s.span)].role));
     }},
    {{"prompt_hash", kText, "of how the prompt of a model call begins"},
     [](const S& s) { return Hash(s.of->purposes[static_cast<std::size_t>(s.span)].prompt); }},
    {{"provider", kText, ""}, [](const S& s) { return Text(TextOf(s, FactsOf(s).provider)); }},
    {{"start_ms", kInt, "since 1970"}, [](const S& s) { return TimeMs(FactsOf(s).start_ns); }},
    {{"end_ms", kInt, ""}, [](const S& s) { return TimeMs(FactsOf(s).end_ns); }},
    {{"ms", kReal, "duration"},
     [](const S& s) { return MsOfNs(PlausibleNs(FactsOf(s).start_ns, FactsOf(s).end_ns)); }},
    {{"critical_ms", kReal, "of its own on the critical path"},
     [](const S& s) { return MsOfNs(s.of->trace.critical_ns[s.span]); }},
    {{"failed", kInt, ""}, [](const S& s) { return Yes(FactsOf(s).failed); }},
    {{"failed_itself", kInt, "1: for a reason of its own, not that of a span inside"},
     [](const S& s) { return Yes(s.of->trace.error_root[s.span] != 0); }},
    {{"error_type", kText, ""}, [](const S& s) { return Text(TextOf(s, FactsOf(s).error_type)); }},
    {{"error_hash", kText, "of the error without ids and numbers"},
     [](const S& s) { return WordHash(s.of->trace, FactsOf(s).error_signature); }},
    {{"finish", kText, "stop, tool_calls, truncated, refusal, other"},
     [](const S& s) { return Text(FinishName(FactsOf(s).finish)); }},
    {{"input_tokens", kInt, "that count at this span"},
     [](const S& s) { return Int(s.of->trace.spend[s.span].usage.input); }},
    {{"output_tokens", kInt, ""},
     [](const S& s) { return Int(s.of->trace.spend[s.span].usage.output); }},
    {{"micro_usd", kReal, ""},
     [](const S& s) { return Micro(s.of->trace.spend[s.span].nano_usd); }},
    {{"arguments_hash", kText, ""}, [](const S& s) { return Hash(FactsOf(s).arguments_hash); }},
    {{"result_hash", kText, ""}, [](const S& s) { return Hash(FactsOf(s).result_hash); }},
    {{"result_bytes", kInt, ""}, [](const S& s) { return Int(FactsOf(s).result_bytes); }},
    {{"bytes", kInt, "of all its values"},
     [](const S& s) { return Int(FactsOf(s).payload_bytes); }},
};

using C = CallRow;
constexpr ViewColumn<C> kCalls[] = {
    {{"trace_id", kText, ""}, [](const C& c) { return Text(c.of->trace.trace_id); }},
    {{"project", kText, ""}, [](const C& c) { return Text(c.of->trace.project); }},
    {{"number", kInt, "in its run, from 0"},
     [](const C& c) { return Int(static_cast<std::int64_t>(c.turn)); }},
    {{"kind", kText, "tool, hand_off, step, no_span"},
     [](const C& c) { return Text(ActionName(TurnOf(c).kind)); }},
    {{"tool", kText, ""}, [](const C& c) { return Text(c.of->trace.Text(TurnOf(c).tool)); }},
    {{"agent", kText, "that made the call"},
     [](const C& c) {
       const Turn& turn = TurnOf(c);
       const SpanIndex by = turn.asked_by >= 0 ? turn.asked_by : turn.action;
       return by < 0 ? SqlCell() : Text(c.of->trace.Text(c.of->trace.agent[by]));
     }},
    {{"span_id", kText, "of the action"}, [](const C& c) { return SpanId(c, TurnOf(c).action); }},
    {{"asked_by", kText, "model call that asked for it"},
     [](const C& c) { return SpanId(c, TurnOf(c).asked_by); }},
    {{"seen_by", kText, "model call that read the result"},
     [](const C& c) { return SpanId(c, TurnOf(c).seen_by); }},
    {{"asked_basis", kText, "call_id, request, text, step, order"},
     [](const C& c) { return Text(BasisName(TurnOf(c).asked_basis)); }},
    {{"seen_basis", kText, ""}, [](const C& c) { return Text(BasisName(TurnOf(c).seen_basis)); }},
    {{"asked_together", kInt, "calls of the same answer"},
     [](const C& c) { return Int(TurnOf(c).calls); }},
    {{"failed", kInt, ""}, [](const C& c) { return Yes(TurnOf(c).failed); }},
    {{"error_hash", kText, ""}, [](const C& c) { return WordHash(c.of->trace, TurnOf(c).error); }},
    {{"arguments_hash", kText, "of tool and arguments"},
     [](const C& c) { return Hash(TurnOf(c).request); }},
    {{"result_hash", kText, ""},
     [](const C& c) { return Action(c) ? Hash(Action(c)->result_hash) : SqlCell(); }},
    {{"result_bytes", kInt, ""},
     [](const C& c) { return Action(c) ? Int(Action(c)->result_bytes) : SqlCell(); }},
    {{"start_ms", kInt, "since 1970"},
     [](const C& c) { return Action(c) ? TimeMs(Action(c)->start_ns) : SqlCell(); }},
    {{"end_ms", kInt, ""},
     [](const C& c) { return Action(c) ? TimeMs(Action(c)->end_ns) : SqlCell(); }},
    {{"ms", kReal, "duration"},
     [](const C& c) {
       return Action(c) ? MsOfNs(PlausibleNs(Action(c)->start_ns, Action(c)->end_ns)) : SqlCell();
     }},
};

using F = FindingRow;
constexpr ViewColumn<F> kFindings[] = {
    {{"trace_id", kText, ""}, [](const F& f) { return Text(f.run->trace_id); }},
    {{"project", kText, ""}, [](const F& f) { return Text(f.run->project); }},
    {{"mode_id", kText, ""}, [](const F& f) { return SqlCell(ModeIdText(f.finding->mode)); }},
    {{"entry_id", kText, "of the listed failure mode that it is part of"},
     [](const F& f) { return f.entry ? SqlCell(ModeIdText(f.entry)) : SqlCell(); }},
    {{"detector", kText, ""}, [](const F& f) { return Text(DetectorName(f.finding->detector)); }},
    {{"agent", kText, ""}, [](const F& f) { return Text(f.finding->locus.agent); }},
    {{"tool", kText, ""}, [](const F& f) { return Text(f.finding->locus.tool); }},
    {{"span_name", kText, ""}, [](const F& f) { return Text(f.finding->locus.span_name); }},
    {{"occurrences", kInt, ""}, [](const F& f) { return Int(f.finding->occurrences); }},
    {{"span_id", kText, "of the most telling span"},
     [](const F& f) {
       return f.finding->span_ids.empty() ? SqlCell() : Text(f.finding->span_ids.front());
     }},
    {{"wasted_tokens", kInt, ""}, [](const F& f) { return Known(f.finding->waste.tokens, 1); }},
    {{"wasted_micro_usd", kReal, ""},
     [](const F& f) { return Known(f.finding->waste.nano_usd, 1e3); }},
    {{"wasted_ms", kReal, ""}, [](const F& f) { return Known(f.finding->waste.critical_ns, 1e6); }},
};

using E = EntryRow;
constexpr ViewColumn<E> kEntries[] = {
    {{"id", kText, ""}, [](const E& e) { return SqlCell(ModeIdText(e->stats.id)); }},
    {{"detector", kText, ""}, [](const E& e) { return Text(e->detector); }},
    {{"category", kText, ""}, [](const E& e) { return Text(e->category); }},
    {{"confidence", kText, "proven, likely, candidate"},
     [](const E& e) { return Text(ConfidenceName(e->confidence)); }},
    {{"generality", kText, "systemic, recurring, one_off"},
     [](const E& e) { return Text(GeneralityName(e->generality)); }},
    {{"agent", kText, ""}, [](const E& e) { return Text(e->stats.locus.agent); }},
    {{"tool", kText, ""}, [](const E& e) { return Text(e->stats.locus.tool); }},
    {{"span_name", kText, ""}, [](const E& e) { return Text(e->stats.locus.span_name); }},
    {{"traces", kInt, "settled ones that show it"},
     [](const E& e) { return Int(e->stats.traces); }},
    {{"runs", kInt, ""}, [](const E& e) { return Int(e->stats.units); }},
    {{"eligible_runs", kInt, ""}, [](const E& e) { return Int(e->stats.eligible_units); }},
    {{"rate", kReal, "of the eligible runs"}, [](const E& e) { return SqlCell(e->rate.value); }},
    {{"rate_low", kReal, ""}, [](const E& e) { return SqlCell(e->rate.low); }},
    {{"rate_high", kReal, ""}, [](const E& e) { return SqlCell(e->rate.high); }},
    {{"occurrences", kInt, ""}, [](const E& e) { return Int(e->stats.occurrences); }},
    {{"tasks", kInt, ""}, [](const E& e) { return Int(e->stats.tasks); }},
    {{"first_ms", kInt, "since 1970"}, [](const E& e) { return TimeMs(e->stats.first_ns); }},
    {{"last_ms", kInt, ""}, [](const E& e) { return TimeMs(e->stats.last_ns); }},
    {{"wasted_tokens", kInt, ""}, [](const E& e) { return Known(e->stats.waste.tokens, 1); }},
    {{"wasted_micro_usd", kReal, ""},
     [](const E& e) { return Known(e->stats.waste.nano_usd, 1e3); }},
    {{"wasted_ms", kReal, ""}, [](const E& e) { return Known(e->stats.waste.critical_ns, 1e6); }},
    {{"score", kReal, "by which they are ranked"}, [](const E& e) { return SqlCell(e->score); }},
};

using O = OperationRow;
constexpr ViewColumn<O> kOperations[] = {
    {{"trace_id", kText, ""}, [](const O& o) { return Text(o.run->trace_id); }},
    {{"project", kText, ""}, [](const O& o) { return Text(o.run->project); }},
    {{"kind", kText, ""}, [](const O& o) { return Text(KindName(o.operation->kind)); }},
    {{"agent", kText, ""}, [](const O& o) { return Text(o.operation->agent); }},
    {{"name", kText, "the tool, or the span's name without ids and counters"},
     [](const O& o) { return Text(o.operation->name); }},
    {{"model", kText, ""}, [](const O& o) { return Text(o.operation->model); }},
    {{"role", kText, "of model calls, as in spans"},
     [](const O& o) { return Text(CallRoleName(o.operation->role)); }},
    {{"prompt_hash", kText, "of model calls"},
     [](const O& o) { return Hash(o.operation->prompt); }},
    {{"spans", kInt, ""}, [](const O& o) { return Int(o.operation->count); }},
    {{"failed", kInt, ""}, [](const O& o) { return Int(o.operation->errors); }},
    {{"input_tokens", kInt, ""}, [](const O& o) { return Int(o.operation->usage.input); }},
    {{"output_tokens", kInt, ""}, [](const O& o) { return Int(o.operation->usage.output); }},
    {{"micro_usd", kReal, ""}, [](const O& o) { return Micro(o.operation->nano_usd); }},
    {{"ms", kReal, "sum"}, [](const O& o) { return MsOfNs(o.operation->duration_ns); }},
    {{"max_ms", kReal, ""}, [](const O& o) { return MsOfNs(o.operation->max_ns); }},
    {{"self_ms", kReal, "in which no span inside ran"},
     [](const O& o) { return MsOfNs(o.operation->self_ns); }},
    {{"wasted_tokens", kInt, "by failures"},
     [](const O& o) { return Int(o.operation->wasted.tokens); }},
    {{"critical_ms", kReal, "on the critical path"},
     [](const O& o) { return MsOfNs(o.operation->critical_ns); }},
};

}  // namespace

std::span<const ViewColumn<RunRow>> RunColumns() { return kRuns; }
std::span<const ViewColumn<SpanRow>> SpanColumns() { return kSpans; }
std::span<const ViewColumn<CallRow>> CallColumns() { return kCalls; }
std::span<const ViewColumn<FindingRow>> FindingColumnsOfView() { return kFindings; }
std::span<const ViewColumn<EntryRow>> EntryColumns() { return kEntries; }
std::span<const ViewColumn<OperationRow>> OperationColumnsOfView() { return kOperations; }

}  // namespace halo
