// SPDX-License-Identifier: MIT
// Base64 of RFC 4648, section 4. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace halo {

// Empty if `text` is not base64. Padding is required.
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace halo
