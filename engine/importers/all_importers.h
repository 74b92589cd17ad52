// SPDX-License-Identifier: MIT
// Which formats can be read.
#pragma once

#include <span>

#include "engine/importers/importer.h"

namespace halo {

// THE LIST, in the order in which they are asked.
std::span<const Importer> AllImporters();

}  // namespace halo
