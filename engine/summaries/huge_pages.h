// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace halo {

// The calling thread is about to allocate about so many bytes in pieces that stay, and to fill
// them: lets the kernel map that part of its heap by huge pages in place of thousands of small
// ones. Only a hint, of use from 2 MB on; the pieces need not be large themselves.
void ExpectAllocations(std::size_t bytes) noexcept;

}  // namespace halo
