// SPDX-License-Identifier: MIT
// The unit of counting: what counts as one run.
#pragma once

#include <cstdint>

namespace halo {

// With kSession, each trace without a session id is a run of its own.
enum class Unit : std::uint8_t { kTrace, kSession };

}  // namespace halo
