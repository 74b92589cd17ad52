// SPDX-License-Identifier: MIT
// Validation of URLs from the command line.
#pragma once

#include <string_view>

namespace halo {

// Whether `url` is an http or https URL that needs no escaping in a header or in JSON. Pure.
bool IsWebUrl(std::string_view url);

}  // namespace halo
