// SPDX-License-Identifier: MIT
#include "engine/text/agent_name.h"

#include <algorithm>
#include <iterator>

#include "engine/base/ascii.h"
#include "engine/text/matchers.h"
#include "engine/text/reader.h"

namespace halo {
namespace {

using ascii::IsAlnum;
using ascii::IsDigit;

constexpr std::string_view kMask = "<id>";

// Words whose number is a part of the name.
constexpr std::string_view kNumbered[] = {"claude", "gemini", "gemma",   "gpt",    "grok",
                                          "level",  "llama",  "mistral", "phase",  "phi",
                                          "qwen",   "tier",   "v",       "version"};

constexpr Match (*kMatchers[])(const TextPlace&) = {MatchUuid, MatchId, MatchHex, MatchGitSha};

bool IsSeparator(char c) {
  return std::string_view("-_ #:./@|(").find(c) != std::string_view::npos;
}

// A short random word, such as of nanoid: letters and digits alternate.
Match MatchShortId(const TextPlace& place) {
  constexpr std::size_t kLeast = 6;
  if (place.at == 0 || IsAlnum(place.before())) return {};
  const std::string_view word = Reader(place.rest()).TakeWhile(IsAlnum);
  const auto digits = std::count_if(word.begin(), word.end(), IsDigit);
  std::size_t runs = 1;
  for (std::size_t i = 1; i < word.size(); ++i) runs += IsDigit(word[i]) != IsDigit(word[i - 1]);
  return {word.size() >= kLeast && digits >= 2 && runs >= 3 ? word.size() : 0};
}

std::string_view LastWord(std::string_view text) {
  std::size_t begin = text.size();
  while (begin > 0 && ascii::IsAlpha(text[begin - 1])) --begin;
  return text.substr(begin);
}

// The digits at the end of a name, with a separator or a word of counted things before them.
std::size_t CounterSize(std::string_view name) {
  std::size_t begin = name.size();
  while (begin > 0 && IsDigit(name[begin - 1])) --begin;
  const std::size_t size = name.size() - begin;
  if (size == 0 || begin == 0) return 0;
  if (!IsSeparator(name[begin - 1])) return MatchCounter({name, begin}).length;
  if (begin >= 2 && name[begin - 1] == '.' && IsDigit(name[begin - 2])) return 0;  // "gpt-4.1"
  const std::string_view word = LastWord(name.substr(0, begin - 1));
  const bool is_numbered = size <= 2 && std::any_of(std::begin(kNumbered), std::end(kNumbered),
                                                    [&](std::string_view one) {
                                                      return ascii::EqualsFolded(word, one);
                                                    });
  return is_numbered ? 0 : size;
}

}  // namespace

std::string MaskAgentName(std::string_view name) {
  // Most names need no work: an id holds a digit.
  if (std::none_of(name.begin(), name.end(), IsDigit)) return std::string(name);
  std::string masked;
  TextPlace place{name, 0};
  const std::size_t counter = CounterSize(name);
  while (place.at < name.size()) {
    std::size_t length = 0;
    if (IsAlnum(name[place.at])) {
      for (const auto match : kMatchers) {
        if (length == 0) length = match(place).length;
      }
      if (length == 0) length = MatchShortId(place).length;
    }
    if (length == 0 && counter > 0 && place.at == name.size() - counter) length = counter;
    if (length == 0) {
      masked += name[place.at++];
    } else {
      masked += kMask;
      place.at += length;
    }
  }
  return masked;
}

bool IsOnlyId(std::string_view masked) {
  bool has_mask = false;
  while (!masked.empty()) {
    if (masked.starts_with(kMask)) {
      has_mask = true;
      masked.remove_prefix(kMask.size());
    } else if (IsAlnum(masked[0]) || static_cast<unsigned char>(masked[0]) >= 0x80) {
      return false;
    } else {
      masked.remove_prefix(1);
    }
  }
  return has_mask;
}

}  // namespace halo
