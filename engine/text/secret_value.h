// SPDX-License-Identifier: MIT
// Judges the value of a secret name by what it looks like. Pure; any thread.
#pragma once

#include <string_view>

#include "engine/text/secret_match.h"
#include "engine/text/secret_names.h"

namespace halo::secret {

// Where a value was found, which decides how much it must look like a secret.
enum class Place : std::uint8_t {
  kQuoted,  // a string: the name and the value are data
  kSure,    // a query, a form, an environment: data without quotes
  kBare,    // anything else, perhaps source code or prose
};

// Whether `value` is secret under that name.
bool IsSecretValue(const SecretName& name, std::string_view value, Place place);

// The credentials of an Authorization header in [begin, end), which is its whole value.
Match FindCredentials(const Window& window, const char* begin, const char* end);

// Whether the value of a Cookie or Set-Cookie header has a cookie.
bool IsCookie(std::string_view value);

}  // namespace halo::secret
