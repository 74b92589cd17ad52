// SPDX-License-Identifier: MIT
#include "engine/trace/error_cause.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "engine/base/ascii.h"

namespace halo {
namespace {

constexpr std::size_t kShortestCause = 8;

// Sorted.
constexpr std::array<std::string_view, 78> kEmptyWords = {
    "a",
    "agent",
    "agenterror",
    "an",
    "and",
    "apierror",
    "applicationerror",
    "at",
    "baseexception",
    "because",
    "by",
    "call",
    "calling",
    "chain",
    "code",
    "completed",
    "description",
    "details",
    "did",
    "due",
    "during",
    "encountered",
    "err",
    "error",
    "errored",
    "errors",
    "event",
    "exception",
    "exceptions",
    "executed",
    "executing",
    "execution",
    "executionerror",
    "fail",
    "failed",
    "failure",
    "fatal",
    "field",
    "flag",
    "from",
    "function",
    "generic",
    "has",
    "in",
    "internal",
    "invocation",
    "invoking",
    "message",
    "no",
    "not",
    "occurred",
    "of",
    "operation",
    "raised",
    "result",
    "returned",
    "run",
    "running",
    "runtimeerror",
    "something",
    "span",
    "status",
    "step",
    "text",
    "the",
    "threw",
    "to",
    "tool",
    "toolerror",
    "toolexception",
    "type",
    "unexpected",
    "unhandled",
    "unknown",
    "went",
    "while",
    "with",
    "wrong",
};
static_assert(std::is_sorted(kEmptyWords.begin(), kEmptyWords.end()));

using ascii::IsDigit;
using ascii::Lower;

// The text without the names of what failed: "tool search failed" says no more than "tool failed".
std::string WithoutNames(std::string_view text, const SpanFacts& wrapper, const SpanFacts& inner,
                         const StringPool& words) {
  constexpr std::size_t kShortestName = 3;
  std::string out(text);
  for (const StringId word : {inner.tool, inner.name, inner.operation, inner.agent, wrapper.tool,
                              wrapper.name, wrapper.operation, wrapper.agent}) {
    const std::string_view name = words[word];
    if (name.size() < kShortestName) continue;
    for (std::size_t at = out.find(name); at != out.npos; at = out.find(name, at)) {
      out.erase(at, name.size());
    }
  }
  return out;
}

bool Contains(std::string_view outer, std::string_view inner) {
  return inner.size() >= kShortestCause && outer.find(inner) != outer.npos && !NamesNoCause(inner);
}

}  // namespace

bool NamesNoCause(std::string_view signature) {
  std::string word;
  for (std::size_t i = 0; i < signature.size();) {
    const char c = signature[i];
    if (c == '<') {  // a mask such as <int> tells nothing
      const std::size_t close = signature.find('>', i);
      if (close == signature.npos) return false;
      i = close + 1;
    } else if (ascii::IsAlpha(c)) {
      word.clear();
      for (; i < signature.size() && ascii::IsAlpha(signature[i]); ++i) word += Lower(signature[i]);
      if (!std::binary_search(kEmptyWords.begin(), kEmptyWords.end(), word)) return false;
    } else if (IsDigit(c) || static_cast<unsigned char>(c) >= 0x80) {
      return false;  // a status code, or a language that the list does not know
    } else {
      ++i;
    }
  }
  return true;
}

bool RepeatsError(const SpanFacts& wrapper, const SpanFacts& inner, const StringPool& words) {
  if (wrapper.error_signature == inner.error_signature) return true;
  if (wrapper.transport != Transport::kNone && wrapper.transport == inner.transport) return true;
  const std::string_view outer_text = words[wrapper.error_signature];
  const std::string_view inner_text = words[inner.error_signature];
  return NamesNoCause(WithoutNames(outer_text, wrapper, inner, words)) ||
         Contains(outer_text, inner_text) || Contains(inner_text, outer_text);
}

}  // namespace halo
