// SPDX-License-Identifier: MIT
// Words with which a user says that an answer was wrong or not what was asked for. Pure functions;
// any thread.
#pragma once

#include "engine/facts/word_finder.h"

namespace halo {

// Looks at the beginning of a message. "No" alone answers a question and is no correction; it is
// one where a statement of what is right or was asked for follows. `words` has read the message,
// without the white space around it, for kCorrections.
bool CorrectsAnswer(const WordFinder& words);

}  // namespace halo
