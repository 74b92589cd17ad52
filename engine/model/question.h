// SPDX-License-Identifier: MIT
// Queries over many traces, and their results. All sums are integers, so that results do not depend
// on the order of summation.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/model/cluster_count.h"
#include "engine/model/settle.h"
#include "engine/model/span.h"
#include "engine/model/trace_summary.h"
#include "engine/model/unit.h"

namespace halo {

struct TraceKey {
  std::string project;
  std::string trace_id;

  auto operator<=>(const TraceKey&) const = default;
};

// Selects traces. An absent member selects all; times refer to the start of the trace.
struct TraceFilter {
  std::optional<std::string> project, service, agent, model, tool, session, task, user;
  std::optional<std::string> environment, version, tag;
  std::optional<std::string> trace_id;  // of one trace, or the beginning of several ids
  std::optional<std::string> not_tool, not_agent;
  std::optional<std::string> ends_with_tool;         // the last tool that the run called
  std::vector<std::string> behaviours{};             // BehaviourText; all of them
  std::optional<std::int64_t> min_calls, max_calls;  // of `tool`, else of all tools
  std::optional<Outcome> outcome;
  std::optional<bool> has_error;
  std::optional<bool> no_mode;  // whether its run shows no failure mode that is proven or likely
  std::optional<ModeId> failure_mode;
  std::optional<std::int64_t> since_ns, until_ns;  // since <= start < until
  bool without_start = false;                      // only traces of which no time is known
  std::optional<std::int64_t> min_nano_usd, min_duration_ns;
  // If either is not empty, the project or the service must be among them.
  std::vector<std::string> bound_projects{}, bound_services{};
  // Not null: only these traces. The engine replaces a failure_mode that is a category of readers
  // by the traces in which they saw it.
  std::shared_ptr<const std::set<TraceKey>> among{};
};

// Detectors whose findings readers of a project called wrong more often than right: bits of
// TraceDetector::id, by project. In it their findings are candidates.
using DoubtedDetectors = std::map<std::string, std::uint64_t>;

struct Question {
  TraceFilter filter;
  std::shared_ptr<const DoubtedDetectors> doubted{};  // null: none; the engine sets it
  UnitRule units;
  std::int64_t now_ns = 0;  // determines which live traces have settled
  SettleRule settle{};
  std::stop_token stop{};  // a stopped query fails with kCancelled
};

struct NamedCount {
  std::string name;
  std::int64_t traces = 0;
  std::int64_t spans = 0;
};

// Per member, the median over the settled units in which it is positive; 0 if no unit has any.
struct TypicalRun {
  std::int64_t tokens = 0, nano_usd = 0, duration_ns = 0;
};

struct OverviewStats {
  std::int64_t traces = 0;  // settled or open
  std::int64_t open_traces = 0;
  std::int64_t abandoned_traces = 0;  // settled without an ended root
  // Spend of the open traces; included in the sums below.
  std::int64_t open_nano_usd = 0, open_unpriced_calls = 0, open_calls_without_usage = 0;
  TokenUsage open_usage;
  std::int64_t units = 0;    // settled ones
  Unit unit = Unit::kTrace;  // of all traces; kAuto: their projects differ
  // Services, or projects, of these traces for which the data chose (Unit::kAuto) another unit than
  // the trace.
  std::vector<std::pair<std::string, Unit>> found_units;
  std::int64_t spans = 0, sessions = 0;
  std::int64_t llm_calls = 0, tool_calls = 0, failed_spans = 0;
  TypicalRun typical_run;
  std::int64_t first_ns = 0, last_ns = 0;       // start of the first, end of the last trace
  std::array<std::int64_t, 3> outcomes{};       // settled units by Outcome
  std::int64_t failed_without_mode = 0;         // failed units that show no proven or likely mode
  std::int64_t units_without_tools = 0;         // settled units that call no tool
  std::array<std::int64_t, 5> outcome_rules{};  // settled units by OutcomeRule
  TokenUsage usage;
  std::int64_t nano_usd = 0;
  std::int64_t unpriced_calls = 0, reported_costs = 0, computed_costs = 0, cost_mismatches = 0;
  std::array<std::int64_t, kCacheRuleCount> cache_rules{};
  std::array<std::int64_t, kReadingCount> readings{};
  std::vector<NamedCount> agents, models, tools, services,
      projects;  // most traces first, then name
  // Spans by the convention that decided their kind, and by keys that no convention reads.
  std::vector<NamedCount> dialects, unread_keys;
  std::vector<std::string> unpriced_models;  // sorted
  HealthCounts health;
};

// Settled units with and without a mode, by outcome, within one stratum of trace length.
struct OutcomeTable {
  std::int64_t mode_failure = 0, mode_success = 0;
  std::int64_t other_failure = 0, other_success = 0;
};

// What made a run eligible.
enum class EligibleBy : std::uint8_t {
  kTool,   // the agent called the tool
  kSpan,   // a span of that name ran in the agent
  kAgent,  // the agent ran
  kAll,    // nothing more: the detector could judge it
};

// A failure mode that an entry holds besides the one that it is named after.
struct ModeMember {
  ModeId id = 0;
  std::uint8_t detector = 0;
  Locus locus;
  std::string signature;
  std::int64_t traces = 0;  // settled traces of the question that show it
};

// Statistics of one entry: of a failure mode, its variants and its effects. For ranking and
// display. Counts are over all of them, except that effects that are candidates count only for an
// entry that is one.
struct ModeStats {
  ModeId id = 0;  // of the mode, and its variants, seen first
  std::uint8_t detector = 0;
  Locus locus;
  std::string signature;
  std::string tag;                              // the most frequent one
  Confidence confidence = Confidence::kProven;  // of the defect's surest mode
  std::int64_t units = 0;                       // settled units that show it
  std::int64_t traces = 0;                      // settled traces that show it
  std::int64_t eligible_units = 0;              // settled units that could show it, see Opportunity
  // Of `units`: those for which the detectors say that they could not show it. 0 unless a detector
  // contradicts itself; they count as eligible.
  std::int64_t ineligible_units = 0;
  EligibleBy eligible_by = EligibleBy::kAll;
  // Units that share a task, else a session: all settled ones, and the eligible ones. Empty if
  // there is one in each.
  std::vector<ClusterCount> clusters, eligible_clusters;
  // Most traces first, then by id. Those that no trace of the question shows are included.
  std::vector<ModeMember> variants, effects;

  bool Holds(ModeId mode) const {
    const auto is = [mode](const ModeMember& member) { return member.id == mode; };
    return mode == id || std::any_of(variants.begin(), variants.end(), is) ||
           std::any_of(effects.begin(), effects.end(), is);
  }
  std::int64_t occurrences = 0;
  // Of long calls: in how many stretches of absolute time they fall, and how many of them fall in
  // the one that has most. One outage, or many; 0 for other modes.
  std::int64_t stretches = 0, largest_stretch = 0;
  Waste waste;   // sum over settled traces
  Waste median;  // per member, over the affected units for which it is known
  std::int64_t tasks = 0, sessions = 0, agents = 0, versions = 0;  // distinct known values
  std::int64_t first_ns = 0, last_ns = 0;  // starts of the first and last trace with it
  std::vector<std::pair<std::string, std::int64_t>> models;  // affected traces by model
  // Affected and all settled units, in 8 equal intervals from the first to the last start of the
  // selected settled units. Units without a time are not counted.
  std::array<std::int64_t, 8> trend{}, trend_all{};
  std::int64_t trend_from_ns = 0, trend_last_ns = 0, trend_part_ns = 1;
  // By trace length: up to 4 strata at the quartiles of the step count. Excludes units whose
  // outcome was decided by the finding's own spans.
  std::vector<OutcomeTable> outcomes;
  std::int64_t decided_units = 0;  // those excluded from `outcomes`
  // At most 5 traces, of different units, that differ in task, session and time; the most typical
  // one first.
  std::vector<TraceKey> examples;
};

enum class OperationGroup : std::uint8_t {
  kOperation,  // kind, agent, name, model and role of the call
  kModel,
  kTool,
  kAgent,
  kRole,    // what model calls are for
  kPrompt,  // how the prompts of model calls begin
  kTrace,
  kSession,
  kTask,
};

// Of spans, or of whole traces where they are grouped by trace, session or task.
struct OperationStats {
  Kind kind = Kind::kSpan;  // kSpan when grouped by model, agent or run
  // Of a trace, session or task: `name` is its name or id, empty for traces that name none.
  std::string agent, name, model;
  CallRole role = CallRole::kNone;
  std::uint32_t prompt = 0;  // CallPurpose::prompt, if grouped by it
  std::int64_t traces = 0, count = 0, errors = 0, unpriced = 0;
  std::int64_t without_usage = 0;  // model calls that report none; of whole traces only
  TokenUsage usage;
  std::int64_t nano_usd = 0;
  std::int64_t timed = 0;  // calls of known length; the rest of the times are theirs
  std::int64_t duration_ns = 0, max_ns = 0, critical_ns = 0;
  // The time in which no span inside ran; of whole traces, all of it. Stalls are calls that the
  // detector of that name finds, and their part of it.
  std::int64_t self_ns = 0, stalls = 0, stall_ns = 0;
  std::int64_t p50_ns = 0, p95_ns = 0;  // exact for up to 10,000 calls, else from 5 % buckets
  Waste wasted;                         // of proven and likely findings
  TraceKey slowest;                     // the trace with max_ns
};

struct TraceStart {
  TraceKey key;
  std::int64_t start_ns = 0;
};

enum class TraceSort : std::uint8_t { kNewest, kCost, kDuration, kTokens, kErrors, kWaste };

// A row in a list of traces.
struct TraceRow {
  TraceKey key;
  std::string name, agent, session, task;
  std::int64_t start_ns = 0, end_ns = 0;
  std::int32_t span_count = 0, steps = 0, failed_spans = 0;
  std::int64_t tokens = 0, nano_usd = 0;
  std::int64_t wasted_nano_usd = 0;  // may be kUnknownAmount
  std::int32_t unpriced_calls = 0, calls_without_usage = 0;
  Outcome outcome = Outcome::kUnknown;
  OutcomeRule outcome_rule = OutcomeRule::kNone;
  bool settled = true;
  // In pages of Store::Traces: whether its session is the run and not the trace alone, and whether
  // its run has settled.
  bool by_session = false, run_settled = false;
  std::vector<ModeId> modes;  // ids of entries
};

struct TracePage {
  std::vector<TraceRow> rows;
  std::int64_t matched = 0;  // number of traces that pass the filter
  std::string next_cursor;   // empty at the end; encodes sort key and last row, not a row number
};

// A span in which a text was found, with its first matching value.
struct SpanMatch {
  std::string span_id;
  std::int64_t start_ns = 0;
  std::int64_t values = 0;  // of the span that match
  std::string path;
  std::uint32_t offset = 0, length = 0;  // of the match within the value
  std::string excerpt;                   // the match and its surroundings, at most 200 bytes
  std::uint32_t excerpt_offset = 0;
};

// Whether a match in the value at a path of a span counts.
using ValueTest = std::function<bool(const Span& span, std::string_view path)>;
// Removes the spans of a trace whose matches do not count.
using KeepSpans = std::function<void(const TraceKey& key, std::vector<SpanMatch>& spans)>;

// The text to search for in decoded values, names and status messages.
struct TextPattern {
  std::string text;
  bool regex = false;  // RE2 syntax
  bool ignore_case = false;
  // Makes a test for one thread; empty: every match counts.
  std::function<ValueTest()> where{};
  KeepSpans keep{};        // called by one thread at a time; empty: all spans count
  bool count_all = false;  // goes on counting when the page is full
};

struct SearchHit {
  TraceRow trace;
  std::int64_t matches = 0, values = 0;  // spans of the trace that match, and their values
  SpanMatch first;                       // of them by time
};

struct SearchPage {
  std::vector<SearchHit> hits;
  std::int64_t scanned_traces = 0, matched_by_filter = 0;
  bool complete = true;  // false: stopped at a limit; continue with next_cursor
  std::string next_cursor;
  // What matches in `counted_traces`, the first of those that follow the cursor. They are all of
  // them, unless time ran out, or there are many and the pattern does not ask to count them.
  std::int64_t runs = 0, spans = 0, values = 0, counted_traces = 0;
  bool counted_all = false;
};

// A settled trace, as a candidate for removal.
struct AgedTrace {
  TraceKey key;
  std::int64_t start_ns = 0;    // if that is unknown, when its newest span arrived
  std::int64_t arrived_ns = 0;  // of its newest segment
  std::int64_t spans = 0;
};

}  // namespace halo
