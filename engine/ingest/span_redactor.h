// SPDX-License-Identifier: MIT
// Redacts secrets in a span before any part of it is stored or hashed.
#pragma once

#include <deque>
#include <string>

#include "engine/model/span.h"
#include "engine/text/redact.h"

namespace halo {

// Holds scratch memory: use one object per thread.
class SpanRedactor {
 public:
  explicit SpanRedactor(const Redactor& redactor) : redactor_(redactor) {}

  // Returns the span itself if it contains no secret, which is the common case; else a copy that is
  // valid until the next call.
  const Span& Clean(const Span& span);
  // How many secrets the last call replaced.
  std::size_t count() const { return count_; }

 private:
  // Whether the key of an attribute says that its value is secret.
  bool IsSecret(const Attribute& attribute) const;
  bool MayContain(const std::vector<Attribute>& attributes) const;
  bool MayContain(const Span& span) const;
  std::string_view CleanText(std::string_view text);
  void CleanValues(std::vector<Attribute>& attributes);

  const Redactor& redactor_;
  std::size_t count_ = 0;
  Span copy_;
  Resource resource_;
  std::deque<std::string> texts_;  // owns redacted texts of the copy
};

}  // namespace halo
