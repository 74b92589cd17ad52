// SPDX-License-Identifier: MIT
// Removes secrets from text before anything is stored or hashed: values whose name says that they
// are secret, API keys, credentials, private keys, passwords in addresses, web-hooks and, if
// configured, e-mail addresses and what the user's own patterns match. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/model/config.h"
#include "engine/model/redaction_pattern.h"

namespace halo {

// Replaces each secret by "[redacted:KIND]", such as "[redacted:api_key]". Idempotent.
class Redactor {
 public:
  explicit Redactor(const RedactionConfig& config);

  // False if the text certainly has no secret; if true, call Redact. Runs at memory speed, since
  // every ingested value passes through it.
  bool MayContain(std::string_view text) const;

  // Whether `value` is secret because of its name, such as the key of its attribute.
  bool IsSecret(std::string_view name, std::string_view value) const;
  // What replaces such a value.
  static constexpr std::string_view kReplacement = "[redacted:secret]";

  // Overwrites `out` with the redacted text and returns how many secrets it replaced.
  std::size_t Redact(std::string_view text, std::string& out) const;

 private:
  const bool secrets_;
  const RedactionConfig built_in_;  // what FindSecret looks for
  const RedactionPatterns patterns_;
};

}  // namespace halo
