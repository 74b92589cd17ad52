// SPDX-License-Identifier: MIT
// Where tests find their golden files.
#pragma once

#include <filesystem>

namespace halo {

// The root of the checkout from which the tests were built. A function rather than a macro, so that
// only one object file depends on the path and checkouts can share a compiler cache.
std::filesystem::path SourceDir();

}  // namespace halo
