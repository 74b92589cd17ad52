// SPDX-License-Identifier: MIT
#include "engine/text/redact.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/text/percent_encoded.h"
#include "engine/text/secret_match.h"
#include "engine/text/secret_names.h"
#include "engine/text/secret_value.h"
#include "engine/text/secrets.h"

namespace halo {
namespace {

// The first match of the user's patterns, outside of what was replaced before: a pattern such as
// \w+ matches the replacements too.
std::optional<Secret> FindOwn(const RedactionPatterns& patterns, std::string_view text,
                              std::size_t from) {
  while (from < text.size()) {
    const std::size_t mark = text.find(secret::kMark, from);
    const std::size_t to = std::min(mark, text.size());
    if (const PatternMatch match = patterns.Find(text, from, to); match.end != 0) {
      return Secret{match.begin, match.end, "pattern", {}};
    }
    const std::size_t close = mark == text.npos ? mark : text.find(']', mark);
    if (close == text.npos) break;
    from = close + 1;
  }
  return std::nullopt;
}

}  // namespace

Redactor::Redactor(const RedactionConfig& config)
    : secrets_(config.secrets),
      built_in_{config.secrets, config.emails, {}},
      patterns_(config.patterns) {}

bool Redactor::MayContain(std::string_view text) const {
  if ((secrets_ || built_in_.emails) && FindSecret(text, 0, built_in_)) return true;
  if (secrets_ && FindShapedSecret(text, 0)) return true;
  if (secrets_ && FindEncodedSecret(text, 0, built_in_)) return true;
  return !patterns_.empty() && FindOwn(patterns_, text, 0);
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
  if (secrets_ || built_in_.emails) {
    count +=
        ReplaceAll(text, out, [&](std::size_t from) { return FindSecret(text, from, built_in_); });
  } else {
    out.append(text);
  }
  // Whole values first, then what is left of tokens outside them.
  if (secrets_ && FindShapedSecret(out, 0)) {
    const std::string once = std::exchange(out, {});
    count += ReplaceAll(once, out, [&](std::size_t from) { return FindShapedSecret(once, from); });
  }
  if (secrets_ && FindEncodedSecret(out, 0, built_in_)) {
    const std::string once = std::exchange(out, {});
    count += ReplaceAll(once, out,
                        [&](std::size_t from) { return FindEncodedSecret(once, from, built_in_); });
  }
  if (!patterns_.empty() && FindOwn(patterns_, out, 0)) {
    const std::string once = std::exchange(out, {});
    count +=
        ReplaceAll(once, out, [&](std::size_t from) { return FindOwn(patterns_, once, from); });
  }
  return count;
}

}  // namespace halo
