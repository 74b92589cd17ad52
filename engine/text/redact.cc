// SPDX-License-Identifier: MIT
#include "engine/text/redact.h"

#include <optional>
#include <utility>

#include "engine/text/secrets.h"

namespace halo {

Redactor::Redactor(const RedactionConfig& config)
    : secrets_(config.secrets), emails_(config.emails) {}

bool Redactor::MayContain(std::string_view text) const {
  if ((secrets_ || emails_) && FindSecret(text, 0, {secrets_, emails_})) return true;
  return secrets_ && FindShapedSecret(text, 0);
}

namespace {

// Replaces everything that `find` finds from one position on.
template <class Find>
std::size_t ReplaceAll(std::string_view text, std::string& out, Find find) {
  std::size_t count = 0;
  std::size_t done = 0;
  while (const std::optional<Secret> secret = find(done)) {
    out.append(text, done, secret->begin - done);
    out.append(secret->quote).append("[redacted:").append(secret->kind).append("]");
    out.append(secret->quote);
    done = secret->end;
    ++count;
  }
  out.append(text, done);
  return count;
}

}  // namespace

std::size_t Redactor::Redact(std::string_view text, std::string& out) const {
  out.clear();
  std::size_t count = 0;
  if (secrets_ || emails_) {
    count += ReplaceAll(text, out, [&](std::size_t from) {
      return FindSecret(text, from, {secrets_, emails_});
    });
  } else {
    out.append(text);
  }
  // Whole values first, then what is left of tokens outside them.
  if (secrets_ && FindShapedSecret(out, 0)) {
    const std::string once = std::exchange(out, {});
    count += ReplaceAll(once, out, [&](std::size_t from) { return FindShapedSecret(once, from); });
  }
  return count;
}

}  // namespace halo
