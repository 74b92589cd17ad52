// SPDX-License-Identifier: MIT
// Takes secrets out of text before anything is stored or hashed: API keys, bearer tokens, private
// keys, passwords in URLs; e-mail addresses where configured. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/model/config.h"

namespace halo {

// Replaces each secret by "[redacted:KIND]", such as "[redacted:api_key]". Applying it twice gives
// the same as applying it once.
class Redactor {
 public:
  explicit Redactor(const RedactionConfig& config);

  // False is certain; true means that Redact must look. Runs at memory speed: every value that is
  // ingested passes here.
  bool MayContain(std::string_view text) const;

  // Writes the clean text to `out` (overwritten) and returns how many secrets it replaced.
  std::size_t Redact(std::string_view text, std::string& out) const;

 private:
  bool secrets_;
  bool emails_;
};

}  // namespace halo
