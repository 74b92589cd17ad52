// SPDX-License-Identifier: MIT
// Reads a span by all known conventions.
#pragma once

#include <memory>
#include <span>

#include "engine/json/json_tree.h"
#include "engine/model/span.h"
#include "engine/model/span_fields.h"

namespace halo {

struct Convention;  // convention.h
class SpanReading;

// Applies conventions to spans, the most trusted one first. Reuses its memory for the next span:
// one object per thread.
class Conventions {
 public:
  Conventions();  // AllConventions()
  explicit Conventions(std::span<const Convention* const> conventions);
  ~Conventions();

  // The result is valid until the next call; `span` must outlive it.
  const SpanFields& Read(const Span& span);

  // The parsed JSON of that span's texts, so that readers of the fields need not parse it again.
  JsonTrees& json();

 private:
  std::unique_ptr<SpanReading> reading_;
};

}  // namespace halo
