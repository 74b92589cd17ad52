// SPDX-License-Identifier: MIT
// Counts of defects that limit trust in the numbers of a trace. Traces, summaries, the store and
// get_overview handle all of them through kHealthCounts, so a new count is declared only here; the
// code that detects the defect increments the member.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace halo {

struct HealthCounts {
  std::int64_t unknown_convention = 0;
  std::int64_t llm_without_tokens = 0;
  std::int64_t llm_without_model = 0;
  std::int64_t missing_parents = 0;
  std::int64_t cyclic_parents = 0;
  std::int64_t end_before_start = 0;
  std::int64_t outside_parent = 0;
  std::int64_t duplicate_ids = 0;
  std::int64_t clipped_spans = 0;
  std::int64_t spans_without_times = 0;
  std::int64_t redacted_secrets = 0;
  std::int64_t tools_named_by_span = 0;
  std::int64_t rolled_up_calls = 0;
  std::int64_t llm_without_messages = 0;
  std::int64_t calls_without_definitions = 0;
};

struct HealthCount {
  std::int64_t HealthCounts::*count;
  std::string_view issue;  // its name in answers
  std::string_view means;  // one line for the user
};

// The list of all counts, in the order in which they are shown. Positions are stored: append only.
inline constexpr HealthCount kHealthCounts[] = {
    {&HealthCounts::unknown_convention, "unknown_convention",
     "spans whose attributes no known convention explains: kept, but not model or tool calls"},
    {&HealthCounts::llm_without_tokens, "llm_without_tokens", "model calls that report no usage"},
    {&HealthCounts::llm_without_model, "llm_without_model", "model calls that name no model"},
    {&HealthCounts::missing_parents, "missing_parent",
     "spans whose parent was not received: parts of a trace may be lost or still to come"},
    {&HealthCounts::cyclic_parents, "cyclic_parent",
     "spans that are their own ancestor: cut to a root"},
    {&HealthCounts::end_before_start, "end_before_start",
     "spans that end before they start, or over a year later: no length"},
    {&HealthCounts::outside_parent, "outside_parent", "spans outside the time of their parent"},
    {&HealthCounts::duplicate_ids, "duplicate_id",
     "span ids seen with different content: the ended or later version counts"},
    {&HealthCounts::clipped_spans, "clipped_span",
     "spans over the size limit: identity and times kept"},
    {&HealthCounts::spans_without_times, "span_without_times",
     "spans of transcripts, which record no times: their order is known, no duration is"},
    {&HealthCounts::redacted_secrets, "redacted_secret",
     "secrets replaced by [redacted:KIND] before anything was stored; what each was cannot be read "
     "back"},
    {&HealthCounts::tools_named_by_span, "tool_named_by_span",
     "tool calls whose tool no attribute names: the name of the span counts as the tool's"},
    {&HealthCounts::rolled_up_calls, "rolled_up_call",
     "model calls around other calls, whose usage they repeat or sum up: not counted as calls of "
     "their own; what they report beyond the calls inside is"},
    {&HealthCounts::llm_without_messages, "llm_without_messages",
     "model calls that record neither prompt nor answer: what was said there is not judged"},
    {&HealthCounts::calls_without_definitions, "no_tool_definitions",
     "model calls that ask for a tool and do not record which tools they were offered: whether the "
     "calls fit the tools is not judged"},
};
inline constexpr std::size_t kHealthCountCount = std::size(kHealthCounts);
static_assert(sizeof(HealthCounts) == kHealthCountCount * sizeof(std::int64_t),
              "each member of HealthCounts needs its entry in kHealthCounts");

// The position of a count in the list.
constexpr std::size_t PositionOf(std::int64_t HealthCounts::*count) {
  std::size_t i = 0;
  while (kHealthCounts[i].count != count) ++i;
  return i;
}

}  // namespace halo
