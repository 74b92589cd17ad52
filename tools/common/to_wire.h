// SPDX-License-Identifier: MIT
// Converts the engine's records to those of answers: units, and types that make names safe. Any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "schemas/common.h"
#include "schemas/explain_trace.h"
#include "tools/answer/phrases.h"

namespace halo {

inline std::int64_t MicroUsd(std::int64_t nano_usd) {
  return (nano_usd + (nano_usd < 0 ? -500 : 500)) / 1000;
}
inline std::int64_t Ms(std::int64_t ns) { return (ns + (ns < 0 ? -500'000 : 500'000)) / 1'000'000; }

std::string_view UnitName(Unit unit);  // "trace", "turn", "session"; "run" if projects differ
// What to do where an emitter seems to write one trace per model call; empty if it does not.
std::string UnitAdvice(const OverviewStats& stats);
// What was chosen where the data decides what a run is, and how to choose otherwise; empty if that
// is the trace.
Prose UnitChoice(const OverviewStats& stats);
std::string_view SeverityName(Severity severity);
wire::Status ToWire(TriageStatus status);
wire::Confidence ToWire(Confidence confidence);
std::string_view StatusName(TriageStatus status);

wire::Locus ToWire(const Locus& locus);
wire::Tokens ToWire(const TokenUsage& usage);
wire::Wasted ToWire(const Waste& waste);
// "$0.0042, 330 tokens, 1.2 s"; an amount that was not reported or not priced is named as such.
std::string WasteText(const wire::Wasted& wasted);
// The cost in micro-USD; nullopt if no part of it is known.
std::optional<std::int64_t> KnownMicroUsd(std::int64_t nano_usd, const UnknownCost& unknown);
wire::Outcomes ToWireOutcomes(const OverviewStats& stats);
wire::TraceHead ToWireHead(const TraceSummary& summary, bool settled);

// Without the quote. `unit` is that of the question.
wire::ModeRow ToWire(const RankedMode& mode, Unit unit);

// How failed and passed runs compare in showing the mode; empty if that is not known. That passed
// runs show it as often comes first.
std::string OutcomeNote(const RankedMode& mode);

// "tool in agent", or the parts of it that are known.
Prose LocusText(const Locus& locus);

// The mode's finding in one of its traces; nullptr if the trace has changed since.
const StoredFinding* FindingOf(const TraceSummary& summary, const ModeStats& entry);

// Adds `tool {"key":"id","more":...}` to the calls that an answer suggests, unless the id is not a
// plain one: models copy these calls, and must not copy a sentence from a trace with them.
void AddCall(std::vector<Words>& calls, std::string_view tool, std::string_view key,
             const TraceId& id, std::string_view more = {});

// At most `max_bytes` of the quote; nullopt if the payload no longer contains it.
std::optional<wire::Quote> FetchQuote(Engine& engine, const TraceReading& reading,
                                      const StoredQuote& quote, std::size_t max_bytes);
// The evidence of a finding along its turn, in the order in which it is read.
std::vector<wire::Evidence> FetchEvidence(Engine& engine, const TraceReading& reading,
                                          const StoredFinding& finding, std::size_t max_bytes);
std::optional<wire::Quote> FetchQuote(Engine& engine, const TraceReading& reading, SpanIndex span,
                                      const QuoteRef& quote, std::size_t max_bytes);

// The span with that id, or -1.
SpanIndex IndexOfSpan(const Trace& trace, std::string_view span_id);

// Says what is not followed or not stored, since when and why.
Prose TroubleSentence(const FollowTrouble& trouble);
// The same on one line for a log or a terminal.
std::string TroubleLine(const FollowTrouble& trouble);

// The first part that was rejected for this reason: where it stands, if in a file, and what it is.
std::string RejectText(const RejectCount& reject);

// Warnings for every answer: runs judged by other rules, damage of the store, traces that wait for
// their analysis, and problems with followed files.
std::vector<Prose> ProvenanceNotes(Engine& engine);
// One sentence on what a damaged store has lost.
Prose DamageNote(std::span<const StoreDamage> damage);

// A sentence on how the outcomes of the runs were decided.
std::string OutcomesSentence(const OverviewStats& stats, Unit unit);

}  // namespace halo
