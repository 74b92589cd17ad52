// SPDX-License-Identifier: MIT
#include "engine/text/error_words.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "engine/base/ascii.h"

namespace halo {
namespace {

// The last part of the dotted name with which a line begins, if a colon or nothing follows it.
std::string_view LeadingName(std::string_view line) {
  std::size_t size = 0;
  while (size < line.size() && (ascii::IsWord(line[size]) || line[size] == '.')) ++size;
  if (size < line.size() && line[size] != ':') return {};
  const std::string_view name = line.substr(0, size);
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

}  // namespace

bool IsExceptionName(std::string_view word) {
  if (word.empty() || !ascii::IsUpper(word[0])) return false;
  constexpr std::string_view kEndings[] = {"Error",   "Exception", "Interrupt", "Exit",   "Timeout",
                                           "Warning", "Failure",   "Exceeded",  "Refused"};
  return std::any_of(std::begin(kEndings), std::end(kEndings),
                     [&](std::string_view ending) { return word.ends_with(ending); });
}

bool BeginsWithException(std::string_view line) { return IsExceptionName(LeadingName(line)); }

bool BeginsWithClass(std::string_view line) {
  const std::string_view name = LeadingName(line);
  return name.size() > 3 && ascii::IsUpper(name[0]) && name.size() < line.size() &&
         std::any_of(name.begin(), name.end(), ascii::IsLower);
}

bool NamesError(std::string_view line) {
  constexpr std::string_view kWords[] = {"error",     "exception", "fail",    "fatal",
                                         "panic",     "denied",    "refused", "invalid",
                                         "timed out", "not found"};
  for (std::size_t i = 0; i < line.size(); ++i) {
    for (const std::string_view word : kWords) {
      if (ascii::StartsWithFolded(line.substr(i), word)) return true;
    }
  }
  return false;
}

}  // namespace halo
