// SPDX-License-Identifier: MIT
// Reads the evidence of a finding from the payloads of its spans. Evidence that names a message, a
// call or a tool (message_place.h) is looked up in the attributes that hold it. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/finding.h"
#include "engine/model/message_place.h"
#include "engine/model/span.h"
#include "engine/model/trace_summary.h"
#include "engine/semconv/conventions.h"

namespace halo {

// `text` is the part of the value at `path` that begins at `offset`.
struct ShownEvidence {
  EvidenceRole role = EvidenceRole::kFailed;
  std::string span_id, path, text;
  std::uint32_t offset = 0;
};

// Looks a message, call or tool definition up in a span; nothing if the span does not hold it.
// `longest` is in bytes; the text is never cut inside a character.
std::optional<ShownEvidence> FindPlace(const Span& span, const MessagePlace& place,
                                       std::size_t longest, Conventions& conventions);

// The same for a quote.
std::optional<ShownEvidence> FindQuote(const Span& span, const StoredQuote& quote,
                                       std::size_t longest);

}  // namespace halo
