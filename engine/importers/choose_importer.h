// SPDX-License-Identifier: MIT
// Finds the importer of an input by how it begins.
#pragma once

#include <string_view>

#include "engine/base/result.h"
#include "engine/importers/importer.h"

namespace halo {

// What importers are asked about first.
InputHead HeadOf(std::string_view start);

// The input without a byte order mark and white space at its start.
std::string_view SkipToText(std::string_view start);

// The importer that accepts input which starts like this. Else kUnsupported, with what was seen,
// its likely cause (binary, CSV, an HTML page, another tool's format) and what is accepted;
// `holds_traces` then says whether the input seems to hold traces all the same.
Result<const Importer*> ChooseImporter(std::string_view start, std::string_view name,
                                       bool* holds_traces = nullptr);

}  // namespace halo
