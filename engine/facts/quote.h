// SPDX-License-Identifier: MIT
// Evidence that can be checked: where the stored value has a piece of text.
#pragma once

#include <string_view>

#include "engine/json/arena.h"
#include "engine/model/span_facts.h"
#include "engine/model/span_fields.h"
#include "engine/text/excerpt.h"

namespace halo {

// The range of `piece` in `whole`: as it is, or as JSON writes it when `piece` was decoded from
// `whole`; else of the longest part of it that is found. Length 0: not found.
TextRange FindPiece(std::string_view whole, std::string_view piece);

// The attribute of the span that `piece` is a view of; all empty if there is none.
Located FindHolder(const Span& span, std::string_view piece, Arena& arena);

// No quote if the piece is empty or not found in the value. `guess`: see StringPool::Intern.
QuoteRef MakeQuote(const Located& where, std::string_view piece, StringPool& words,
                   StringId guess = 0);

}  // namespace halo
