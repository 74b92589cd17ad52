// SPDX-License-Identifier: MIT
// From the engine's records to those of the answers: units changed, names made safe. Any thread.
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

std::string_view UnitName(Unit unit);  // "trace", "session"
std::string_view SeverityName(Severity severity);
wire::Status ToWire(TriageStatus status);
std::string_view StatusName(TriageStatus status);

wire::Locus ToWire(const Locus& locus);
wire::Tokens ToWire(const TokenUsage& usage);
wire::Wasted ToWire(const Waste& waste);
// "$0.0042, 330 tokens, 1.2 s"; what nobody counted or priced is called so.
std::string WasteText(const wire::Wasted& wasted);
// A cost; nothing where no part of it is known.
std::optional<std::int64_t> KnownMicroUsd(std::int64_t nano_usd, const UnknownCost& unknown);
wire::Outcomes ToWireOutcomes(const OverviewStats& stats);
wire::TraceHead ToWireHead(const TraceSummary& summary, bool settled);

// Without its quote. In the unit of the question.
wire::ModeRow ToWire(const RankedMode& mode, Unit unit);

// "tool in agent", whatever is known of it.
Prose LocusText(const Locus& locus);

// The mode's finding in one of its traces; nullptr if the trace has changed since.
const StoredFinding* FindingOf(const TraceSummary& summary, ModeId mode);

// `tool {"key":"id","more":...}` for the calls that an answer suggests. Nothing is added where the
// id is more than an id: whoever copies a call must not copy a sentence with it.
void AddCall(std::vector<Words>& calls, std::string_view tool, std::string_view key,
             const TraceId& id, std::string_view more = {});

// At most `max_bytes` of the quote; nullopt if the payload no longer has it.
std::optional<wire::Quote> FetchQuote(Engine& engine, const TraceReading& reading,
                                      const StoredQuote& quote, std::size_t max_bytes);
std::optional<wire::Quote> FetchQuote(Engine& engine, const TraceReading& reading, SpanIndex span,
                                      const QuoteRef& quote, std::size_t max_bytes);

// The span of that id, -1 if the trace has none.
SpanIndex IndexOfSpan(const Trace& trace, std::string_view span_id);

// What is not followed or not stored, since when and why.
Prose TroubleSentence(const FollowTrouble& trouble);
// The same on one line for a log or a terminal.
std::string TroubleLine(const FollowTrouble& trouble);

// Warnings that go with every answer: analysis under way, judged by other rules.
std::vector<Prose> ProvenanceNotes(Engine& engine);
// What a damaged store lacks, in one sentence.
Prose DamageNote(std::span<const StoreDamage> damage);

// "Outcomes: label 120, none 80." in words: how the outcomes of the runs were decided.
std::string OutcomesSentence(const OverviewStats& stats, Unit unit);

}  // namespace halo
