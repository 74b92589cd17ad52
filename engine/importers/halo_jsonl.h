// SPDX-License-Identifier: MIT
// The span lines of HALO's tracer: one JSON object per line with trace_id, span_id, start_time,
// plain attributes, resource and scope. Accepts more than HALO does: null parents, numeric status,
// no scope, any ids, times in nanoseconds.
#pragma once

#include "engine/importers/importer.h"

namespace halo {

extern const Importer kHaloJsonl;

}  // namespace halo
