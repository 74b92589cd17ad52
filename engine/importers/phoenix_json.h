// SPDX-License-Identifier: MIT
// Spans exported from Arize Phoenix: answers of /v1/projects/ID/spans, and rows of its data frames
// (columns such as context.trace_id and attributes.llm.token_count.prompt).
#pragma once

#include "engine/importers/importer.h"

namespace halo {

extern const Importer kPhoenixJson;

}  // namespace halo
