// SPDX-License-Identifier: MIT
#include "engine/text/redact.h"

#include <optional>
#include <utility>

#include "engine/text/secret_names.h"
#include "engine/text/secret_value.h"
#include "engine/text/secrets.h"

namespace halo {

Redactor::Redactor(const RedactionConfig& config)
    : secrets_(config.secrets), emails_(config.emails) {}

bool Redactor::MayContain(std::string_view text) const {
  if ((secrets_ || emails_) && FindSecret(text, 0, {secrets_, emails_})) return true;
  return secrets_ && FindShapedSecret(text, 0);
}

bool Redactor::IsSecret(std::string_view name, std::string_view value) const {
  if (!secrets_ || value.empty()) return false;
  const secret::SecretName* const found = secret::FindSecretKey(name);
  if (found == nullptr) return false;
  // OpenTelemetry writes headers as lists: ["Bearer ..."]. An object is a schema, or its members
  // are looked at one by one.
  if (value.front() == '{') return false;
  if (value.starts_with("[\"") && value.ends_with("\"]")) value = value.substr(2, value.size() - 4);
  if (found->look != secret::Look::kHeader) {
    return secret::IsSecretValue(*found, value, secret::Place::kQuoted);
  }
  const secret::Window window = {value.data(), value.data() + value.size()};
  return static_cast<bool>(secret::FindCredentials(window, window.begin, window.end));
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
