// SPDX-License-Identifier: MIT
// The memory allocated with operator new in this program, to check bounds on memory, also under
// sanitizers. Any thread.
#pragma once

#include <cstddef>

namespace halo {

std::size_t LiveBytes();
// The maximum of LiveBytes since the last call of ResetPeakBytes.
std::size_t PeakBytes();
void ResetPeakBytes();

}  // namespace halo
