// SPDX-License-Identifier: MIT
// The span lines of HALO's tracer: one JSON object a line with trace_id, span_id, start_time,
// plain attributes, resource and scope. More is accepted than HALO accepts: null parents, numeric
// status, no scope, any ids, times as nanoseconds.
#pragma once

#include "engine/importers/importer.h"

namespace halo {

extern const Importer kHaloJsonl;

}  // namespace halo
