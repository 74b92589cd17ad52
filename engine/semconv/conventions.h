// SPDX-License-Identifier: MIT
// Reads a span by every convention there is.
#pragma once

#include <memory>

#include "engine/json/json_tree.h"
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

  // The JSON in the texts of that span, so that who reads the fields need not parse it again.
  JsonTrees& json();

 private:
  struct Scratch;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace halo
