// SPDX-License-Identifier: MIT
// Which formats can be read.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/importers/importer.h"

namespace halo {

// THE LIST, in the order in which they are asked.
std::span<const Importer> AllImporters();

// Their short names as text, such as "A, B and C".
std::string FormatNames(std::string_view conjunction = "and");

}  // namespace halo
