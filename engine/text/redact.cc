// SPDX-License-Identifier: MIT
#include "engine/text/redact.h"

#include "engine/text/secrets.h"

namespace halo {

Redactor::Redactor(const RedactionConfig& config)
    : secrets_(config.secrets), emails_(config.emails) {}

bool Redactor::MayContain(std::string_view text) const {
  return (secrets_ || emails_) && FindSecret(text, 0, {secrets_, emails_}).has_value();
}

std::size_t Redactor::Redact(std::string_view text, std::string& out) const {
  out.clear();
  std::size_t count = 0;
  std::size_t done = 0;
  if (secrets_ || emails_) {
    while (const auto secret = FindSecret(text, done, {secrets_, emails_})) {
      out.append(text, done, secret->begin - done);
      out.append("[redacted:").append(secret->kind).append("]");
      done = secret->end;
      ++count;
    }
  }
  out.append(text, done);
  return count;
}

}  // namespace halo
