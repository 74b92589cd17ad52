// SPDX-License-Identifier: MIT
// Secrets in their surroundings, put together at run time so that no file of the repository holds
// what looks like a key.
#pragma once

#include <string>
#include <vector>

namespace halo {

struct SecretKind {
  std::string what;
  std::string text;    // with the secret in it
  std::string secret;  // must not remain
};

std::vector<SecretKind> SecretKinds();

// Texts in which nothing is secret.
std::vector<std::string> NearMisses();

}  // namespace halo
