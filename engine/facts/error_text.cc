// SPDX-License-Identifier: MIT
#include "engine/facts/error_text.h"

#include "engine/base/ascii.h"

namespace halo {

bool SaysOnlyThatItFailed(std::string_view text) {
  for (const std::string_view word : {"", "error", "failed", "failure", "error.", "unknown error",
                                      "tool_error", "true", "internal error", "exception", "_other",
                                      "status_code_error", "error running tool (non-fatal)"}) {
    if (ascii::EqualsFolded(text, word)) return true;
  }
  return false;
}

bool StartsWithErrorWord(std::string_view text) {
  if (text.starts_with("Traceback (most recent call last)")) return true;
  // "Error: ...", "error: ..." of compilers, "Error executing tool ...".
  for (const std::string_view words : {"error:",
                                       "exception:",
                                       "[error]",
                                       "fatal:",
                                       "panic:",
                                       "<error>",
                                       "<tool_use_error>",
                                       "error calling ",
                                       "error executing ",
                                       "error running ",
                                       "error invoking ",
                                       "error processing ",
                                       "error fetching ",
                                       "error reading ",
                                       "error writing ",
                                       "error parsing ",
                                       "error occurred",
                                       "error code:",
                                       "error code ",
                                       "error -",
                                       "exception in thread ",
                                       "unhandled exception",
                                       "an error occurred"}) {
    if (ascii::StartsWithFolded(text, words)) return true;
  }
  return !LeadingExceptionClass(text).empty();
}

std::string_view TitleOfPage(std::string_view text) {
  text = ascii::Trim(text);
  if (!ascii::StartsWithFolded(text, "<html") && !ascii::StartsWithFolded(text, "<!doctype html")) {
    return {};
  }
  constexpr std::size_t kMostTitleBytes = 200;
  constexpr std::string_view kOpen = "<title>";
  const std::size_t begin = text.find(kOpen);
  if (begin == std::string_view::npos) return {};
  const std::string_view rest = text.substr(begin + kOpen.size(), kMostTitleBytes);
  return ascii::Trim(rest.substr(0, rest.find('<')));
}

std::string_view LeadingExceptionClass(std::string_view text) {
  std::size_t size = 0;
  while (
      size < text.size() && size < 120 &&
      (ascii::IsAlnum(text[size]) || text[size] == '_' || text[size] == '.' || text[size] == '$')) {
    ++size;
  }
  if (size < 6 || size == text.size()) return {};
  const std::string_view name = text.substr(0, size);
  const std::string_view rest = text.substr(size);
  if (!rest.starts_with(": ") && !rest.starts_with(":\n") && !rest.starts_with("(") &&
      !rest.starts_with("\n") && rest != ":") {
    return {};
  }
  const std::string_view last = ShortTypeName(name);
  // "Error" and "Exception" alone are words, not classes.
  if (last.size() <= 9 && (last == "Error" || last == "Exception")) return {};
  if (!ascii::IsUpper(last.front())) return {};
  for (const std::string_view ending : {"Error", "Exception", "Exceeded", "Timeout", "Interrupt",
                                        "Fault", "Refused", "Failure", "Warning", "Exit"}) {
    if (last.ends_with(ending)) return name;
  }
  return {};
}

std::string_view ShortTypeName(std::string_view type) {
  for (std::size_t i = type.size(); i > 0; --i) {
    const char c = type[i - 1];
    if (c != '.' && c != ':' && c != '\\' && c != '/') continue;
    const std::string_view last = type.substr(i);
    return !last.empty() && ascii::IsUpper(last.front()) ? last : type;
  }
  return type;
}

std::string_view SplitExceptionClass(std::string_view line, std::string_view& type) {
  line = ascii::Trim(line);
  const std::string_view leading = LeadingExceptionClass(line);
  if (!leading.empty() && (type.empty() || ShortTypeName(leading) == ShortTypeName(type))) {
    if (type.empty()) type = leading;
    std::string_view rest = ascii::Trim(line.substr(leading.size()));
    if (rest.starts_with(':')) rest = ascii::Trim(rest.substr(1));
    return rest;
  }
  // The second is the message that the OpenAI Agents SDK sends to the model.
  for (const std::string_view word :
       {"error: ", "an error occurred while running the tool. please try again. error: ",
        "exception: "}) {
    if (ascii::StartsWithFolded(line, word)) return ascii::Trim(line.substr(word.size()));
  }
  return line;
}

}  // namespace halo
