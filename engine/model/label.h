// SPDX-License-Identifier: MIT
// What a person or an agent that checked a run says about its outcome.
#pragma once

#include <cstdint>
#include <string>

#include "engine/model/question.h"
#include "engine/model/span_facts.h"

namespace halo {

// Of the labels of a trace the last one counts. kUnknown takes back those before it: the outcome is
// again the one that the trace itself states. All of them are kept.
struct Label {
  TraceKey key;  // empty project: any
  Outcome outcome = Outcome::kUnknown;
  std::string who{}, why{};
  std::int64_t at_ns = 0;  // when it was given
};

}  // namespace halo
