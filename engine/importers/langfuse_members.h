// SPDX-License-Identifier: MIT
// The members of Langfuse's observations and traces, and what is done with each.
#pragma once

#include <cstdint>
#include <string_view>

namespace halo::langfuse {

// What is done with a member. kKeep: it becomes an attribute under its own name.
enum class Use : std::uint8_t {
  kKeep,
  kSkip,
  kId,
  kTraceId,
  kParent,
  kName,
  kType,
  kStart,
  kEnd,
  kLevel,
  kStatusMessage,
  kModel,
  kUsage,
  kCosts,
  kMetadata,
  kAttribute,  // under the name in the row
};

struct Row {
  std::string_view key;  // folded: the API writes camelCase, the blob storage export snake_case
  Use use;
  std::string_view attribute = {};
};

// Null for a member that no row names.
const Row* FindOfObservation(std::string_view key);
// Of the trace, what each of its spans gets.
const Row* FindShared(std::string_view key);
// And what only its roots get; other members likewise, as "langfuse.trace.KEY".
const Row* FindOfRoot(std::string_view key);

}  // namespace halo::langfuse
