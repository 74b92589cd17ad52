// SPDX-License-Identifier: MIT
// Reads a span by every convention there is.
#pragma once

#include <memory>
#include <span>

#include "engine/json/json_tree.h"
#include "engine/model/span.h"
#include "engine/model/span_fields.h"

namespace halo {

struct Convention;  // convention.h
class SpanReading;

// Applies conventions to spans, the most trusted one first. Keeps memory from span to span: one
// object per thread.
class Conventions {
 public:
  Conventions();  // AllConventions()
  explicit Conventions(std::span<const Convention* const> conventions);
  ~Conventions();

  // Valid until the next call. `span` must stay alive as long.
  const SpanFields& Read(const Span& span);

  // The JSON in the texts of that span, so that who reads the fields need not parse it again.
  JsonTrees& json();

 private:
  std::unique_ptr<SpanReading> reading_;
};

}  // namespace halo
