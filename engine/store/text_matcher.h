// SPDX-License-Identifier: MIT
// Finds a text or an RE2 pattern in stored spans. Immutable once made; any thread.
#pragma once

#include <re2/re2.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/model/question.h"
#include "engine/text/excerpt.h"

namespace halo {

class TextMatcher {
 public:
  // kInvalidArgument for an empty text and for a pattern that RE2 does not take.
  static Result<TextMatcher> Make(const TextPattern& pattern);

  // The first match in one value.
  std::optional<TextRange> Find(std::string_view value) const;

  // The first byte at or after `from` near which a matching value may lie; npos if there is none
  // in `bytes`, which hold many encoded values. Where a pattern has no literal part that any match
  // must contain, every byte may.
  std::size_t NextCandidate(std::string_view bytes, std::size_t from) const;

 private:
  TextMatcher() = default;
  std::string literal_;                      // when pattern_ is null
  std::shared_ptr<const RE2> pattern_;       // decides
  std::shared_ptr<const RE2> must_contain_;  // literals of which every match has one; may be null
};

}  // namespace halo
