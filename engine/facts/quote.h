// SPDX-License-Identifier: MIT
// Evidence that can be checked: where a piece of text stands in the stored value.
#pragma once

#include <string_view>

#include "engine/json/arena.h"
#include "engine/model/span_facts.h"
#include "engine/model/span_fields.h"
#include "engine/text/excerpt.h"

namespace halo {

// Where `piece` stands in `whole`: as it is, or as JSON writes it when `piece` was unescaped out of
// `whole`; else the longest part of it that does. Length 0: nowhere.
TextRange FindPiece(std::string_view whole, std::string_view piece);

// The attribute of the span that `piece` is a view into; all empty if it is a view into none.
Located FindHolder(const Span& span, std::string_view piece, Arena& arena);

// No quote if the piece is empty or stands nowhere in the value. `guess`: see StringPool::Intern.
QuoteRef MakeQuote(const Located& where, std::string_view piece, StringPool& words,
                   StringId guess = 0);

}  // namespace halo
