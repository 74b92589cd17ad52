// SPDX-License-Identifier: MIT
// Judges one span: its kind of step, whether and how it failed, its request and result, its cost.
// Reads the decoded and redacted payload once; everything later reads facts.
#pragma once

#include <memory>

#include "engine/json/json_tree.h"
#include "engine/model/config.h"
#include "engine/model/span.h"
#include "engine/model/span_facts.h"
#include "engine/model/span_fields.h"
#include "engine/model/string_pool.h"
#include "engine/pricing/price_table.h"

namespace halo {

// Holds scratch memory and caches: one object per thread. The price table must outlive it.
class FactsComputer {
 public:
  FactsComputer(const OutcomeConfig& outcome, const PriceTable& prices,
                const WordSettings& words = {});
  ~FactsComputer();

  // Fills all of `facts` except content_hash, payload, payload_bytes and clipped. `json` is the
  // span's Conventions::json. Interns the strings of the facts in `words`.
  void Compute(const Span& span, const SpanFields& fields, JsonTrees& json, StringPool& words,
               SpanFacts& facts);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace halo
