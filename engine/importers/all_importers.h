// SPDX-License-Identifier: MIT
// The supported input formats.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/importers/importer.h"

namespace halo {

// THE LIST, in the order in which they are tried.
std::span<const Importer> AllImporters();

// Their short names as text, such as "A, B and C".
std::string FormatNames(std::string_view conjunction = "and");

}  // namespace halo
