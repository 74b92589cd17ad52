// SPDX-License-Identifier: MIT
// Assigns each span's spend to the first finding that claims it, so that summed waste never exceeds
// what was spent. Used by one thread, for one trace, which it refers to.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/model/finding.h"
#include "engine/model/trace_summary.h"
#include "engine/trace/trace.h"

namespace halo {

class WasteLedger {
 public:
  explicit WasteLedger(const Trace& trace);

  // What the finding claims of what is left. `by_span`: whether it adds to that.
  Waste Claim(const Finding& finding, bool by_span);
  // Claims the spend that no finding has claimed.
  Waste ClaimRest(bool by_span);

  // What was claimed of each span. Unknown amounts count as 0.
  const std::vector<Waste>& by_span() const { return by_span_; }

 private:
  Waste Take(SpanIndex i);
  Waste TakeInput(SpanIndex i, std::int64_t tokens);
  std::int64_t TakeTime(SpanIndex i, std::int64_t ns);
  // Returns the waste, and notes it for the span.
  Waste Noted(SpanIndex i, const Waste& waste);

  struct Spent {
    std::int64_t tokens = 0, nano_usd = 0;
  };
  const Trace& trace_;
  std::vector<std::uint8_t> claimed_;
  std::vector<std::int64_t> critical_left_;
  std::vector<Spent> spent_;  // what is left of it
  std::vector<SpanIndex> pending_;
  std::vector<Waste> by_span_;
  bool notes_ = false;
};

}  // namespace halo
