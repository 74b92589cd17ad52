// SPDX-License-Identifier: MIT
// How the numbers of a span were read where they were ambiguous. A span keeps the set of rules that
// fired, summaries count spans by rule, and get_overview shows the counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace halo {

// Positions are stored: append only.
enum class Reading : std::uint8_t {
  kCutJson,               // a JSON value breaks off
  kRefusedCount,          // a token count that cannot be
  kRefusedCost,           // a reported cost that cannot be
  kZeroUsage,             // every token count given is 0
  kThoughtsExceedOutput,  // reasoning > output: outside
  kTotalAddsThoughts,     // the total proves thoughts outside the output
  kTotalHoldsThoughts,    // the total proves thoughts inside the output
  kThoughtsKnownOutside,  // the emitter is known to leave thoughts out of the output
  kThoughtsTakenInside,   // nothing said otherwise: inside, as the convention has it
  kTotalUnexplained,      // the total is no sum of the counts beside it
  kZeroCostUnpriced,      // a cost of 0 was reported for tokens of a model without a known price
  kZeroCostPriced,        // a cost of 0 was reported for tokens whose price is known
  kLongContextPrice,      // the input passed the threshold of a dearer tier
  kCostOfParent,          // calls without a known cost below a span that reports theirs
};
struct ReadingText {
  Reading reading;
  std::string_view name;   // "cut_json"
  std::string_view means;  // one line for a person
};

// One entry for each Reading, in the order of the enum.
inline constexpr ReadingText kReadingTexts[] = {
    {Reading::kCutJson, "cut_json",
     "spans with a JSON value that breaks off: kept as text, not as messages, calls or tools"},
    {Reading::kRefusedCount, "refused_token_count",
     "spans with a token count that is negative, no number or over 10^10: that count is unknown; "
     "without input or output the usage is unknown and the cost unpriced"},
    {Reading::kRefusedCost, "refused_cost",
     "spans that report a cost that is negative, no number or over $10,000: not counted"},
    {Reading::kZeroUsage, "zero_usage",
     "spans stamped with 0 tokens: taken as no usage, a sum reported above them counts"},
    {Reading::kThoughtsExceedOutput, "thoughts_exceed_output",
     "calls with more reasoning than output tokens: reasoning was added to the output"},
    {Reading::kTotalAddsThoughts, "total_adds_thoughts",
     "calls whose total proves reasoning tokens outside the output: added to it"},
    {Reading::kTotalHoldsThoughts, "total_holds_thoughts",
     "calls whose total proves reasoning tokens inside the output"},
    {Reading::kThoughtsKnownOutside, "thoughts_known_outside",
     "calls of an emitter that leaves reasoning tokens out of the output: added to it"},
    {Reading::kThoughtsTakenInside, "thoughts_taken_inside",
     "calls with reasoning tokens and no proof: taken as part of the output, as the convention "
     "says"},
    {Reading::kTotalUnexplained, "total_unexplained",
     "calls whose total is no sum of their other token counts: the parts count"},
    {Reading::kZeroCostUnpriced, "zero_cost_unpriced",
     "calls that report a cost of 0 for a model without a known price: unpriced, not free"},
    {Reading::kZeroCostPriced, "zero_cost_priced",
     "calls that report a cost of 0 although their model has a price: tokens times price counts"},
    {Reading::kLongContextPrice, "long_context_price",
     "calls whose input passed a threshold: priced whole at the long-context tier"},
    {Reading::kCostOfParent, "cost_of_parent",
     "spans whose reported cost counts for the calls below them that have no known cost"},
};

inline constexpr std::size_t kReadingCount = std::size(kReadingTexts);

using Readings = std::uint32_t;  // a bit each

constexpr Readings BitOf(Reading reading) { return Readings{1} << static_cast<unsigned>(reading); }

}  // namespace halo
