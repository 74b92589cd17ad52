// SPDX-License-Identifier: MIT
// Includes toml++ without its assertions. Some malformed files violate them, but must be reported
// like any other malformed file.
#pragma once

#define TOML_ASSERT(expr) static_assert(true)
#include <toml++/toml.h>
