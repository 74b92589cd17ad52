// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace halo {

// Adds the tags in `text`, which is a JSON array of texts or a text with commas, to `tags`. Pure.
void AddTags(std::string_view text, std::vector<std::string>& tags);

}  // namespace halo
