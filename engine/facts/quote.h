// SPDX-License-Identifier: MIT
// Finds the position of a piece of text in a stored value, so that evidence can be checked. Pure
// functions apart from the arena and pool.
#pragma once

#include <string_view>

#include "engine/json/arena.h"
#include "engine/model/span_facts.h"
#include "engine/model/span_fields.h"
#include "engine/text/excerpt.h"

namespace halo {

// The range of `piece` in `whole`, either verbatim or with JSON escapes, if `piece` was decoded
// from `whole`; else the range of the longest part that is found. Length 0: not found.
TextRange FindPiece(std::string_view whole, std::string_view piece);

// The attribute of the span that `piece` is a view of; all members are empty if it is not a view of
// one.
Located FindHolder(const Span& span, std::string_view piece, Arena& arena);

// The quote of `piece`; its path is 0 if the piece is empty or not found in the value. `guess` is
// as in StringPool::Intern.
QuoteRef MakeQuote(const Located& where, std::string_view piece, StringPool& words,
                   StringId guess = 0);

}  // namespace halo
