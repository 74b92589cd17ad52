// SPDX-License-Identifier: MIT
// Finds the importer of an input by how it begins.
#pragma once

#include <string_view>

#include "engine/base/result.h"
#include "engine/importers/importer.h"

namespace halo {

// The first complete JSON value of the input, or its first 64 KB: what Importer::sniff looks at.
std::string_view SniffHead(std::string_view start);

// The importer that takes input which starts like this; else kUnsupported with what was seen, what
// is accepted and the likely cause (binary, CSV, an HTML page, another tool's format), and then in
// `holds_traces` whether it seems to be traces all the same.
Result<const Importer*> ChooseImporter(std::string_view start, std::string_view name,
                                       bool* holds_traces = nullptr);

}  // namespace halo
