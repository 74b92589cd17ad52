// SPDX-License-Identifier: MIT
// Whether a text holds words that begin in certain ways: a cheap test, in one pass, before rules
// that split it. Pure function; any thread.
#pragma once

#include <span>
#include <string_view>

namespace halo {

// Stems are in lower case and begin with a letter; a word begins after anything but a letter or
// digit.
bool HoldsStem(std::string_view text, std::span<const std::string_view> stems);

}  // namespace halo
