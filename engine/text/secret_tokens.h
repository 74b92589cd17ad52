// SPDX-License-Identifier: MIT
// Tokens that are recognised by their shape alone: API keys with the prefix of their issuer, JSON
// Web Tokens, tokens of bots. Pure; any thread.
#pragma once

#include <string_view>

#include "engine/text/secret_match.h"

namespace halo::secret {

// The first token that begins at or after `from`, or an empty match. Runs at memory speed: every
// token has a run of at least 16 letters, digits, `_` and `-`, and only such runs are looked at.
Match FindToken(std::string_view text, std::size_t from);

}  // namespace halo::secret
