// SPDX-License-Identifier: MIT
// Takes back the failure of a span whose status is no failure of its own.
#pragma once

#include "engine/model/span_facts.h"

namespace halo {

// Also takes back the outcome that the status of a root decided.
void ClearFailure(SpanFacts& span);

}  // namespace halo
