// SPDX-License-Identifier: MIT
// Reads a span by every convention there is.
#pragma once

#include <memory>

#include "engine/model/span.h"
#include "engine/model/span_fields.h"

namespace halo {

// Applies every convention to a span. Holds scratch memory: one object a thread.
class Conventions {
 public:
  Conventions();
  ~Conventions();

  // Valid until the next call. `span` must stay alive as long.
  const SpanFields& Read(const Span& span);

 private:
  struct Scratch;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace halo
