// SPDX-License-Identifier: MIT
#include "schemas/list_bottlenecks.h"

#include <algorithm>
#include <utility>

#include "engine/model/bottlenecks.h"
#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/filters.h"
#include "tools/common/time_text.h"
#include "tools/common/to_wire.h"

namespace halo {
namespace {

using wire::ListBottlenecksInput;
using wire::ListBottlenecksOutput;
using Out = ListBottlenecksOutput;
using BottleneckDraft = Draft<Out>;

constexpr std::size_t kMostNames = 5;
constexpr std::int64_t kMostRows = 50;  // the maximum of the argument `limit`

Words KindOf(SlowKind kind) {
  switch (kind) {
    case SlowKind::kSerialCalls:
      return "serial_calls";
    case SlowKind::kOneByOne:
      return "one_by_one";
    case SlowKind::kGap:
      return "gap";
  }
  return {};
}

double ShareOf(std::int64_t part, std::int64_t all) {
  const double share =
      static_cast<double>(part) / static_cast<double>(std::max<std::int64_t>(1, all));
  return static_cast<double>(static_cast<std::int64_t>(share * 10'000 + 0.5)) / 10'000;
}

void AddOperations(const Bottlenecks& found, std::size_t limit, Out& out) {
  for (const SlowOperation& operation : found.operations) {
    if (out.operations.size() == limit) break;
    Out::Operation row;
    row.name = TraceName(operation.name);
    row.kind = Words(KindName(operation.kind));
    row.agent = TraceName(operation.agent);
    row.model = TraceName(operation.model);
    row.share = ShareOf(operation.critical_ns, found.critical_ns);
    row.critical_ms = Ms(operation.critical_ns);
    row.drag_ms = Ms(operation.drag_ns);
    row.self_ms = Ms(operation.self_ns);
    row.calls = operation.calls;
    row.traces = operation.traces;
    row.p50_ms = Ms(operation.p50_ns);
    row.max_ms = Ms(operation.max_ns);
    row.slowest_trace_id = TraceId(operation.slowest.trace_id);
    out.operations.push_back(std::move(row));
  }
  out.operations_total = static_cast<std::int64_t>(found.operations.size());
}

void AddPatterns(const Bottlenecks& found, std::size_t limit, Out& out) {
  for (const SlowPattern& pattern : found.patterns) {
    if (out.patterns.size() == limit) break;
    Out::Pattern row;
    row.kind = KindOf(pattern.kind);
    row.name = TraceName(pattern.name);
    row.agent = TraceName(pattern.agent);
    row.after = TraceName(pattern.after);
    row.ms = Ms(pattern.ns);
    row.count = pattern.count;
    row.traces = pattern.traces;
    row.trace_id = TraceId(pattern.example.trace_id);
    row.span_id = TraceId(pattern.span_id);
    out.patterns.push_back(std::move(row));
  }
  out.patterns_total = static_cast<std::int64_t>(found.patterns.size());
}

void AddStalls(const Bottlenecks& found, std::size_t limit, Out& out) {
  for (const Stall& stall : found.stalls) {
    if (out.stalls.size() == limit) break;
    Out::Stall row;
    row.start = TimeText(stall.start_ns);
    row.end = TimeText(stall.end_ns);
    row.outage = stall.traces > 1;
    row.calls = stall.calls;
    row.traces = stall.traces;
    row.longest_ms = Ms(stall.longest_ns);
    for (std::size_t i = 0; i < std::min(stall.names.size(), kMostNames); ++i) {
      row.names.emplace_back(stall.names[i]);
    }
    row.more_names = static_cast<std::int64_t>(stall.names.size() - row.names.size());
    row.trace_id = TraceId(stall.example.trace_id);
    out.stalls.push_back(std::move(row));
  }
  out.stalls_total = static_cast<std::int64_t>(found.stalls.size());
}

Prose Headline(const Bottlenecks& found, const Out& out) {
  Prose text = Say(Plural(found.timed_traces, "timed trace"), ", ", DurationText(found.critical_ns),
                   " on the critical path.");
  if (!out.operations.empty()) {
    const Out::Operation& first = out.operations.front();
    text.Add(" Main bottleneck: ", first.name, " (", first.kind, "), ", PercentText(first.share),
             " of it.");
  }
  if (!out.patterns.empty()) {
    const Out::Pattern& first = out.patterns.front();
    text.Add(" Largest waste of time: ", first.kind, " at ", first.name, ", ",
             DurationText(found.patterns.front().ns), " in ", Plural(first.traces, "trace"), ".");
  }
  for (const Out::Stall& stall : out.stalls) {
    if (!stall.outage) continue;
    return text.Add(" One outage: ", Plural(stall.calls, "call"), " of ",
                    Plural(stall.traces, "run"), " stalled together at ", stall.start, ".");
  }
  return text;
}

void AddNotes(Engine& engine, const ListBottlenecksInput& in, const Bottlenecks& found, Out& out) {
  if (found.traces == 0) {
    for (Prose& note : WhyEmpty(engine, in.filters)) out.notes.push_back(std::move(note));
    out.next.emplace_back("get_overview {}");
    return;
  }
  if (found.timed_traces < found.traces) {
    out.notes.push_back(
        Cat(Plural(found.traces - found.timed_traces, "trace"), " without times not counted."));
  }
  if (found.timed_traces == 0) {
    out.notes.emplace_back("Nothing can be said of time; get_expensive_spans ranks by tokens.");
    out.next.emplace_back(R"(get_expensive_spans {"by":"tokens"})");
    return;
  }
  out.notes.emplace_back(
      "Each moment of the critical path belongs to one span; waits for people are left out. "
      "drag_ms "
      "counts what runs inside a span too, and less where something in parallel would have held up "
      "the end: drags do not add up.");
  if (!out.patterns.empty()) {
    out.notes.emplace_back(
        "serial_calls: one answer asked for them together, so they could run in parallel. "
        "one_by_one: five or more calls in a row that one batch call may replace. gap: no call "
        "runs; the harness itself, or what it does not record.");
  }
}

void PointOnwards(Out& out) {
  if (!out.operations.empty()) {
    AddCall(out.next, "explain_trace", "trace_id", out.operations.front().slowest_trace_id);
  }
  if (!out.patterns.empty()) {
    const Out::Pattern& first = out.patterns.front();
    if (IsPlainId(first.trace_id.raw()) && IsPlainId(first.span_id.raw())) {
      out.next.push_back(Cat(R"(read_spans {"trace_id":")", first.trace_id.raw(),
                             R"(","span_ids":[")", first.span_id.raw(), "\"]}"));
    }
  }
}

// Says which lists are only a page, and how to see the rest.
void TellCut(const ListBottlenecksInput& in, BottleneckDraft& draft) {
  std::string cut;
  const auto tell = [&](std::string_view what, std::size_t shown, std::int64_t total) {
    if (shown == static_cast<std::size_t>(total)) return;
    cut.append(cut.empty() ? "" : " ");
    cut.append(PageText(what, 0, shown, static_cast<std::size_t>(total)));
  };
  tell("operations", draft->operations.size(), draft->operations_total);
  tell("patterns", draft->patterns.size(), draft->patterns_total);
  tell("stalls", draft->stalls.size(), draft->stalls_total);
  if (cut.empty()) return;
  draft.Edit(&Out::notes)
      .push_back(Cat(cut, in.limit < kMostRows ? " More: the same call with \"limit\":50."
                                               : " Narrow the filters to see others."));
}

Result<BottleneckDraft> ListBottlenecks(Engine& engine, const ListBottlenecksInput& input,
                                        const CallContext& context) {
  ListBottlenecksInput in = input;
  const Result<Question> question =
      MakeTraceQuestion(engine, in.filters, "list_bottlenecks", context.stop);
  if (!question) return question.error();
  const Result<Bottlenecks> found = engine.Bottlenecks(*question);
  if (!found) return found.error();
  Out out;
  out.total = {found->traces, found->timed_traces, Ms(found->duration_ns), Ms(found->critical_ns)};
  const auto limit = static_cast<std::size_t>(in.limit);
  AddOperations(*found, limit, out);
  AddPatterns(*found, limit, out);
  AddStalls(*found, limit, out);
  out.headline = Headline(*found, out);
  AddNotes(engine, in, *found, out);
  for (Prose& note : LeftOutByTime(engine, *question)) out.notes.push_back(std::move(note));
  for (Prose& note : ProvenanceNotes(engine)) out.notes.push_back(std::move(note));
  PointOnwards(out);
  BottleneckDraft draft(std::move(out), context);
  draft.Fit(in.limit > 10 ? kLargeAnswerBytes : kDefaultAnswerBytes, [](BottleneckDraft& page) {
    if (page->patterns.size() > page->operations.size()) {
      page.Edit(&Out::patterns).pop_back();
    } else if (page->stalls.size() > page->operations.size()) {
      page.Edit(&Out::stalls).pop_back();
    } else if (page->operations.size() > 1) {
      page.Edit(&Out::operations).pop_back();
    } else {
      return false;
    }
    return true;
  });
  TellCut(in, draft);
  return draft;
}

}  // namespace

Tool ListBottlenecksTool() {
  return MakeTool(
      ToolInfo{
          .name = "list_bottlenecks",
          .title = "What makes runs slow",
          .description =
              "What holds up the end of runs: operations by their share of the critical path, with "
              "drag (what leaving one out would save) and self time; calls asked for together that "
              "ran one after another; tools called once per item; gaps in which nothing ran; and "
              "stalls, joined to one outage where they overlap. Each with a trace to look at.",
          .search_hint = "slow latency critical path parallel N+1 wait performance",
      },
      &ListBottlenecks);
}

}  // namespace halo
