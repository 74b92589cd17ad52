// SPDX-License-Identifier: MIT
// Where tests find their golden files.
#pragma once

#include <filesystem>

namespace halo {

// The root of the checkout that the tests were built from. A function and no macro, so that only
// one object differs between two checkouts and a compiler cache serves both.
std::filesystem::path SourceDir();

}  // namespace halo
