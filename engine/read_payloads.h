// SPDX-License-Identifier: MIT
// Reads the payloads of a trace that was loaded with the versions of its spans merged.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/store/store.h"

namespace halo {

// In the order of `refs`, including those merged for this reading only.
Result<std::vector<std::string>> ReadPayloads(Store& store, const StoredTrace& trace,
                                              std::span<const PayloadRef> refs);

}  // namespace halo
