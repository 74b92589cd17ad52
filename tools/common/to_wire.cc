// SPDX-License-Identifier: MIT
#include "tools/common/to_wire.h"

#include <algorithm>
#include <array>

#include "engine/analysis/review_book.h"
#include "engine/analysis/trend.h"
#include "engine/detectors/all_detectors.h"
#include "tools/answer/phrases.h"
#include "tools/common/time_text.h"

namespace halo {
namespace {

constexpr std::size_t kNotedTroubles = 3;
constexpr const char* kTriedAgain = ". halo-mcp keeps trying.";

std::string_view Follower(const FollowTrouble& trouble) {
  if (!trouble.by_another) return "";
  return trouble.path.empty() ? " by another process that follows them" : " by another process";
}

std::optional<wire::Association> ToWireAssociation(const ModeStats& stats) {
  wire::Association sum;
  for (const OutcomeTable& table : stats.outcomes) {
    sum.failed_with += table.mode_failure;
    sum.runs_with += table.mode_failure + table.mode_success;
    sum.failed_without += table.other_failure;
    sum.runs_without += table.other_failure + table.other_success;
  }
  if (sum.runs_with + sum.runs_without == 0) return std::nullopt;
  return sum;
}

// Appends the first names to `out`; returns how many more there are.
std::int64_t FirstNames(const std::vector<std::string>& names, std::size_t most,
                        std::vector<TraceName>& out) {
  const std::size_t shown = std::min(most, names.size());
  for (std::size_t i = 0; i < shown; ++i) out.emplace_back(names[i]);
  return static_cast<std::int64_t>(names.size() - shown);
}

// `span` is the one that contains the quote; -1: none does.
std::optional<wire::Quote> QuoteAt(Engine& engine, const TraceReading& reading, SpanIndex span,
                                   const StoredQuote& quote, std::size_t max_bytes) {
  if (quote.path.empty() || span < 0) return std::nullopt;
  const std::array<SpanIndex, 1> wanted = {span};
  const Result<std::vector<OwnedSpan>> stored = engine.ReadSpans(reading, wanted);
  if (!stored || stored->empty()) return std::nullopt;
  const std::optional<Value> value = ValueAt(stored->front().span(), quote.path);
  if (!value || !value->has_text() || quote.offset >= value->text.size()) return std::nullopt;
  const std::string_view text = value->text.substr(quote.offset, quote.length);
  if (text.empty()) return std::nullopt;
  const std::string_view shown = CutText(text, max_bytes);
  return wire::Quote{TraceId(reading.trace.trace_id), TraceId(quote.span_id), TraceId(quote.path),
                     TraceText(shown, shown.size()), quote.offset};
}

}  // namespace

std::string_view UnitName(Unit unit) {
  switch (unit) {
    case Unit::kAuto:
      return "run";
    case Unit::kTurn:
      return "turn";
    case Unit::kSession:
      return "session";
    case Unit::kTrace:
      break;
  }
  return "trace";
}

std::string UnitAdvice(const OverviewStats& stats) {
  const bool tiny = stats.llm_calls <= stats.traces + stats.traces / 5;
  const bool grouped = stats.sessions > 0 && stats.traces >= 2 * stats.sessions;
  // Of spans that are not understood it is not known whether they call a model.
  const bool understood = 2 * stats.health.unknown_convention <= stats.spans;
  if (stats.unit != Unit::kTrace || !tiny || !grouped || !understood) return {};
  return Cat(Plural(stats.traces, "trace"), " in ", Plural(stats.sessions, "session"),
             ", with hardly more than one model call per trace: a run seems to be a session. Set "
             "unit = \"session\" in halo.toml, or PROJECT = \"session\" under [units], and run "
             "halo-mcp reanalyse --config halo.toml");
}

Prose UnitChoice(const OverviewStats& stats) {
  constexpr std::size_t kMaxNames = 5;
  Prose text;
  for (const Unit unit : {Unit::kTurn, Unit::kSession}) {
    std::size_t count = 0;
    for (const auto& [name, found] : stats.found_units) {
      if (found != unit || ++count > kMaxNames) continue;
      text.Add(count > 1 ? ", " : text.empty() ? "In " : " In ", TraceName(name));
    }
    if (count == 0) continue;
    if (count > kMaxNames) text.Add(Cat(" and ", count - kMaxNames, " more"));
    text.Add(
        unit == Unit::kTurn
            ? ", a turn counts as one run: traces without an agent or a call are the "
              "emitter's own work."
            : ", a session counts as one run: its traces hold hardly more than one call each.");
  }
  if (text.empty()) return text;
  text.Add(
      " To count otherwise, set unit = \"trace\", \"turn\" or \"session\" in halo.toml, or PROJECT "
      "= \"...\" under [units], and run halo-mcp reanalyse --config halo.toml.");
  return text;
}

std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kLow:
      return "low";
    case Severity::kMedium:
      return "medium";
    case Severity::kHigh:
      break;
  }
  return "high";
}

wire::Status ToWire(TriageStatus status) {
  switch (status) {
    case TriageStatus::kAccepted:
      return wire::Status::kAccepted;
    case TriageStatus::kIgnored:
      return wire::Status::kIgnored;
    case TriageStatus::kOpen:
      break;
  }
  return wire::Status::kOpen;
}

wire::Confidence ToWire(Confidence confidence) {
  switch (confidence) {
    case Confidence::kProven:
      return wire::Confidence::kProven;
    case Confidence::kLikely:
      return wire::Confidence::kLikely;
    case Confidence::kCandidate:
      break;
  }
  return wire::Confidence::kCandidate;
}

std::string_view StatusName(TriageStatus status) {
  for (const auto& name : Names(wire::Status{})) {
    if (name.value == ToWire(status)) return name.text;
  }
  return {};
}

wire::Locus ToWire(const Locus& locus) {
  return {TraceName(locus.agent), TraceName(locus.tool), TraceName(locus.span_name)};
}

wire::Tokens ToWire(const TokenUsage& usage) {
  return {usage.total(),    usage.input,       usage.output,
          usage.cache_read, usage.cache_write, usage.reasoning};
}

wire::Wasted ToWire(const Waste& waste) {
  wire::Wasted out;
  if (waste.tokens != kUnknownAmount) out.tokens = waste.tokens;
  if (waste.nano_usd != kUnknownAmount) out.micro_usd = MicroUsd(waste.nano_usd);
  if (waste.critical_ns != kUnknownAmount) out.ms = Ms(waste.critical_ns);
  return out;
}

std::string WasteText(const wire::Wasted& wasted) {
  const std::string time =
      wasted.ms ? DurationText(*wasted.ms * 1'000'000) : std::string("unknown time");
  if (!wasted.tokens && !wasted.micro_usd) return Cat("unknown usage, ", time);
  const std::string tokens =
      wasted.tokens ? Plural(*wasted.tokens, "token") : std::string("unknown tokens");
  if (!wasted.micro_usd) return Cat(tokens, " (unpriced), ", time);
  return Cat(UsdText(*wasted.micro_usd * 1000), ", ", tokens, ", ", time);
}

std::optional<std::int64_t> KnownMicroUsd(std::int64_t nano_usd, const UnknownCost& unknown) {
  const bool known = nano_usd > 0 || unknown.unpriced_calls + unknown.calls_without_usage == 0;
  return known ? std::optional(MicroUsd(nano_usd)) : std::nullopt;
}

wire::Outcomes ToWireOutcomes(const OverviewStats& stats) {
  const auto count = [&](Outcome outcome) {
    return stats.outcomes[static_cast<std::size_t>(outcome)];
  };
  wire::Outcomes out{
      count(Outcome::kSuccess), count(Outcome::kFailure), count(Outcome::kUnknown), {}};
  for (std::size_t rule = 1; rule < stats.outcome_rules.size(); ++rule) {
    if (stats.outcome_rules[rule] == 0) continue;
    out.decided_by.emplace(OutcomeRuleName(static_cast<OutcomeRule>(rule)),
                           stats.outcome_rules[rule]);
  }
  return out;
}

wire::TraceHead ToWireHead(const TraceSummary& summary, bool settled) {
  wire::TraceHead head;
  head.id = TraceId(summary.trace_id);
  head.project = TraceName(summary.project);
  head.name = TraceName(summary.name);
  head.session = TraceName(summary.session);
  head.task = TraceName(summary.task);
  head.version = TraceName(summary.version);
  head.started = TimeText(summary.start_ns);
  head.outcome = Words(OutcomeName(summary.outcome));
  head.outcome_decided_by = Words(OutcomeRuleName(summary.outcome_rule));
  const std::int64_t length_ns = PlausibleNs(summary.start_ns, summary.end_ns);
  if (length_ns >= 0) head.duration_ms = Ms(length_ns);
  head.spans = summary.span_count;
  head.llm_calls = summary.llm_calls;
  head.tool_calls = summary.tool_calls;
  head.steps = summary.steps;
  head.failed_spans = summary.failed_spans;
  head.settled = settled;
  head.more_agents = FirstNames(summary.agents, 6, head.agents);
  head.more_models = FirstNames(summary.models, 6, head.models);
  return head;
}

namespace {

constexpr std::size_t kMembers = 5;  // of an entry, of each sort
constexpr std::size_t kMemberSignature = 120;

Prose EligibleLabel(const RankedMode& mode) {
  const ModeStats& stats = mode.stats;
  if (mode.detector == kReviewedDetector) return "runs drawn at random and read";
  switch (stats.eligible_by) {
    case EligibleBy::kTool:
      return Say("runs that call ", TraceName(stats.locus.tool));
    case EligibleBy::kSpan:
      return Say("runs with ", TraceName(stats.locus.span_name));
    case EligibleBy::kAgent:
      return stats.locus.agent.empty() ? Prose("runs of this agent")
                                       : Say("runs of ", TraceName(stats.locus.agent));
    case EligibleBy::kAll:
      break;
  }
  return "all runs";
}

// Effects are told apart by their detector, variants by their words.
std::int64_t AddMembers(const std::vector<ModeMember>& members, std::uint8_t detector,
                        std::vector<wire::ModeRow::Member>& out) {
  std::int64_t more = 0;
  for (const ModeMember& member : members) {
    if (member.traces == 0) continue;
    if (out.size() == kMembers) {
      ++more;
      continue;
    }
    wire::ModeRow::Member& row = out.emplace_back();
    row.id = ModeIdText(member.id);
    const TraceDetector* const found = FindTraceDetector(member.detector);
    if (found && member.detector != detector) row.detector = Words(found->name);
    row.signature = TraceText(member.signature, kMemberSignature);
    row.traces = member.traces;
  }
  return more;
}

}  // namespace

std::string OutcomeNote(const RankedMode& mode) {
  const OutcomeCounts counts = OutcomeCountsOf(mode.stats);
  const std::string numbers = Cat(counts.failed_with, " of ", Plural(counts.failed, "failed run"),
                                  " and ", counts.passed_with, " of ", counts.passed, " passed");
  switch (mode.link) {
    case OutcomeLink::kAsOften:
      return Cat("Passed runs show it as often as failed ones: ", numbers, ".");
    case OutcomeLink::kFailedMore:
      return Cat("Failed runs show it more often: ", numbers, ".");
    case OutcomeLink::kUnclear:
      return Cat("Shown by ", numbers, ": a difference that chance can explain.");
    case OutcomeLink::kUnknown:
      break;
  }
  return {};
}

wire::ModeRow ToWire(const RankedMode& mode, Unit unit) {
  const ModeStats& stats = mode.stats;
  wire::ModeRow row;
  row.id = ModeIdText(stats.id);
  row.title = mode.title;
  row.note = OutcomeNote(mode);
  row.confidence = ToWire(mode.confidence);
  row.detector = Words(mode.detector);
  row.category = Words(mode.category);
  row.severity = Words(SeverityName(mode.severity));
  if (!mode.refusal) row.transport = TraceName(stats.tag);
  row.locus = ToWire(stats.locus);
  row.signature = TraceText(stats.signature, 240);
  row.generality = Words(GeneralityName(mode.generality));
  row.trend = Words(TrendName(TrendOf(stats)));
  row.status = Words(StatusName(mode.triage.status));
  row.traces = stats.traces;
  row.eligible_traces = stats.eligible_units;
  row.eligible_label = EligibleLabel(mode);
  row.more_variants = AddMembers(stats.variants, stats.detector, row.variants);
  row.more_effects = AddMembers(stats.effects, stats.detector, row.effects);
  if (unit == Unit::kSession || unit == Unit::kAuto) row.runs = stats.units;
  if (mode.detector != kReviewedDetector || stats.eligible_units > 0) {
    row.rate = mode.rate.value;
    row.rate_low = mode.rate.low;
    row.rate_high = mode.rate.high;
  }
  row.occurrences = stats.occurrences;
  row.tasks = stats.tasks;
  row.sessions = stats.sessions;
  row.wasted = ToWire(stats.waste);
  row.score = mode.score;
  row.factors.share_low = mode.share.low;
  row.factors.outcome_factor = mode.outcome_factor;
  (mode.waste_unit == WasteUnit::kUsd      ? row.factors.median_waste_usd
   : mode.waste_unit == WasteUnit::kTokens ? row.factors.median_waste_tokens
                                           : row.factors.median_waste_ms) = mode.waste;
  row.association = ToWireAssociation(stats);
  row.last_seen = TimeText(stats.last_ns);
  return row;
}

Prose LocusText(const Locus& locus) {
  const TraceName place(locus.tool.empty() ? locus.span_name : locus.tool);
  if (locus.agent.empty()) return place.empty() ? Prose("the trace itself") : Say(place);
  return place.empty() ? Say("agent ", TraceName(locus.agent))
                       : Say(place, " in agent ", TraceName(locus.agent));
}

void AddCall(std::vector<Words>& calls, std::string_view tool, std::string_view key,
             const TraceId& id, std::string_view more) {
  if (!IsPlainId(id.raw())) return;
  calls.push_back(Cat(tool, " {\"", key, "\":\"", id.raw(), "\"", more, "}"));
}

const StoredFinding* FindingOf(const TraceSummary& summary, const ModeStats& entry) {
  const auto of = [&](ModeId mode) -> const StoredFinding* {
    const auto found =
        std::find_if(summary.findings.begin(), summary.findings.end(),
                     [mode](const StoredFinding& finding) { return finding.mode == mode; });
    return found == summary.findings.end() ? nullptr : &*found;
  };
  const StoredFinding* finding = of(entry.id);
  for (const auto* const members : {&entry.variants, &entry.effects}) {
    for (const ModeMember& member : *members) {
      if (finding == nullptr) finding = of(member.id);
    }
  }
  return finding;
}

SpanIndex IndexOfSpan(const Trace& trace, std::string_view span_id) {
  const std::optional<StringId> id = trace.words->Find(span_id);
  if (!id) return -1;
  for (std::size_t i = 0; i < trace.spans.size(); ++i) {
    if (trace.spans[i].span_id == *id) return static_cast<SpanIndex>(i);
  }
  return -1;
}

std::optional<wire::Quote> FetchQuote(Engine& engine, const TraceReading& reading,
                                      const StoredQuote& quote, std::size_t max_bytes) {
  return QuoteAt(engine, reading, IndexOfSpan(reading.trace, quote.span_id), quote, max_bytes);
}

std::optional<wire::Quote> FetchQuote(Engine& engine, const TraceReading& reading, SpanIndex span,
                                      const QuoteRef& quote, std::size_t max_bytes) {
  const Trace& trace = reading.trace;
  const SpanFacts& facts = trace.spans[static_cast<std::size_t>(span)];
  return QuoteAt(engine, reading, span,
                 {std::string(trace.Text(facts.span_id)), std::string(trace.Text(quote.path)),
                  quote.offset, quote.length},
                 max_bytes);
}

std::vector<wire::Evidence> FetchEvidence(Engine& engine, const TraceReading& reading,
                                          const StoredFinding& finding, std::size_t max_bytes) {
  std::vector<wire::Evidence> out;
  const Result<std::vector<ShownEvidence>> shown =
      engine.ReadEvidence(reading, finding.evidence, max_bytes);
  if (!shown) return out;
  for (const ShownEvidence& one : *shown) {
    out.push_back({Words(EvidenceRoleName(one.role)), TraceId(one.span_id), TraceId(one.path),
                   one.offset, TraceText(one.text, one.text.size())});
  }
  return out;
}

Prose DamageNote(std::span<const StoreDamage> damage) {
  Prose text = "The store is damaged; lost data is missing from this answer: ";
  for (std::size_t i = 0; i < damage.size(); ++i) {
    text.Add(i > 0 ? "; " : "", damage[i].count, " ", Words(damage[i].part), " (",
             TraceText(damage[i].detail, 200), ")");
  }
  return text.Add(". `halo-mcp doctor --repair` and then ingesting the same files repairs it.");
}

Prose TroubleSentence(const FollowTrouble& trouble) {
  const TraceText why(trouble.why, 300);
  return Say(trouble.path.empty() ? Prose("Followed traces have not been stored")
                                  : Say(TraceId(trouble.path), " has not been read"),
             Words(Follower(trouble)), " since ", TimeText(trouble.since_ns), ": ", why,
             kTriedAgain);
}

std::string TroubleLine(const FollowTrouble& trouble) {
  return Cat(trouble.path.empty() ? std::string("Followed traces have not been stored")
                                  : CleanName(trouble.path, 200) + " has not been read",
             Follower(trouble), " since ", TimeText(trouble.since_ns), ": ",
             CleanName(trouble.why, 300), kTriedAgain);
}

std::string RejectText(const RejectCount& reject) {
  if (reject.source.empty()) return reject.detail;  // it was received
  return Cat(reject.source, " at byte ", static_cast<std::int64_t>(reject.offset),
             reject.detail.empty() ? "" : ": ", reject.detail);
}

std::vector<Prose> ProvenanceNotes(Engine& engine) {
  std::vector<Prose> notes;
  const Result<Provenance> provenance = engine.CurrentProvenance();
  if (!provenance) return notes;
  if (!provenance->stamp_warning.empty()) {
    notes.push_back(Words(provenance->stamp_warning));
  }
  if (!provenance->damage.empty()) notes.push_back(DamageNote(provenance->damage));
  if (provenance->stale_traces > 0 && !provenance->stale_why.empty()) {
    notes.push_back(Say(Plural(provenance->stale_traces, "trace"),
                        " not yet analysed, so that they count as they were before: since ",
                        TimeText(provenance->stale_since_ns),
                        " nothing can be written to the store (",
                        TraceText(provenance->stale_why, 300), ")."));
  } else if (provenance->stale_traces > 0) {
    notes.push_back(Cat(Plural(provenance->stale_traces, "trace"),
                        " changed and will be analysed again; they count as they were."));
  }
  const std::vector<FollowTrouble>& troubles = provenance->following.troubles;
  for (std::size_t i = 0; i < std::min(troubles.size(), kNotedTroubles); ++i) {
    notes.push_back(TroubleSentence(troubles[i]));
  }
  return notes;
}

std::string OutcomesSentence(const OverviewStats& stats, Unit unit) {
  std::string out;
  for (std::size_t rule = 1; rule < stats.outcome_rules.size(); ++rule) {
    if (stats.outcome_rules[rule] == 0) continue;
    out.append(out.empty() ? "Outcomes were decided by " : ", ");
    out.append(OutcomeRuleName(static_cast<OutcomeRule>(rule)));
    out.append(Cat(" (", stats.outcome_rules[rule], ")"));
  }
  const std::int64_t unknown = stats.outcomes[static_cast<std::size_t>(Outcome::kUnknown)];
  if (out.empty())
    return "No rule could decide an outcome; label_runs sets those of runs that were checked.";
  out.append(".");
  if (unknown > 0) {
    out.append(Cat(" The outcome of ", Plural(unknown, UnitName(unit)), " is unknown."));
  }
  const auto rule = [&](OutcomeRule of) {
    return stats.outcome_rules[static_cast<std::size_t>(of)];
  };
  const std::int64_t known = stats.units - rule(OutcomeRule::kNone);
  if (rule(OutcomeRule::kRootStatus) == known) {
    out.append(
        " Such a success says that nothing crashed, not that the task was done: label_runs and "
        "review_runs know more.");
  }
  return out;
}

}  // namespace halo
