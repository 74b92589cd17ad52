// SPDX-License-Identifier: MIT
// Finds the importer of an input by its first bytes. Pure functions; any thread.
#pragma once

#include <string_view>

#include "engine/base/result.h"
#include "engine/importers/importer.h"

namespace halo {

// The head of an input as importers get it first, with the value at the start of the input.
InputHead HeadOf(std::string_view start);

// The input without a byte order mark and white space at its start.
std::string_view SkipToText(std::string_view start);

// The importer that accepts an input with this start. If there is no such importer, kUnsupported;
// the message describes the input (binary, CSV, an HTML page, another tool's format) and names the
// accepted formats, and `holds_traces` is set to whether the input seems to hold traces anyway.
Result<const Importer*> ChooseImporter(std::string_view start, std::string_view name,
                                       bool* holds_traces = nullptr);

}  // namespace halo
