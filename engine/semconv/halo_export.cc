// SPDX-License-Identifier: MIT
// What `halo-mcp export` adds to a span: its project, if that was given by --project and not by the
// span. First in the list of conventions, since a project given so outranks every attribute.
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"halo.project", Field::kProject},
};

}  // namespace

extern constexpr Convention kHaloExport{.name = "halo_export", .keys = kKeys};

}  // namespace halo
