// SPDX-License-Identifier: MIT
#include "engine/model/behaviour_name.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <vector>

#include "engine/base/ascii.h"
#include "schemas/nearest.h"

namespace halo {
namespace {

struct KindName {
  std::string_view word;
  bool number = false;  // it has an `n`
  int names = 0;        // how many of `a` and `b`
};
// By kind.
constexpr std::array<KindName, kBehaviourKinds> kNames = {{
    {"calls", false, 1},       {"calls_often", true, 1},   {"no_calls", false, 0},
    {"then", false, 2},        {"first", false, 1},        {"last", false, 1},
    {"agent", false, 1},       {"hand_off", false, 2},     {"turns", true, 0},
    {"repeats", true, 1},      {"fails", true, 1},         {"finish", false, 1},
    {"last_finish", false, 1}, {"limit", false, 1},        {"duration", true, 0},
    {"tokens", true, 0},       {"prompt_tokens", true, 0}, {"result_bytes", true, 1},
    {"prompt", false, 2},      {"tools", false, 2},        {"corrected", true, 0},
    {"apologises", false, 0},  {"cannot", false, 0},
}};
constexpr std::string_view kThen = " > ";

std::string FormOf(const KindName& kind) {
  std::string out(kind.word);
  if (kind.number) out += " NUMBER";
  if (kind.names > 0) out += " NAME";
  if (kind.names > 1) out += " > NAME";
  return out;
}

Error Expected(const KindName& kind) {
  return {Code::kInvalidArgument, "expected \"" + FormOf(kind) + "\""};
}

}  // namespace

std::string BehaviourName(const Behaviour& behaviour) {
  const KindName& kind = kNames[static_cast<std::size_t>(behaviour.kind)];
  std::string out(kind.word);
  if (kind.number) out += " " + std::to_string(behaviour.n);
  if (kind.names > 0) out += " " + behaviour.a;
  if (kind.names > 1) out.append(kThen).append(behaviour.b);
  return out;
}

Result<Behaviour> ParseBehaviourName(std::string_view text) {
  text = ascii::Trim(text);
  const std::string_view word = text.substr(0, text.find(' '));
  const auto kind = std::find_if(kNames.begin(), kNames.end(),
                                 [&](const KindName& one) { return one.word == word; });
  if (kind == kNames.end()) {
    std::vector<std::string_view> words;
    std::string all;
    for (const KindName& one : kNames) {
      words.push_back(one.word);
      all.append(all.empty() ? "" : ", ").append(one.word);
    }
    return Error{Code::kInvalidArgument, "is no behaviour" + SuggestWord(word, words) +
                                             "; expected one of " + all +
                                             ", for example \"then search > answer\""};
  }
  Behaviour out{static_cast<BehaviourKind>(kind - kNames.begin())};
  std::string_view rest = ascii::Trim(text.substr(word.size()));
  if (kind->number) {
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), out.n);
    if (error != std::errc() || out.n < 0) return Expected(*kind);
    rest = ascii::Trim(rest.substr(static_cast<std::size_t>(end - rest.data())));
  }
  if ((kind->names == 0) != rest.empty()) return Expected(*kind);
  if (kind->names == 2) {
    const std::size_t at = rest.find(kThen);
    if (at == rest.npos) return Expected(*kind);
    out.b = ascii::Trim(rest.substr(at + kThen.size()));
    rest = ascii::Trim(rest.substr(0, at));
    if (out.b.empty() || rest.empty()) return Expected(*kind);
  }
  out.a = rest;
  return out;
}

}  // namespace halo
