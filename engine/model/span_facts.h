// SPDX-License-Identifier: MIT
// What the analysis knows of one span. Computed once, while the span's text is hot; detectors
// read these and never payloads. Texts are words of the StringPool that came with the facts.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "engine/model/reading.h"
#include "engine/model/span.h"
#include "engine/model/span_fields.h"
#include "engine/model/string_pool.h"

namespace halo {

// Raised when any rule in facts/ changes what it computes from the same payload.
inline constexpr int kFactsVersion = 1;

// Where in a stored span a quote stands; its text is read back from the payload when asked for.
struct QuoteRef {
  StringId path = 0;         // 0: no quote
  std::uint32_t offset = 0;  // bytes into the decoded value
  std::uint32_t length = 0;
};

// Where a span's payload lies. In a Batch `block` counts from 0; in a store it is the block's id.
struct PayloadRef {
  std::int64_t block = -1;
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
};

// Which rule of detectors.md D10 said that a span failed.
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

// detectors.md D15, a tag on error clusters.
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

// Which rule decided an outcome; stronger rules have larger values.
enum class OutcomeRule : std::uint8_t { kNone, kRootStatus, kEvaluator, kAttribute, kLabel };
std::string_view OutcomeRuleName(OutcomeRule rule);

// Tokens as billed: the cached ones are part of `input`, whatever the emitter's habit was.
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
  // Identity and place
  StringId span_id = 0;
  StringId parent_id = 0;  // 0: a root
  StringId name = 0;
  StringId operation = 0;  // NormaliseName(name), without the model's name
  Kind kind = Kind::kSpan;
  StatusCode status = StatusCode::kUnset;
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;         // 0: still open; -1: has ended, when is not known
  std::uint64_t content_hash = 0;  // of everything received of this version of the span
  PayloadRef payload;
  std::uint32_t payload_bytes = 0;  // size of the decoded values
  bool clipped = false;             // larger than the span limit: values were cut

  // Dimensions
  StringId service = 0, version = 0, environment = 0, session = 0, user = 0;
  StringId task = 0;  // explicit task attribute, else hash of the first user message; 0 if neither
  StringId agent = 0, provider = 0, model = 0, tool = 0;
  StringId scope_name = 0;  // instrumentation scope
  StringId convention = 0;  // 0: no convention claimed the span
  StringId tags = 0;
  bool human_wait = false;

  // Usage
  bool has_usage = false;
  TokenUsage usage;
  std::uint8_t cache_rule = 0;  // a CacheRule of engine/pricing
  CostSource cost_source = CostSource::kNone;
  std::int64_t cost_nano_usd = 0;      // what counts
  std::int64_t computed_nano_usd = 0;  // by the price table, when the trace reported a cost too
  Readings readings = 0;               // rules that fired

  // Failure (D10)
  bool failed = false;
  FailureRule failure_rule = FailureRule::kNone;
  Transport transport = Transport::kNone;
  StringId error_type = 0;       // exception class or status code, unmasked
  StringId error_signature = 0;  // error type and NormaliseError of the telling text
  QuoteRef error_quote;

  // Calls. Hashes are 0 when there is nothing to hash.
  std::uint64_t arguments_hash = 0;  // tool name and canonical arguments
  std::uint64_t result_hash = 0;     // ResultFingerprint of the result
  QuoteRef arguments_quote;
  QuoteRef result_quote;
  std::uint32_t result_bytes = 0;
  std::array<std::uint64_t, 2> result_words{};  // a WordSketch of engine/facts

  // LLM spans; kStop of another says that a tool's result ends the run
  FinishClass finish = FinishClass::kUnknown;
  QuoteRef finish_quote;
  bool has_output = false;  // an answer was recorded
  // ... and it is empty or white space, and calls no tool; of a root or agent: holds no answer
  bool output_blank = false;
  std::uint16_t tool_call_count = 0;
  std::uint16_t user_turns = 0;  // user messages in the prompt
  std::uint64_t calls_hash = 0;  // tool names and canonical arguments of all calls made
  QuoteRef output_quote;
  StringId answer_words = 0;  // TellingWords of what a root or agent answers
  StringId invalid_call = 0;  // signature of the first call that does not fit the tools offered
  StringId invalid_call_tool = 0;  // the tool named in that call
  QuoteRef invalid_call_quote;
  bool has_tool_definitions = false;

  // Limits (D19): a fixed class such as "max_turns"
  StringId limit = 0;
  QuoteRef limit_quote;

  // What this span says about the run's outcome
  Outcome outcome = Outcome::kUnknown;
  OutcomeRule outcome_rule = OutcomeRule::kNone;
};

// No call and no run takes a year: a longer time comes of a wrong clock or unit, and a few of them
// would overflow a sum.
inline constexpr std::int64_t kLongestNs = 366LL * 24 * 3600 * 1'000'000'000;

// The time between two instants; -1 where the first was not given, the second lies before it or
// more than kLongestNs behind it.
inline std::int64_t PlausibleNs(std::int64_t from_ns, std::int64_t to_ns) {
  return from_ns > 0 && to_ns >= from_ns && to_ns - from_ns <= kLongestNs ? to_ns - from_ns : -1;
}

// The same for sums and orders, in which what is not known counts nothing.
inline std::int64_t LengthNs(std::int64_t from_ns, std::int64_t to_ns) {
  const std::int64_t ns = PlausibleNs(from_ns, to_ns);
  return ns < 0 ? 0 : ns;
}

}  // namespace halo
