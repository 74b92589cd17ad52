// SPDX-License-Identifier: MIT
// How much memory operator new has handed out in this program: what a bound on memory is checked
// with, under sanitizers too.
#pragma once

#include <cstddef>

namespace halo {

std::size_t LiveBytes();
// The most since the last call of ResetPeakBytes.
std::size_t PeakBytes();
void ResetPeakBytes();

}  // namespace halo
