// SPDX-License-Identifier: MIT
#include "tools/story/mode_evidence.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "engine/base/ascii.h"
#include "engine/counter_example.h"
#include "tools/answer/phrases.h"
#include "tools/common/time_text.h"
#include "tools/common/to_wire.h"
#include "tools/story/advice.h"
#include "tools/story/fix_evidence.h"
#include "tools/story/span_values.h"
#include "tools/story/turn_rows.h"

namespace halo {
namespace {

using wire::GetFailureModeOutput;

constexpr std::size_t kQuoteBytes = 300;
constexpr std::size_t kEvidenceBytes = 160;
constexpr std::size_t kCodeBytes = 800;
constexpr std::size_t kSpanIds = 5;
constexpr std::size_t kMostDiffering = 6;  // turns
constexpr std::size_t kFrameBytes = 300;
constexpr std::size_t kSharedTraces = 500;

// OpenTelemetry's code.* attributes, new and old names.
constexpr std::array<std::string_view, 8> kCodeKeys = {
    "code.file.path", "code.filepath",      "code.line.number", "code.lineno",
    "code.function",  "code.function.name", "code.namespace",   "code.stacktrace"};

Prose WhyComparable(const CounterExample& found) {
  switch (found.likeness) {
    case Likeness::kSameTask:
      return Say("did the same task as ", TraceId(found.same_task_as->trace_id),
                 " with success and without this failure");
    case Likeness::kSameTool:
      return "used the same tool with success and without this failure";
    case Likeness::kSameAgent:
      return "another task of the same agent, with success and without this failure";
    case Likeness::kNone:
      break;
  }
  return "another task, with success and without this failure";
}

TraceText CodeText(const Span& span) {
  std::string out;
  for (const Attribute& attribute : span.attributes) {
    if (std::find(kCodeKeys.begin(), kCodeKeys.end(), attribute.key) == kCodeKeys.end()) continue;
    const std::string text = ValueText(attribute.value);
    out.append(out.empty() ? "" : ", ").append(attribute.key).append("=");
    out.append(CutText(text, 160));
  }
  return TraceText(out, kCodeBytes);
}

}  // namespace

std::vector<ModeExample> ReadExamples(Engine& engine, const RankedMode& mode, std::size_t most) {
  std::vector<ModeExample> out;
  for (const TraceKey& key : mode.stats.examples) {
    if (out.size() == most) break;
    Result<TraceReading> reading = engine.ReadTrace(key);
    if (!reading) continue;
    const StoredFinding* finding = FindingOf(reading->summary, mode.stats);
    if (!finding) continue;
    StoredFinding copy = *finding;
    out.push_back({std::move(*reading), std::move(copy)});
  }
  return out;
}

GetFailureModeOutput::Example ToWire(Engine& engine, const ModeExample& example) {
  const TraceSummary& summary = example.reading.summary;
  GetFailureModeOutput::Example out;
  out.trace_id = TraceId(summary.trace_id);
  if (summary.project != "default") out.project = TraceName(summary.project);
  out.started = TimeText(summary.start_ns);
  out.outcome = Words(OutcomeName(summary.outcome));
  out.task = TraceName(summary.task);
  out.steps = summary.steps;
  out.occurrences = example.finding.occurrences;
  for (const std::string& id : example.finding.span_ids) {
    if (out.span_ids.size() == kSpanIds) break;
    out.span_ids.emplace_back(id);
  }
  if (const StoredQuote* quote = example.finding.quote()) {
    out.quote = FetchQuote(engine, example.reading, *quote, kQuoteBytes);
  }
  out.evidence = FetchEvidence(engine, example.reading, example.finding, kEvidenceBytes);
  return out;
}

std::optional<PassingRun> PassingRunFor(Engine& engine, const Question& question,
                                        const RankedMode& mode,
                                        const std::vector<ModeExample>& examples) {
  std::vector<const TraceSummary*> summaries;
  for (const ModeExample& example : examples) summaries.push_back(&example.reading.summary);
  const auto found = FindCounterExample(engine, question, mode.stats, summaries);
  if (!found) return std::nullopt;
  PassingRun run;
  run.shown.trace_id = TraceId(found->key.trace_id);
  run.shown.why = WhyComparable(*found);
  run.shown.outcome = Words(OutcomeName(found->outcome));
  Result<TraceReading> reading = engine.ReadTrace(found->key);
  if (!reading) return run;
  for (const ModeExample& example : examples) {
    const TraceSummary& summary = example.reading.summary;
    if (found->same_task_as != nullptr && found->same_task_as != &summary) continue;
    TurnRows turns = MakeTurnRows(example.reading.trace, reading->trace);
    run.shown.a = TraceId(summary.trace_id);
    run.shown.same_turns = turns.same;
    run.shown.different_turns = turns.different;
    for (auto& row : turns.rows) {
      if (row.match == Words("same") || run.shown.differs.size() == kMostDiffering) continue;
      run.shown.differs.push_back(std::move(row));
    }
    break;
  }
  run.reading = std::move(*reading);
  return run;
}

TogetherRows FindTogether(Engine& engine, const Question& question, const ModeRanking& ranking,
                          ModeId mode, std::size_t most) {
  Question with = question;
  with.filter.failure_mode = mode;
  const Result<TracePage> page = engine.Traces(with, TraceSort::kNewest, kSharedTraces, {});
  TogetherRows found;
  if (!page || page->rows.empty() || ranking.totals.traces == 0) return found;
  found.counted = static_cast<std::int64_t>(page->rows.size());
  found.traces = page->matched;
  std::vector<GetFailureModeOutput::Together>& out = found.rows;
  std::map<ModeId, std::int64_t> shared;
  for (const TraceRow& row : page->rows) {
    for (const ModeId other : row.modes) {
      if (other != mode) ++shared[other];
    }
  }
  for (const RankedMode& other : ranking.modes) {
    const auto both = shared.find(other.stats.id);
    if (both == shared.end() || both->second < 2) continue;
    out.push_back(
        {ModeIdText(other.stats.id), other.title, both->second,
         static_cast<double>(both->second) / static_cast<double>(page->rows.size()),
         static_cast<double>(other.stats.traces) / static_cast<double>(ranking.totals.traces)});
  }
  // First the modes that are much more common here than in all traces.
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return a.share - a.share_of_all > b.share - b.share_of_all;
  });
  found.total = static_cast<std::int64_t>(out.size());
  if (out.size() > most) out.resize(most);
  return found;
}

std::string_view SearchWord(std::string_view name) {
  constexpr std::size_t kLeast = 3;
  for (const std::string_view made_up : {"agent", "chat", "invoke_agent", "execute_tool"}) {
    if (name == made_up) return {};
  }
  std::string_view best;
  while (!name.empty()) {
    const std::size_t mask = name.find('<');
    std::string_view part = name.substr(0, mask);
    while (!part.empty() && !ascii::IsAlnum(part.back())) part.remove_suffix(1);
    while (!part.empty() && !ascii::IsAlnum(part.front())) part.remove_prefix(1);
    if (mask == name.npos && best.empty()) return name;
    if (part.size() > best.size()) best = part;
    if (mask == name.npos) break;
    const std::size_t end = name.find('>', mask);
    if (end == name.npos) break;
    name.remove_prefix(end + 1);
  }
  return best.size() >= kLeast ? best : std::string_view();
}

GetFailureModeOutput::WhereToLook FindPlace(Engine& engine, const RankedMode& mode,
                                            const std::vector<ModeExample>& examples) {
  GetFailureModeOutput::WhereToLook out;
  const Locus& locus = mode.stats.locus;
  out.place = LocusText(locus);
  out.look_at = Words(AdviceFor(mode.detector).look_at);
  for (const std::string& word : {locus.tool, locus.span_name, locus.agent}) {
    if (const std::string_view known = SearchWord(word); !known.empty()) {
      out.search_for.emplace_back(std::string(known));
    }
  }
  for (const ModeExample& example : examples) {
    if (example.finding.span_ids.empty()) continue;
    const Trace& trace = example.reading.trace;
    const SpanIndex span = IndexOfSpan(trace, example.finding.span_ids.front());
    if (span < 0) continue;
    if (out.scope.empty()) {
      out.scope = TraceName(trace.Text(trace.spans[static_cast<std::size_t>(span)].scope_name));
    }
    const std::array<SpanIndex, 1> wanted = {span};
    const Result<std::vector<OwnedSpan>> stored = engine.ReadSpans(example.reading, wanted);
    if (stored && !stored->empty() && out.code.empty()) out.code = CodeText(stored->front().span());
    if (out.frame.empty()) out.frame = TraceText(AppFrame(engine, example), kFrameBytes);
    if (!out.code.empty() && !out.frame.empty()) break;
  }
  return out;
}

}  // namespace halo
