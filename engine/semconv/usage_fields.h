// SPDX-License-Identifier: MIT
// Token counts and cost of one span, from all that its attributes say of them.
#pragma once

#include "engine/semconv/span_reading.h"

namespace halo {

// Reads the objects of counts and costs, which are trusted less than plain attributes.
void ReadUsageObjects(SpanReading& reading);

// Fills the counts, the cost and what is counted inside what.
void ResolveUsage(const Span& span, SpanReading& reading);

}  // namespace halo
