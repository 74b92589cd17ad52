// SPDX-License-Identifier: MIT
// How ambiguous or invalid numbers of a span were interpreted. A span records the set of rules that
// fired, summaries count spans by rule, and get_overview shows the counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace halo {

// Values are stored: append only.
enum class Reading : std::uint8_t {
  kCutJson,                   // a JSON value is truncated
  kRefusedCount,              // an impossible token count
  kRefusedCost,               // an impossible reported cost
  kZeroUsage,                 // all token counts given are 0
  kThoughtsExceedOutput,      // reasoning > output, so reasoning is not part of the output
  kTotalAddsThoughts,         // by the total, reasoning is not part of the output
  kTotalIncludesReasoning,    // by the total, reasoning is part of the output
  kReasoningKnownExcluded,    // the emitter is known not to count reasoning as output
  kReasoningAssumedIncluded,  // no evidence: reasoning is part of the output, as the convention
                              // says
  kTotalUnexplained,          // the total is not a sum of the other counts
  kZeroCostUnpriced,          // a cost of 0 was reported for a model without a known price
  kZeroCostPriced,            // a cost of 0 was reported for a model with a known price
  kLongContextPrice,          // the input exceeds the threshold of a more expensive tier
  kCostOfParent,              // calls without a known cost, below a span that reports their cost
  kFromLog,                   // made from log records; the span itself has not come
  kWithLog,                   // has events that were log records
};
struct ReadingText {
  Reading reading;
  std::string_view name;   // "cut_json"
  std::string_view means;  // one line for the user
};

// One entry for each Reading, in the order of the enum.
inline constexpr ReadingText kReadingTexts[] = {
    {Reading::kCutJson, "cut_json",
     "spans with a truncated JSON value: kept as text, not read as messages, calls or tools"},
    {Reading::kRefusedCount, "refused_token_count",
     "spans with a token count that is negative, not a number or over 10^10: that count is "
     "unknown; "
     "without input or output, the usage is unknown and the cost unpriced"},
    {Reading::kRefusedCost, "refused_cost",
     "spans with a reported cost that is negative, not a number or over $10,000: not counted"},
    {Reading::kZeroUsage, "zero_usage",
     "spans that report 0 tokens: treated as no usage; a sum reported by an ancestor counts"},
    {Reading::kThoughtsExceedOutput, "thoughts_exceed_output",
     "calls with more reasoning than output tokens: reasoning is added to the output"},
    {Reading::kTotalAddsThoughts, "total_adds_thoughts",
     "calls whose total shows that reasoning is not part of the output: added to the output"},
    {Reading::kTotalIncludesReasoning, "total_holds_thoughts",
     "calls whose total shows that reasoning is part of the output"},
    {Reading::kReasoningKnownExcluded, "thoughts_known_outside",
     "calls of an emitter that does not count reasoning as output: added to the output"},
    {Reading::kReasoningAssumedIncluded, "thoughts_taken_inside",
     "calls with reasoning tokens and no evidence: treated as part of the output, as the "
     "convention "
     "says"},
    {Reading::kTotalUnexplained, "total_unexplained",
     "calls whose total is not the sum of the other token counts: the other counts are used"},
    {Reading::kZeroCostUnpriced, "zero_cost_unpriced",
     "calls that report a cost of 0 for a model without a known price: unpriced, not free"},
    {Reading::kZeroCostPriced, "zero_cost_priced",
     "calls that report a cost of 0 although their model has a price: tokens times price is used"},
    {Reading::kLongContextPrice, "long_context_price",
     "calls whose input exceeds a threshold: priced entirely at the long-context tier"},
    {Reading::kCostOfParent, "cost_of_parent",
     "spans whose reported cost is used for descendant calls without a known cost"},
    {Reading::kFromLog, "from_log",
     "spans known from log records only: what the records do not say (results, messages, sometimes "
     "times) is unknown"},
    {Reading::kWithLog, "with_log", "spans that were completed from log records"},
};

inline constexpr std::size_t kReadingCount = std::size(kReadingTexts);

using Readings = std::uint32_t;  // one bit per Reading

constexpr Readings BitOf(Reading reading) { return Readings{1} << static_cast<unsigned>(reading); }

}  // namespace halo
