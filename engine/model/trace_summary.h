// SPDX-License-Identifier: MIT
// The stored result of analysing one trace: counts, roll-ups per operation, and findings. Queries
// over many traces read summaries, never spans.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/model/call_role.h"
#include "engine/model/finding.h"
#include "engine/model/health_counts.h"
#include "engine/model/mode_id.h"
#include "engine/model/span_facts.h"

namespace halo {

// An unknown amount: tokens of calls that report no usage, or money of calls without a price.
inline constexpr std::int64_t kUnknownAmount = -1;

// The spend that a failure caused. Each amount may be unknown. A sum is unknown only if no
// part is positive and some part is unknown; otherwise it is a lower bound.
struct Waste {
  std::int64_t tokens = 0;
  std::int64_t nano_usd = 0;
  std::int64_t critical_ns = 0;

  static void Add(std::int64_t more, std::int64_t& sum) {
    if (more > 0) {
      sum = sum > 0 ? sum + more : more;
    } else if (sum == 0) {
      sum = more;
    }
  }
  Waste& operator+=(const Waste& more) {
    Add(more.tokens, tokens);
    Add(more.nano_usd, nano_usd);
    Add(more.critical_ns, critical_ns);
    return *this;
  }
  bool operator==(const Waste&) const = default;
};

// The position of a quote in a stored span. The text is read from the payload when it is shown.
struct StoredQuote {
  std::string span_id;
  std::string path;
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
};

struct StoredEvidence {
  EvidenceRole role = EvidenceRole::kFailed;
  StoredQuote quote;
};

struct StoredFinding {
  ModeId mode = 0;
  std::uint8_t detector = 0;  // TraceDetector::id
  Locus locus;
  std::string signature;
  std::string tag;
  std::int32_t occurrences = 1;
  std::vector<std::string> span_ids;     // at most 20, the most significant first
  std::vector<StoredEvidence> evidence;  // at most 20, the most significant first
  Waste waste;
  // Whether the outcome of the trace was decided by the spans of this finding.
  enum class Decided : std::uint8_t {
    kNo,
    kBySpan,       // one of its spans decided the outcome
    kByEvaluator,  // one of its spans is an evaluator, which judges the run in any case
  };
  Decided decided = Decided::kNo;
  SignatureKind signature_kind = SignatureKind::kFixed;
  Opportunity opportunity = Opportunity::kCall;
  Confidence confidence = Confidence::kProven;
  // What other runs must show for it to hold.
  Condition condition = Condition::kNone;
  std::int64_t value = 0, limit = 0;
  std::int64_t at_ns = 0;  // start of its first span, where `value` is how long that took
  // The findings of the trace in whose turns this one lies: twice their position in `findings`,
  // plus 1 if they precede this one by span, or by the order of the detectors' list.
  std::vector<std::uint32_t> lies_in{};

  // The most significant evidence; null if no value was recorded that could be quoted.
  // Places of messages (message_place.h) are no quotes.
  const StoredQuote* quote() const {
    for (const StoredEvidence& one : evidence) {
      if (!one.quote.path.starts_with('~')) return &one.quote;
    }
    return nullptr;
  }
};

// All spans of one trace with the same (kind, agent, name, model, role, prompt).
struct OperationRollup {
  Kind kind = Kind::kSpan;
  std::string agent;
  std::string name;  // tool name, else normalised span name
  std::string model;
  CallRole role = CallRole::kNone;
  std::uint32_t prompt = 0;  // CallPurpose::prompt
  std::int32_t count = 0;
  std::int32_t errors = 0;
  std::int32_t unpriced = 0;
  TokenUsage usage;
  std::int64_t nano_usd = 0;
  std::int64_t duration_ns = 0;  // sum
  std::int64_t max_ns = 0;
  std::int64_t critical_ns = 0;
  std::int64_t self_ns = 0;       // without the time in which children run
  std::int64_t drag_ns = 0;       // see engine/trace/drag.h; without spans inside others of it
  std::int64_t max_start_ns = 0;  // when the longest call started; 0: not known
  // The part that proven and likely findings claim as waste, but for those that depend on other
  // runs; unknown amounts count as 0.
  Waste wasted;
  // (duration, count): exact for up to kMaxExactDurations calls, else in buckets of 5 % width; see
  // duration_bucket.h.
  std::vector<std::pair<std::int64_t, std::int32_t>> durations;
};

// Spans are counted by CacheRule of engine/pricing, which has at most this many values.
inline constexpr std::size_t kCacheRuleCount = 8;

// A name and the number of spans that it belongs to.
using SpanCount = std::pair<std::string, std::int32_t>;

// Time that a run spent waiting without need. Values are stored: append only.
enum class SlowKind : std::uint8_t {
  kSerialCalls,  // calls that a model asked for together ran one after another
  kOneByOne,     // many calls of one tool in a row, each for one item
  kGap,          // on the critical path no call runs between two spans
};
inline constexpr SlowKind kLastSlowKind = SlowKind::kGap;

struct SlowSpot {
  SlowKind kind = SlowKind::kGap;
  std::string agent, name;  // of the calls; for a gap, the operation that it follows
  std::string after;        // for a gap, the operation that comes next
  std::string span_id;      // the first call; for a gap, the span in which it lies
  std::int32_t count = 1;   // of calls
  std::int64_t ns = 0;      // the sum less the longest call; for a gap, all of it
};

struct TraceSummary {
  std::string project, trace_id;
  std::string name;  // of the root span
  std::string service, version, environment, session, user, task;
  std::vector<std::string> agents, models, tools, tags;  // sorted, distinct
  std::int64_t start_ns = 0, end_ns = 0;
  std::int32_t span_count = 0, llm_calls = 0, tool_calls = 0, steps = 0, failed_spans = 0;
  bool root_ended = false;
  TokenUsage usage;
  std::int64_t nano_usd = 0;
  std::int32_t unpriced_calls = 0, reported_costs = 0, computed_costs = 0, cost_mismatches = 0;
  std::array<std::int32_t, kCacheRuleCount> cache_rules{};
  std::array<std::int32_t, kReadingCount> readings{};  // spans by Reading
  std::int64_t critical_ns = 0;
  Outcome outcome = Outcome::kUnknown;
  OutcomeRule outcome_rule = OutcomeRule::kNone;
  std::uint64_t eligible = 0;  // one bit per TraceDetector::id
  HealthCounts health;
  std::uint64_t judged_by = 0;              // Rules::stamp_hash of the analysis
  std::vector<OperationRollup> operations;  // sorted by (kind, agent, name, model, ...)
  std::vector<StoredFinding> findings;      // sorted by detector, then mode id
  // Spans by the convention that decided their kind, and by the keys that no convention reads (the
  // most frequent ones). Sorted by name.
  std::vector<SpanCount> dialects, unread_keys;
  std::vector<std::string> behaviours;  // BehaviourText, sorted
  std::vector<SlowSpot> slow_spots;     // at most 8, the longest first
  std::vector<SpanCount> calls;   // of tools, by name, sorted; see engine/analysis/tool_calls.h
  std::string last_tool;          // that the run called; empty: none
  std::vector<Measure> measures;  // in the order of the detectors
};

}  // namespace halo
