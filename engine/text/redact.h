// SPDX-License-Identifier: MIT
// Removes secrets from text before anything is stored or hashed: API keys, bearer tokens, private
// keys, passwords in URLs and, if configured, e-mail addresses. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/model/config.h"

namespace halo {

// Replaces each secret by "[redacted:KIND]", such as "[redacted:api_key]". Idempotent.
class Redactor {
 public:
  explicit Redactor(const RedactionConfig& config);

  // False if the text certainly has no secret; if true, call Redact. Runs at memory speed, since
  // every ingested value passes through it.
  bool MayContain(std::string_view text) const;

  // Overwrites `out` with the redacted text and returns how many secrets it replaced.
  std::size_t Redact(std::string_view text, std::string& out) const;

 private:
  bool secrets_;
  bool emails_;
};

}  // namespace halo
