// SPDX-License-Identifier: MIT
// Spans that were made from log records. Agents such as Claude Code report their calls as log
// records by default; each record becomes a version of the span of its call, with the record as an
// event. Such a version says little about the span, so the span itself, once exported, replaces it.
#pragma once

#include <string_view>

#include "engine/model/span.h"

namespace halo {

// The first attribute of such a version.
inline constexpr std::string_view kFromLogKey = "halo.from_log";

inline bool IsFromLog(const Span& span) {
  return !span.attributes.empty() && span.attributes.front().key == kFromLogKey;
}

}  // namespace halo
