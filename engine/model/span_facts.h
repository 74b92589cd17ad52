// SPDX-License-Identifier: MIT
// Everything that the analysis knows about one span. Computed once per span on ingest; detectors
// read facts, never payloads. StringIds refer to the StringPool that accompanies the facts.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "engine/model/reading.h"
#include "engine/model/span.h"
#include "engine/model/span_fields.h"
#include "engine/model/string_pool.h"

namespace halo {

// Incremented whenever a rule in facts/ computes different facts from the same payload.
inline constexpr int kFactsVersion = 4;

// The position of a quote in a stored span. The text is read from the payload on demand.
struct QuoteRef {
  StringId path = 0;         // 0: no quote
  std::uint32_t offset = 0;  // in bytes, within the decoded value
  std::uint32_t length = 0;
};

// The position of a span's payload. `block` is an index in a Batch, and a block id in a store.
struct PayloadRef {
  std::int64_t block = -1;
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
};

// The rule by which a span counts as failed.
enum class FailureRule : std::uint8_t {
  kNone,
  kStatus,       // OpenTelemetry status ERROR
  kException,    // exception event
  kErrorType,    // error.type
  kErrorFlag,    // MCP isError, tool_error, level=ERROR
  kResultField,  // success/ok/completed false, isError, non-empty error, status >= 400, exit code
  kResultText,   // result text that starts with Traceback, Error:, Exception
};
std::string_view FailureRuleName(FailureRule rule);

// The class of a transport error; a tag on error clusters.
enum class Transport : std::uint8_t {
  kNone,
  kRateLimit,
  kAuth,
  kNotFound,
  kService,
  kTimeout,
  kOutOfMemory,
  kConnection,
};
std::string_view TransportName(Transport transport);  // "" for kNone

enum class FinishClass : std::uint8_t { kUnknown, kStop, kToolCalls, kTruncated, kRefusal, kOther };

enum class CostSource : std::uint8_t { kNone, kReported, kComputed, kUnpriced };

enum class Outcome : std::uint8_t { kUnknown, kSuccess, kFailure };
std::string_view OutcomeName(Outcome outcome);

// The rule that decided an outcome; stronger rules have larger values.
enum class OutcomeRule : std::uint8_t { kNone, kRootStatus, kEvaluator, kAttribute, kLabel };
std::string_view OutcomeRuleName(OutcomeRule rule);

// Tokens as billed. Cached tokens are part of `input`, whether or not the emitter counts them
// there.
struct TokenUsage {
  std::int64_t input = 0;
  std::int64_t output = 0;
  std::int64_t cache_read = 0;
  std::int64_t cache_write = 0;
  std::int64_t reasoning = 0;  // part of `output`

  std::int64_t total() const { return input + output; }
  TokenUsage& operator+=(const TokenUsage& more) {
    input += more.input;
    output += more.output;
    cache_read += more.cache_read;
    cache_write += more.cache_write;
    reasoning += more.reasoning;
    return *this;
  }
};

struct SpanFacts {
  // Identity and position
  StringId span_id = 0;
  StringId parent_id = 0;  // 0: a root
  StringId name = 0;
  StringId operation = 0;  // NormaliseName(name), without the model's name
  Kind kind = Kind::kSpan;
  StatusCode status = StatusCode::kUnset;
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;         // 0: still open; -1: ended at an unknown time
  std::uint64_t content_hash = 0;  // of the complete content of this version of the span
  PayloadRef payload;
  std::uint32_t payload_bytes = 0;  // size of the decoded values
  // The position in the trace where the format gives no times, from 1; it goes before all times.
  std::uint32_t sequence = 0;
  bool clipped = false;          // values were shortened to the span limit
  std::uint16_t redactions = 0;  // secrets that were replaced before it was stored

  // Dimensions
  StringId service = 0, version = 0, environment = 0, session = 0, user = 0;
  StringId task = 0;  // explicit task attribute, else hash of the first user message; 0 if neither
  StringId agent = 0, provider = 0, model = 0, tool = 0;
  StringId scope_name = 0;  // instrumentation scope
  StringId convention = 0;  // 0: no convention claimed the span
  StringId tags = 0;
  StringId unread_keys = 0;         // SpanFields::unread_keys
  bool tool_named_by_span = false;  // of a tool call
  bool human_wait = false;

  // Usage
  bool has_usage = false;
  TokenUsage usage;
  std::uint8_t cache_rule = 0;  // a CacheRule of engine/pricing
  CostSource cost_source = CostSource::kNone;
  std::int64_t cost_nano_usd = 0;      // the cost that counts
  std::int64_t computed_nano_usd = 0;  // by the price table, if the trace also reported a cost
  Readings readings = 0;               // rules that fired

  // Failure
  bool failed = false;
  FailureRule failure_rule = FailureRule::kNone;
  Transport transport = Transport::kNone;
  StringId error_type = 0;       // exception class or status code, unmasked
  StringId error_signature = 0;  // error type and NormaliseError of the error text
  QuoteRef error_quote;

  // Calls. A hash is 0 if there is nothing to hash.
  std::uint64_t arguments_hash = 0;  // tool name and canonical arguments
  std::uint64_t result_hash = 0;     // ResultFingerprint of the result
  QuoteRef arguments_quote;
  QuoteRef result_quote;
  std::uint32_t result_bytes = 0;
  std::array<std::uint64_t, 2> result_words{};  // a WordSketch of engine/facts

  // LLM spans; on other spans, kStop means that a tool's result ends the run
  FinishClass finish = FinishClass::kUnknown;
  QuoteRef finish_quote;
  bool has_output = false;  // an answer was recorded
  // The recorded answer is blank and calls no tool; for a root or agent: contains no answer
  bool output_blank = false;
  std::uint16_t tool_call_count = 0;
  std::uint16_t user_turns = 0;  // user messages in the prompt
  std::uint64_t calls_hash = 0;  // tool names and canonical arguments of all calls made
  QuoteRef output_quote;
  StringId answer_words = 0;       // TellingWords of the answer of a root or agent
  StringId invalid_call = 0;       // signature of the first call that violates the offered tools
  StringId invalid_call_tool = 0;  // the tool named in that call
  QuoteRef invalid_call_quote;
  bool has_tool_definitions = false;
  // Of the tools that were offered: the names that the text of the answer plans to call, one a
  // line, and the one that a call written into the text names.
  StringId planned_tools = 0;
  StringId written_call = 0;
  // The sentence that shows the first of these that the answer has: a written call, and the marks
  // kCallTag, kAnnounces, kMadeUp and kClaims; else a plan.
  QuoteRef telling_quote;
  // The first failed result among those with which the prompt ends: what the model was told of a
  // call whose own span may say nothing.
  StringId told_error = 0;  // signature
  StringId told_error_tool = 0;

  // Messages, in StringPool::messages(). Of an LLM span: its prompt and its answer. Of a root, an
  // agent or a tool: `answer` is a list of one message, the result as a tool message.
  ContextId prompt = 0, answer = 0;
  bool prompt_cut = false;       // a limit of sizes or attributes may have cut the prompt
  bool prompt_is_part = false;   // only the new messages are kept
  std::uint64_t tools_hash = 0;  // of the names and parameters of the tools offered; 0: none
  std::uint64_t call_id = 0;     // IdHash of the call that a tool's span runs; 0: not given

  // Limits: a fixed class such as "max_turns"
  StringId limit = 0;
  QuoteRef limit_quote;

  // This span's statement about the outcome of the run
  Outcome outcome = Outcome::kUnknown;
  OutcomeRule outcome_rule = OutcomeRule::kNone;
};

// No run takes a year: a longer time is due to a wrong clock or unit, and a few of those would
// overflow a sum.
inline constexpr std::int64_t kLongestNs = 366LL * 24 * 3600 * 1'000'000'000;

// The time between two instants; -1 if the first is not given, or the second is before it or more
// than kLongestNs after it.
inline std::int64_t PlausibleNs(std::int64_t from_ns, std::int64_t to_ns) {
  return from_ns > 0 && to_ns >= from_ns && to_ns - from_ns <= kLongestNs ? to_ns - from_ns : -1;
}

// Whether the span has ended after a time that was never recorded.
inline bool LacksTimes(const SpanFacts& span) {
  return span.sequence != 0 && span.end_ns != 0 && PlausibleNs(span.start_ns, span.end_ns) < 0;
}

// Whether `later` started when `span` had ended.
inline bool StartsAfter(const SpanFacts& later, const SpanFacts& span) {
  if (later.sequence != 0 && span.sequence != 0) return later.sequence > span.sequence;
  return span.end_ns != 0 && later.start_ns >= span.end_ns;
}

// The same for sums and sorting, where an unknown time counts as 0.
inline std::int64_t LengthNs(std::int64_t from_ns, std::int64_t to_ns) {
  const std::int64_t ns = PlausibleNs(from_ns, to_ns);
  return ns < 0 ? 0 : ns;
}

}  // namespace halo
