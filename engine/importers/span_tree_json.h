// SPDX-License-Identifier: MIT
// Spans as tools write them for themselves: with their children in them (child_spans, children), or
// in a list of a larger object (spans), with plain names such as span_name, startTime or
// duration_ms. Ids are made up from content and position where they are not given; spans without
// times are ordered by their position. A tree over 32 MB is clipped.
#pragma once

#include "engine/importers/importer.h"

namespace halo {

extern const Importer kSpanTreeJson;

}  // namespace halo
