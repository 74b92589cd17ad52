// SPDX-License-Identifier: MIT
#include "engine/facts/person_wait.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>

#include "engine/base/ascii.h"

namespace halo {
namespace {

bool FollowsAs(std::string_view text, std::size_t at,
               std::initializer_list<std::string_view> words) {
  const auto skip = [&](std::string_view signs) {
    at = std::min(text.find_first_not_of(signs, at), text.size());
  };
  skip("\\\"'");
  if (skip(" "); at >= text.size() || text[at] != ':') return false;
  skip(": \\\"'");
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    const std::string_view rest = text.substr(at);
    return rest.starts_with(word) &&
           (rest.size() == word.size() || !ascii::IsAlnum(rest[word.size()]));
  });
}

}  // namespace

bool WaitsForPerson(std::string_view output) {
  if (output.find("__interrupt__") != output.npos) return true;
  for (const std::string_view key : {"status", "state", "stop_reason", "stopReason"}) {
    for (std::size_t at = output.find(key); at != output.npos; at = output.find(key, at)) {
      at += key.size();
      if (FollowsAs(output, at,
                    {"suspended", "paused", "PAUSED", "interrupt", "interrupted", "requires_action",
                     "input_required", "input-required", "awaiting_approval", "pending_approval",
                     "requires_approval"})) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace halo
