// SPDX-License-Identifier: MIT
// Secrets in percent-encoded parts of a text: queries, forms, JSON in a query, encoded once or
// more. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "engine/model/config.h"
#include "engine/text/secrets.h"

namespace halo {

// The first secret at or after `from` that only shows once its surroundings are decoded; positions
// are those in `text`. Takes linear time if it is called again from the end of each secret.
std::optional<Secret> FindEncodedSecret(std::string_view text, std::size_t from,
                                        const RedactionConfig& config);

}  // namespace halo
