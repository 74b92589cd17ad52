// SPDX-License-Identifier: MIT
// The lists of set phrases by which the analysis reads what texts say. The phrases are in
// engine/facts/word_lists.cc; [words] of halo.toml adds to them and takes from them, so that agents
// that speak another language are read too. Part of the analysis.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace halo {

enum class WordList : std::uint8_t {
  kAnnouncements,
  kApologies,
  kBotChecks,
  kCannot,
  kClaims,
  kCorrections,
  kLogInPages,
  kMadeUp,
  kNothingFound,
  kPlanPrompts,
  kRejections,
  kStatusPages,
  kSummaryPrompts,
  // Not in halo.toml.
  kLongBotChecks,  // the bot checks that count in texts of any length
  kCallTags,       // notations of calls
  kClaimCues,      // beginnings of words, one of which is in every sentence that claims
  kMadeUpCues,     // beginnings of words, one of which is in every text that speaks of made-up data
};
inline constexpr std::size_t kWordLists = 17;

// The key in [words], by list.
inline constexpr std::array<std::string_view, 13> kWordListNames = {
    "announcements", "apologies",    "bot_checks",      "cannot",        "claims",
    "corrections",   "log_in_pages", "made_up",         "nothing_found", "plan_prompts",
    "rejections",    "status_pages", "summary_prompts",
};

// A phrase is found by its first bytes.
inline constexpr std::size_t kLeastPhraseBytes = 4;

// What a configuration changes of each list: phrases to add, and behind a "!" phrases to take out.
struct WordSettings {
  std::array<std::vector<std::string>, kWordListNames.size()> changes;

  bool operator==(const WordSettings&) const = default;
};

}  // namespace halo
