// SPDX-License-Identifier: MIT
// The user's own patterns for what must not be stored, in the syntax of RE2, which takes time
// linear in the text whatever the pattern. Immutable once built; any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace re2 {
class RE2;
}

namespace halo {

// kInvalidArgument for a pattern that RE2 does not accept, that is too large, or that matches the
// empty text.
Result<void> CheckRedactionPattern(std::string_view pattern);

// The part of a text that a pattern matches.
struct PatternMatch {
  std::size_t begin = 0, end = 0;
};

class RedactionPatterns {
 public:
  // Patterns that CheckRedactionPattern refuses are left out.
  explicit RedactionPatterns(const std::vector<std::string>& patterns);

  bool empty() const { return patterns_.empty(); }
  // The first match at or after `from` that ends by `to`; an empty one if there is none. Text
  // outside that range is only looked at by \b.
  PatternMatch Find(std::string_view text, std::size_t from, std::size_t to) const;

 private:
  std::vector<std::shared_ptr<const re2::RE2>> patterns_;
};

}  // namespace halo
