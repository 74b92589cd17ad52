// SPDX-License-Identifier: MIT
// A span without secrets, before anything of it is stored or hashed.
#pragma once

#include <deque>
#include <string>

#include "engine/model/span.h"
#include "engine/text/redact.h"

namespace halo {

// Holds scratch memory: one object a thread.
class SpanRedactor {
 public:
  explicit SpanRedactor(const Redactor& redactor) : redactor_(redactor) {}

  // The span itself where it holds no secret, which is the common case; else a copy that lives
  // until the next call. Names of attributes are not touched.
  const Span& Clean(const Span& span);

 private:
  bool MayContain(const std::vector<Attribute>& attributes) const;
  bool MayContain(const Span& span) const;
  std::string_view CleanText(std::string_view text);
  void CleanValues(std::vector<Attribute>& attributes);

  const Redactor& redactor_;
  Span copy_;
  Resource resource_;
  std::deque<std::string> texts_;  // of the copy
};

}  // namespace halo
