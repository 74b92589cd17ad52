// SPDX-License-Identifier: MIT
// Text search restricted to given places and spans, with its hits grouped on request.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/question.h"
#include "engine/role_values.h"
#include "engine/search_places.h"

namespace halo {

enum class SearchGroup : std::uint8_t { kTool, kAgent, kOperation };

struct SearchQuery {
  TextPattern pattern;  // its members `where` and `keep` are set by the search
  SearchIn in = SearchIn::kProduced;
  SpanFilter spans;
  std::optional<SearchGroup> group;  // counts all, and lists groups
};

// The matches of the spans of one tool, agent or operation.
struct MatchGroup {
  std::string name;  // empty: they have none
  std::int64_t runs = 0, spans = 0, values = 0;
  TraceKey key;  // of the newest run, with its first span
  SpanMatch first;
};

struct RunSearch {
  SearchPage page;
  std::vector<MatchGroup> groups;  // most runs first, then spans, then name
};

}  // namespace halo
