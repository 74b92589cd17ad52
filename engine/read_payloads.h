// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/store/store.h"

namespace halo {

// The payloads in the order of `refs`, including those merged for this reading only.
Result<std::vector<std::string>> ReadPayloads(Store& store, const StoredTrace& trace,
                                              std::span<const PayloadRef> refs);

}  // namespace halo
