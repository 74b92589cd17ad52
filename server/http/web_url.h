// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace halo {

// Whether it is an http or https URL as it may stand in a header, and in JSON. Pure.
bool IsWebUrl(std::string_view url);

}  // namespace halo
