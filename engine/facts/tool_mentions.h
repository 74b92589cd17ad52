// SPDX-License-Identifier: MIT
// What the text of a model's answer says of tools: names of offered ones that it plans or announces
// to call, and calls that it writes into the text instead of making them. English only, but for
// calls. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "engine/facts/word_finder.h"
#include "engine/model/span_fields.h"

namespace halo {

struct ToolMentions {
  // Offered tools that the text plans or announces to call, in its order, each once. Only names
  // that no other word resembles: of two or more parts ("get_order", "getOrder"), or in the marks
  // of code. Conditions and denials are no plans.
  std::vector<std::string_view> planned;
  std::string_view planned_at;  // the first sentence that names one
  std::string_view written;     // the offered tool that a call in the text names
  std::string_view written_at;  // from its name on
};

// Looks at the first 8 KB. `announcements` as IsAnnouncement.
ToolMentions FindToolMentions(std::string_view text, std::span<const ToolDefinition> offered,
                              const SentencePhrases& announcements);

constexpr std::size_t kCallTagBytes = 8192;

// The first sign of a call in a notation that models are trained on and that no text for people
// holds, such as <tool_call> or <|python_tag|>; empty if there is none. `words` has read the text
// for kCallTags.
std::string_view FindCallTag(std::string_view text, const WordFinder& words);

}  // namespace halo
