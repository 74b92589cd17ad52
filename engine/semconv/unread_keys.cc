// SPDX-License-Identifier: MIT
#include "engine/semconv/unread_keys.h"

#include <algorithm>
#include <string>

#include "engine/base/ascii.h"

namespace halo {
namespace {

constexpr std::size_t kMaxKeyBytes = 64;
constexpr std::size_t kMaxDigits = 3;  // in a row; more are an id

// First parts of keys of OpenTelemetry's general conventions, none of which says anything that an
// analysis of agents uses.
constexpr std::string_view kPlumbing[] = {
    "http",      "url",        "net",         "network", "server", "client",  "db",
    "rpc",       "thread",     "code",        "peer",    "host",   "os",      "process",
    "dns",       "tls",        "otel",        "service", "k8s",    "cloud",   "faas",
    "container", "source",     "destination", "aws",     "azure",  "graphql", "messaging",
    "telemetry", "user_agent", "busy_ns",     "idle_ns"};

bool IsPlumbing(std::string_view key) {
  const std::string_view first = key.substr(0, key.find('.'));
  return std::find(std::begin(kPlumbing), std::end(kPlumbing), first) != std::end(kPlumbing);
}

bool IsName(std::string_view key) {
  if (key.empty() || key.size() > kMaxKeyBytes) return false;
  std::size_t digits = 0;
  for (const char c : key) {
    digits = ascii::IsDigit(c) ? digits + 1 : 0;
    if (digits > kMaxDigits) return false;
    if (!ascii::IsWord(c) && c != '.' && c != ':' && c != '/') return false;
  }
  return true;
}

// Appends the key with '#' for each part of it that is a number.
void AppendPattern(std::string_view key, std::string& out) {
  while (!key.empty()) {
    const std::size_t dot = std::min(key.find('.'), key.size());
    const std::string_view part = key.substr(0, dot);
    const bool index = !part.empty() && std::all_of(part.begin(), part.end(), ascii::IsDigit);
    out.append(index ? "#" : part);
    if (dot == key.size()) return;
    out += '.';
    key.remove_prefix(dot + 1);
  }
}

}  // namespace

void UnreadKeys::Add(std::string_view key) {
  if (keys_.size() == kMost || IsPlumbing(key) || !IsName(key)) return;
  keys_.push_back(key);
}

std::string_view UnreadKeys::Join(Arena& arena) {
  if (keys_.empty()) return {};
  std::sort(keys_.begin(), keys_.end());
  std::string out, before, pattern;
  for (const std::string_view key : keys_) {
    pattern.clear();
    AppendPattern(key, pattern);
    if (pattern == before) continue;
    if (!out.empty()) out += kSeparator;
    out += pattern;
    before = pattern;
  }
  return arena.Copy(out);
}

}  // namespace halo
