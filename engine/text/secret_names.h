// SPDX-License-Identifier: MIT
// Names that say that their value is secret: "password", "api_key", "X-Auth-Token", "Cookie".
#pragma once

#include <cstdint>
#include <string_view>

namespace halo::secret {

// What a value must look like beside having the name.
enum class Look : std::uint8_t {
  kAny,     // anything: any word may be a password
  kRandom,  // letters and digits: the name is also used for other things
  kHeader,  // a header with a scheme and credentials
  kCookie,  // NAME=VALUE pairs
};

struct SecretName {
  std::string_view ending;  // of the name, in lower case and without separators
  std::string_view kind;
  Look look = Look::kAny;
  bool word = false;  // the ending must be a word of its own: "DB_PASS" but not "bypass"
};

// The entry for a name, or null. Counts and positions of tokens ("max_tokens", "next_page_token")
// are not secret.
const SecretName* FindSecretName(std::string_view name);

// Whether the last letters of a name are those of a secret one; most others are rejected so.
bool MayEndSecretName(std::string_view name);

// FindSecretName for the key of an attribute, of which most are rejected at once.
const SecretName* FindSecretKey(std::string_view key);

}  // namespace halo::secret
