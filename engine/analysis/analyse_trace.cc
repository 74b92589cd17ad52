// SPDX-License-Identifier: MIT
#include "engine/analysis/analyse_trace.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/analysis/behaviours.h"
#include "engine/analysis/lost_run.h"
#include "engine/analysis/operations.h"
#include "engine/analysis/reading_counts.h"
#include "engine/analysis/slow_spots.h"
#include "engine/analysis/tags.h"
#include "engine/analysis/tool_calls.h"
#include "engine/analysis/turn_mates.h"
#include "engine/analysis/waste_ledger.h"
#include "engine/detectors/all_detectors.h"
#include "engine/model/trace_summary.h"
#include "engine/trace/call_sequence.h"

namespace halo {
namespace {

constexpr std::size_t kMostEvidence = 20;
// A reported cost that differs from the computed one by more than this is a mismatch.
constexpr std::int64_t kCostTolerance = 10;  // a tenth of the larger cost
constexpr std::int64_t kCostGrainNanoUsd = 1000;

// The spans that decided the outcome.
struct Verdict {
  Outcome outcome = Outcome::kUnknown;
  OutcomeRule rule = OutcomeRule::kNone;
  std::vector<SpanIndex> by;
};

// The strongest rule decides. If it applies to several spans, a later attribute replaces an earlier
// one (rewards of steps, then of the run), and one failure suffices among evaluators and root
// states.
Verdict Decide(const Trace& trace) {
  Verdict verdict;
  const auto says = [&](const SpanFacts& span) {
    return span.outcome != Outcome::kUnknown && span.outcome_rule == verdict.rule;
  };
  for (const SpanFacts& span : trace.spans) {
    if (span.outcome != Outcome::kUnknown) verdict.rule = std::max(verdict.rule, span.outcome_rule);
  }
  if (verdict.rule == OutcomeRule::kNone) return verdict;
  std::int64_t last_ns = INT64_MIN;
  for (std::size_t i = 0; i < trace.spans.size(); ++i) {
    const SpanFacts& span = trace.spans[i];
    if (!says(span)) continue;
    if (verdict.rule == OutcomeRule::kAttribute) {
      const std::int64_t said_ns = std::max(span.start_ns, span.end_ns);
      if (said_ns <= last_ns) continue;  // of spans that end together, the outer one counts
      last_ns = said_ns;
      verdict.outcome = span.outcome;
      verdict.by.clear();
    } else if (verdict.outcome != Outcome::kFailure) {
      if (span.outcome != verdict.outcome) verdict.by.clear();
      verdict.outcome = span.outcome;
    } else if (span.outcome != Outcome::kFailure) {
      continue;
    }
    verdict.by.push_back(static_cast<SpanIndex>(i));
  }
  return verdict;
}

// Collects words, and returns their distinct texts in sorted order.
class WordSet {
 public:
  void Add(StringId word) {
    if (word != 0 && (words_.empty() || words_.back() != word)) words_.push_back(word);
  }

  std::vector<std::string> Texts(const Trace& trace) {
    std::sort(words_.begin(), words_.end());
    words_.erase(std::unique(words_.begin(), words_.end()), words_.end());
    std::vector<std::string> texts;
    texts.reserve(words_.size());
    for (const StringId word : words_) texts.emplace_back(trace.Text(word));
    std::sort(texts.begin(), texts.end());
    return texts;
  }

 private:
  std::vector<StringId> words_;
};

bool CostsDiffer(std::int64_t reported, std::int64_t computed) {
  const std::int64_t difference = reported > computed ? reported - computed : computed - reported;
  return difference > kCostGrainNanoUsd &&
         difference > std::max(reported, computed) / kCostTolerance;
}

// Readings that concern the text of a span count for all spans; those that concern its usage count
// only for spans whose usage counts.
constexpr Readings kReadingsOfText = BitOf(Reading::kCutJson) | BitOf(Reading::kRefusedCount) |
                                     BitOf(Reading::kRefusedCost) | BitOf(Reading::kZeroUsage) |
                                     BitOf(Reading::kFromLog) | BitOf(Reading::kWithLog);

void AddSpend(const Trace& trace, SpanIndex i, TraceSummary& summary) {
  const SpanFacts& span = trace.spans[i];
  const Spend& spend = trace.spend[i];
  const bool counts = spend.source != CostSource::kNone || spend.usage.total() > 0;
  const Readings counted = counts ? span.readings : span.readings & kReadingsOfText;
  for (std::size_t bit = 0; counted >> bit != 0 && bit < summary.readings.size(); ++bit) {
    summary.readings[bit] += (counted >> bit) & 1;
  }
  summary.critical_ns += trace.critical_ns[i];
  summary.usage += spend.usage;
  summary.nano_usd += spend.nano_usd;
  summary.unpriced_calls += spend.unpriced() && !spend.priced_above;
  // The rest of a sum, beyond the calls in it, is no call of its own.
  const bool is_sum = trace.wraps_call[i] != 0;
  summary.health.rolled_up_calls += is_sum && span.has_usage && span.usage.total() > 0;
  summary.computed_costs += !is_sum && spend.source == CostSource::kComputed;
  if (spend.source == CostSource::kReported) {
    summary.reported_costs += !is_sum;
    summary.cost_mismatches += spend.nano_usd == span.cost_nano_usd && span.computed_nano_usd > 0 &&
                               CostsDiffer(span.cost_nano_usd, span.computed_nano_usd);
  }
  if (spend.usage.total() > 0 && span.cache_rule < summary.cache_rules.size()) {
    ++summary.cache_rules[span.cache_rule];
  }
}

// The root's own text, else the earliest one.
std::string FirstText(const Trace& trace, StringId SpanFacts::*field) {
  if (trace.root != -1 && trace.spans[trace.root].*field != 0) {
    return std::string(trace.Text(trace.spans[trace.root].*field));
  }
  for (const SpanFacts& span : trace.spans) {
    if (span.*field != 0) return std::string(trace.Text(span.*field));
  }
  return {};
}

void AddDimensions(const Trace& trace, TraceSummary& summary) {
  summary.project = trace.project;
  summary.trace_id = trace.trace_id;
  if (trace.root != -1) summary.name = trace.Text(trace.spans[trace.root].name);
  summary.service = FirstText(trace, &SpanFacts::service);
  summary.version = FirstText(trace, &SpanFacts::version);
  summary.environment = FirstText(trace, &SpanFacts::environment);
  summary.session = FirstText(trace, &SpanFacts::session);
  summary.user = FirstText(trace, &SpanFacts::user);
  summary.task = FirstText(trace, &SpanFacts::task);
}

void AddCounts(const Trace& trace, TraceSummary& summary) {
  summary.health = trace.health;
  WordSet agents, models, tools, tags;
  for (const Scope& scope : trace.scopes) {
    agents.Add(scope.agent);
    summary.steps += static_cast<std::int32_t>(scope.steps.size());
    for (const SpanIndex step : scope.steps) {
      const SpanFacts& span = trace.spans[step];
      const bool is_llm = span.kind == Kind::kLlm;
      const bool asks = span.tool_call_count > 0;
      summary.health.llm_without_messages +=
          is_llm && span.prompt == 0 && !span.has_output && !asks;
      summary.health.calls_without_definitions += is_llm && asks && !span.has_tool_definitions;
      summary.llm_calls += is_llm;
      summary.tool_calls += !is_llm;
    }
  }
  for (std::size_t i = 0; i < trace.spans.size(); ++i) {
    const SpanFacts& span = trace.spans[i];
    agents.Add(span.agent);
    models.Add(span.model);
    tools.Add(span.tool);
    tags.Add(span.tags);
    if (span.start_ns > 0 && (summary.start_ns == 0 || span.start_ns < summary.start_ns)) {
      summary.start_ns = span.start_ns;
    }
    // An end that is implausible for the span is not used for the trace either.
    const bool ends = span.start_ns == 0 || PlausibleNs(span.start_ns, span.end_ns) >= 0;
    const bool lacks_times = LacksTimes(span);
    const std::int64_t started_ns = lacks_times ? 0 : span.start_ns;
    summary.end_ns = std::max({summary.end_ns, started_ns, ends ? span.end_ns : 0});
    summary.health.spans_without_times += lacks_times;
    summary.failed_spans += span.failed;
    summary.health.unknown_convention += span.convention == 0;
    summary.health.clipped_spans += span.clipped;
    summary.health.redacted_secrets += span.redactions;
    summary.health.tools_named_by_span += span.tool_named_by_span;
    AddSpend(trace, static_cast<SpanIndex>(i), summary);
  }
  summary.span_count = static_cast<std::int32_t>(trace.spans.size());
  summary.root_ended = trace.root_ended;
  summary.agents = agents.Texts(trace);
  summary.models = models.Texts(trace);
  summary.tools = tools.Texts(trace);
  for (const std::string& text : tags.Texts(trace)) AddTags(text, summary.tags);
  std::sort(summary.tags.begin(), summary.tags.end());
  summary.tags.erase(std::unique(summary.tags.begin(), summary.tags.end()), summary.tags.end());
}

// The findings of one failure mode.
struct Hit {
  const TraceDetector* detector = nullptr;  // of AllTraceDetectors()
  ModeId mode = 0;
  Finding finding;
};

std::vector<Hit> RunDetectors(const Trace& trace, bool has_ended, TraceSummary& summary) {
  std::vector<Hit> hits;
  std::vector<Finding> found;
  for (const TraceDetector& detector : AllTraceDetectors()) {
    const bool may_judge = !detector.end_of_run || has_ended;
    if (detector.measure != nullptr && may_judge) {
      const std::size_t before = summary.measures.size();
      detector.measure(trace, summary.measures);
      for (std::size_t i = before; i < summary.measures.size(); ++i) {
        summary.measures[i].detector = detector.id;
      }
    }
    if (!detector.eligible(trace)) continue;
    summary.eligible |= std::uint64_t{1} << detector.id;
    if (!may_judge) continue;
    found.clear();
    detector.find(trace, found);
    for (Finding& finding : found) {
      const ModeId mode = MakeModeId(detector.name, finding.locus, finding.signature);
      hits.push_back({&detector, mode, std::move(finding)});
    }
  }
  std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
    return std::tie(a.detector->id, a.mode) < std::tie(b.detector->id, b.mode);
  });

  std::vector<Hit> merged;
  for (Hit& hit : hits) {
    if (merged.empty() || merged.back().detector != hit.detector ||
        merged.back().mode != hit.mode) {
      merged.push_back(std::move(hit));
      continue;
    }
    Finding& into = merged.back().finding;
    const Finding& from = hit.finding;
    into.spans.insert(into.spans.end(), from.spans.begin(), from.spans.end());
    into.wasted.insert(into.wasted.end(), from.wasted.begin(), from.wasted.end());
    into.wasted_gap_ns += from.wasted_gap_ns;
    into.late_ns += from.late_ns;
    into.carried.insert(into.carried.end(), from.carried.begin(), from.carried.end());
    into.occurrences += from.occurrences;
    if (into.evidence.empty()) into.evidence = from.evidence;
    if (into.tag.empty()) into.tag = from.tag;
  }
  return merged;
}

// Spans whose findings are not independent of the outcome: those that decided it, and failed ones
// below a deciding span that only repeats their error.
std::vector<std::uint8_t> DecidingSpans(const Trace& trace, const Verdict& verdict) {
  enum : std::uint8_t { kUnknown, kNotBelow, kBelow };
  const std::size_t size = trace.spans.size();
  std::vector<std::uint8_t> deciding(size, 0), below(size, kUnknown);
  bool echoes = false;
  for (const SpanIndex by : verdict.by) {
    deciding[by] = 1;
    if (!trace.spans[by].failed || trace.error_root[by]) continue;
    below[by] = kBelow;
    echoes = true;
  }
  if (!echoes) return deciding;
  std::vector<SpanIndex> path;
  for (std::size_t start = 0; start < size; ++start) {
    SpanIndex i = static_cast<SpanIndex>(start);
    for (path.clear(); i != -1 && below[i] == kUnknown; i = trace.parent[i]) path.push_back(i);
    const std::uint8_t found = i == -1 ? std::uint8_t{kNotBelow} : below[i];
    for (const SpanIndex passed : path) below[passed] = found;
    if (found == kBelow && trace.spans[start].failed) deciding[start] = 1;
  }
  return deciding;
}

StoredFinding Stored(const Trace& trace, const std::vector<std::uint8_t>& deciding, Hit&& hit,
                     const Waste& waste) {
  Finding& finding = hit.finding;
  StoredFinding stored;
  stored.mode = hit.mode;
  stored.detector = hit.detector->id;
  stored.signature_kind = hit.detector->signature;
  stored.opportunity = hit.finding.opportunity;
  stored.condition = hit.finding.condition;
  stored.value = hit.finding.value;
  stored.limit = hit.finding.limit;
  if (stored.condition == Condition::kOverMedian) {
    stored.at_ns = trace.spans[finding.spans.front()].start_ns;
  }
  stored.confidence = hit.detector->confidence;
  stored.occurrences = finding.occurrences;
  stored.waste = waste;
  const auto is_evaluator = [&](SpanIndex i) { return trace.spans[i].kind == Kind::kEvaluator; };
  if (std::all_of(finding.spans.begin(), finding.spans.end(), is_evaluator)) {
    stored.decided = StoredFinding::Decided::kByEvaluator;
  } else if (std::any_of(finding.spans.begin(), finding.spans.end(),
                         [&](SpanIndex i) { return deciding[i] != 0; })) {
    stored.decided = StoredFinding::Decided::kBySpan;
  }
  const auto id_of = [&](SpanIndex i) { return std::string(trace.Text(trace.spans[i].span_id)); };
  for (std::size_t i = 0; i < std::min(finding.spans.size(), kMostEvidence); ++i) {
    stored.span_ids.push_back(id_of(finding.spans[i]));
  }
  for (std::size_t i = 0; i < std::min(finding.evidence.size(), kMostEvidence); ++i) {
    Evidence& one = finding.evidence[i];
    std::string path =
        one.place.empty() ? std::string(trace.Text(one.quote.path)) : std::move(one.place);
    stored.evidence.push_back(
        {one.role, {id_of(one.span), std::move(path), one.quote.offset, one.quote.length}});
  }
  stored.locus = std::move(finding.locus);
  stored.signature = std::move(finding.signature);
  stored.tag = std::move(finding.tag);
  return stored;
}

// Whether a success was stated explicitly. Such a run was not lost, however it ended.
bool SaysSuccess(const Verdict& verdict) {
  return verdict.outcome == Outcome::kSuccess && verdict.rule > OutcomeRule::kRootStatus;
}

// Whether only the status of the root says that the run succeeded, although it ended without an
// answer. Some frameworks close the root with OK at a limit of steps.
bool BrokeOff(const Trace& trace, const Verdict& verdict, const std::vector<Hit>& hits) {
  if (verdict.outcome != Outcome::kSuccess || SaysSuccess(verdict)) return false;
  const SpanIndex last = FindRunEnd(trace).last_step;
  return std::any_of(hits.begin(), hits.end(), [&](const Hit& hit) {
    const SpanIndex at = hit.finding.spans.front();
    return hit.detector->loses_run && (at == trace.root || at == last);
  });
}

struct SharedWaste {
  std::vector<Waste> by_hit, by_span;
};

// Findings claim in the order of the detectors, candidates after all others; the remaining spend of
// a lost run comes last, and never goes to a candidate.
SharedWaste ShareWaste(const Trace& trace, const Verdict& verdict, bool has_ended,
                       const std::vector<Hit>& hits) {
  std::vector<std::size_t> owners(hits.size());
  std::iota(owners.begin(), owners.end(), 0);
  const auto is_candidate = [&](std::size_t h) {
    return hits[h].detector->confidence == Confidence::kCandidate;
  };
  std::stable_sort(owners.begin(), owners.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(is_candidate(a), hits[a].detector) <
           std::pair(is_candidate(b), hits[b].detector);
  });
  // Whether a finding holds only if other runs confirm it, the spans of one run cannot say.
  const auto is_sure = [&](std::size_t h) {
    return !is_candidate(h) && hits[h].finding.condition == Condition::kNone;
  };
  WasteLedger ledger(trace);
  SharedWaste shared;
  shared.by_hit.resize(hits.size());
  for (const std::size_t h : owners) {
    shared.by_hit[h] = ledger.Claim(hits[h].finding, is_sure(h));
  }
  if (has_ended && !SaysSuccess(verdict)) {
    std::vector<FoundBy> found;
    for (const Hit& hit : hits) found.push_back({hit.detector, &hit.finding});
    const std::optional<std::size_t> owner = OwnerOfLostRun(trace, found);
    if (owner) shared.by_hit[*owner] += ledger.ClaimRest(is_sure(*owner));
  }
  shared.by_span = ledger.by_span();
  return shared;
}

}  // namespace

TraceSummary AnalyseTrace(const Trace& trace, bool has_ended) {
  TraceSummary summary;
  AddDimensions(trace, summary);
  AddCounts(trace, summary);
  CountToolCalls(trace, summary);
  CountReading(trace, summary);
  summary.behaviours = FindBehaviours(trace, summary);
  summary.slow_spots = FindSlowSpots(trace);

  std::vector<Hit> hits = RunDetectors(trace, has_ended, summary);
  Verdict verdict = Decide(trace);
  if (BrokeOff(trace, verdict, hits)) verdict = {};
  summary.outcome = verdict.outcome;
  summary.outcome_rule = verdict.rule;
  const SharedWaste waste = ShareWaste(trace, verdict, has_ended, hits);
  summary.operations = RollUp(trace, waste.by_span);
  if (hits.empty()) return summary;
  const std::vector<std::uint8_t> deciding = DecidingSpans(trace, verdict);
  std::vector<FindingPlace> places;
  for (const Hit& hit : hits) {
    places.push_back(
        {&hit.finding, static_cast<std::size_t>(hit.detector - AllTraceDetectors().data())});
  }
  std::vector<std::vector<std::uint32_t>> mates = FindTurnMates(trace, places);
  for (std::size_t h = 0; h < hits.size(); ++h) {
    summary.findings.push_back(Stored(trace, deciding, std::move(hits[h]), waste.by_hit[h]));
    summary.findings.back().lies_in = std::move(mates[h]);
  }
  return summary;
}

}  // namespace halo
