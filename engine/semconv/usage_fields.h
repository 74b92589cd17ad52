// SPDX-License-Identifier: MIT
// Token counts and cost of one span, from all the attributes that hold them.
#pragma once

#include "engine/semconv/span_reading.h"

namespace halo {

// Reads the objects of counts and costs, which are trusted less than plain attributes.
void ReadUsageObjects(SpanReading& reading);

// Fills the counts, the cost, and the flags for the counts that include or exclude other counts.
void ResolveUsage(const Span& span, SpanReading& reading);

}  // namespace halo
