// SPDX-License-Identifier: MIT
// The signature of an error: its exception class and the telling part of its text, normalised. Pure
// functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/text/excerpt.h"

namespace halo {

struct ErrorSignature {
  std::string text;   // "RateLimitError: limit of <int> reached"; empty if nothing was said
  std::string type;   // the class given, else the one with which the text begins; may be empty
  std::string plain;  // the telling part without the class, not normalised
  TextRange line;     // the piece of `error` to quote
};

// `type`: the exception class that was recorded beside the text; may be empty. `is_cause`: the text
// is only the decisive member of a result, such as "status=502", and is kept as it is.
ErrorSignature SignError(std::string_view error, std::string_view type, bool is_cause);

}  // namespace halo
