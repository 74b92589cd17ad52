// SPDX-License-Identifier: MIT
// Finds a text or an RE2 pattern in stored spans. Immutable; any thread.
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
  // kInvalidArgument for an empty text or a pattern that RE2 rejects.
  static Result<TextMatcher> Make(const TextPattern& pattern);

  // The first match in one value.
  std::optional<TextRange> Find(std::string_view value) const;

  // The first position at or after `from` in `bytes`, which hold many encoded values, near which a
  // value may match, or npos. Every position may, if the pattern requires no literal part.
  std::size_t NextCandidate(std::string_view bytes, std::size_t from) const;

 private:
  TextMatcher() = default;
  std::string literal_;                 // used if pattern_ is null
  std::shared_ptr<const RE2> pattern_;  // decides
  std::shared_ptr<const RE2>
      must_contain_;  // literals, one of which every match contains; may be null
};

}  // namespace halo
