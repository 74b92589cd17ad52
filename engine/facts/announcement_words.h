// SPDX-License-Identifier: MIT
// Words with which a model announces what it does next ("Let me check the stock."). The rule
// knows English; phrases of other languages come from [words] of halo.toml. Pure functions; any
// thread.
#pragma once

#include <string_view>

#include "engine/facts/sentences.h"

namespace halo {

// Whether the sentence says that its speaker acts now, whatever anybody answers: an offer, a
// condition, a question and a promise for later are no announcements. `others` are phrases that
// announce besides those of the English rule (WordFinder::announcements).
bool IsAnnouncement(const Sentence& sentence, const SentencePhrases& others);

// The sentence with which the text ends, if it announces an action that must follow at once; else
// empty. Looks at the last 480 bytes; a request to wait may follow the announcement.
std::string_view LastAnnouncement(std::string_view text, const SentencePhrases& others);

}  // namespace halo
