// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace halo {

// Tags come as a JSON array of texts or as one text with commas.
void AddTags(std::string_view text, std::vector<std::string>& tags);

}  // namespace halo
