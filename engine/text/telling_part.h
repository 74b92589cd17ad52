// SPDX-License-Identifier: MIT
// The part of an error text that tells errors apart. Preambles ("Error in code parsing:"), stack
// frames, echoed code and queries do not; the causes below an exception do. Pure functions; any
// thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/text/excerpt.h"

namespace halo {

struct TellingPart {
  TextRange line;    // the most telling line, an exact piece of the text, at most 300 bytes
  std::string text;  // that line as a whole, or the first error of a validation, then its causes
};

// The line is the last exception of a traceback, or the first exception of another text, or the
// first line that names an error, or the first line. A line that is only a preamble is none of
// them. `text` is at most about 4 KB.
TellingPart FindTellingPart(std::string_view text);

}  // namespace halo
