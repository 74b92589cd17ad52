// SPDX-License-Identifier: MIT
#include "engine/text/secret_names.h"

#include <array>

#include "engine/base/ascii.h"

namespace halo::secret {
namespace {

using ascii::IsAlnum;
using ascii::IsAlpha;
using ascii::IsLower;
using ascii::IsUpper;

// THE LIST.
constexpr SecretName kNames[] = {
    {"password", "password"},
    {"passwd", "password"},
    {"passphrase", "password"},
    {"passcode", "password"},
    {"pwd", "password"},
    {"pass", "password", Look::kAny, true},
    {"secret", "secret"},
    {"secretstring", "secret"},
    {"apikey", "api_key"},
    {"accesskey", "secret"},
    {"secretkey", "secret"},
    {"privatekey", "private_key"},
    {"signingkey", "secret"},
    {"encryptionkey", "secret"},
    {"masterkey", "secret"},
    {"accountkey", "secret"},
    {"storagekey", "secret"},
    {"subscriptionkey", "api_key"},
    {"functionskey", "api_key"},
    {"applicationkey", "api_key"},
    {"appkey", "api_key", Look::kRandom},
    {"authkey", "secret"},
    {"adminkey", "secret"},
    {"rolekey", "api_key", Look::kRandom},
    {"sharedkey", "secret"},
    {"licensekey", "secret", Look::kRandom},
    {"token", "secret", Look::kRandom},
    {"accesstoken", "secret"},
    {"authtoken", "secret"},
    {"refreshtoken", "secret"},
    {"sessiontoken", "secret"},
    {"apitoken", "secret"},
    {"bearertoken", "secret"},
    {"authorization", "secret", Look::kHeader},
    {"cookie", "cookie", Look::kCookie},
    {"phpsessid", "cookie", Look::kRandom},
    {"jsessionid", "cookie", Look::kRandom},
    {"aspnetsessionid", "cookie", Look::kRandom},
    {"credential", "secret", Look::kRandom},
    {"credentials", "secret", Look::kRandom},
};

// What comes before "token" where it is a part of text or a place in a list.
constexpr std::string_view kOtherTokens[] = {
    "page",  "next", "continuation", "sync",   "stop",   "eos",   "bos",     "pad",        "unk",
    "mask",  "sep",  "cls",          "first",  "last",   "per",   "special", "cursor",     "resume",
    "start", "end",  "input",        "output", "prompt", "image", "total",   "completion", "max"};

bool IsOtherToken(std::string_view folded) {
  folded.remove_suffix(std::string_view("token").size());
  for (const std::string_view word : kOtherTokens) {
    if (folded.ends_with(word)) return true;
  }
  return false;
}

// Whether the last `size` characters of a name are a word of its own.
bool IsLastWord(std::string_view name, std::size_t size) {
  if (name.size() <= size) return name.size() == size;
  const char before = name[name.size() - size - 1], first = name[name.size() - size];
  return !IsAlpha(before) || (IsLower(before) && IsUpper(first));
}

// Pairs of letters that end a name.
constexpr std::array<std::array<bool, 32>, 32> kLastPairs = [] {
  std::array<std::array<bool, 32>, 32> pairs{};
  for (const SecretName& each : kNames) {
    pairs[each.ending[each.ending.size() - 2] & 31][each.ending.back() & 31] = true;
  }
  return pairs;
}();

}  // namespace

bool MayEndSecretName(std::string_view name) {
  if (name.size() < 2) return false;
  return kLastPairs[name[name.size() - 2] & 31][name.back() & 31];
}

const SecretName* FindSecretName(std::string_view name) {
  std::array<char, 24> folded;  // the end of the name; longer than any ending
  std::size_t size = 0;
  for (std::size_t i = name.size(); i > 0 && size < folded.size(); --i) {
    if (IsAlnum(name[i - 1])) folded[folded.size() - ++size] = ascii::Lower(name[i - 1]);
  }
  const std::string_view end(folded.data() + folded.size() - size, size);
  const SecretName* found = nullptr;
  for (const SecretName& each : kNames) {
    if (!end.ends_with(each.ending)) continue;
    if (each.word && !IsLastWord(name, each.ending.size())) continue;
    if (found == nullptr || each.ending.size() > found->ending.size()) found = &each;
  }
  if (found != nullptr && found->ending == "token" && IsOtherToken(end)) return nullptr;
  return found;
}

const SecretName* FindSecretKey(std::string_view key) {
  while (!key.empty() && !IsAlpha(key.back())) key.remove_suffix(1);  // "headers.cookie.0"
  if (key.size() < 3) return nullptr;
  if (!MayEndSecretName(key)) return nullptr;
  return FindSecretName(key);
}

}  // namespace halo::secret
