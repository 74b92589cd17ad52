// SPDX-License-Identifier: MIT
#include "engine/text/preamble.h"

#include <algorithm>
#include <iterator>

#include "engine/base/ascii.h"

namespace halo {
namespace {

constexpr std::size_t kMostClause = 120;
constexpr std::size_t kMostCode = 4096;

// Words of which preambles are made.
constexpr std::string_view kWords[] = {
    "a",        "action",     "agent",       "an",        "and",      "at",         "api",
    "attempt",  "call",       "called",      "calling",   "caught",   "code",       "could",
    "details",  "during",     "encountered", "exec",      "execute",  "executing",  "execution",
    "fatal",    "following",  "for",         "from",      "function", "generating", "got",
    "graph",    "handling",   "has",         "in",        "internal", "invocation", "invoke",
    "invoking", "is",         "llm",         "message",   "model",    "node",       "non",
    "occured",  "occurred",   "of",          "on",        "output",   "parse",      "parsing",
    "process",  "processing", "raised",      "reason",    "request",  "response",   "result",
    "run",      "running",    "runtime",     "step",      "task",     "the",        "this",
    "to",       "tool",       "unexpected",  "unhandled", "uncaught", "was",        "when",
    "while",    "with",       "workflow",
};

// Words that say that something failed; a preamble has one.
constexpr std::string_view kFailWords[] = {"error",  "errors",  "exception", "fail",
                                           "failed", "failure", "failing",   "traceback"};

// A name may follow these.
constexpr std::string_view kNamedWords[] = {"tool", "function", "agent",   "step",     "calling",
                                            "node", "action",   "running", "invoking", "executing",
                                            "task", "call",     "in"};

bool IsAmong(std::string_view word, const std::string_view* begin, const std::string_view* end) {
  return std::any_of(begin, end,
                     [&](std::string_view known) { return ascii::EqualsFolded(word, known); });
}

bool IsOfWord(char c) { return ascii::IsWord(c) || c == '.' || c == '/'; }

// Whether all of a clause is a preamble: generic words, and names behind a word that is named.
bool IsPreamble(std::string_view clause) {
  bool fails = false, may_name = false;
  for (std::size_t i = 0; i < clause.size();) {
    if (!IsOfWord(clause[i])) {
      // Quotes around a name, brackets and commas.
      if (std::string_view(" \t'\"`()[],*").find(clause[i]) == std::string_view::npos) return false;
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < clause.size() && IsOfWord(clause[end])) ++end;
    const std::string_view word = clause.substr(i, end - i);
    i = end;
    if (IsAmong(word, std::begin(kFailWords), std::end(kFailWords))) {
      fails = true;
      may_name = false;
    } else if (IsAmong(word, std::begin(kWords), std::end(kWords))) {
      may_name = IsAmong(word, std::begin(kNamedWords), std::end(kNamedWords));
    } else if (may_name && !ascii::IsDigit(word.front())) {
      may_name = false;
    } else {
      return false;
    }
  }
  return fails;
}

// Codes would lose the word that names them: "Error code: 400".
bool BeginsWithNumber(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && ascii::IsDigit(text.front());
}

}  // namespace

std::size_t PreambleLength(std::string_view line) {
  // What the OpenAI Agents SDK tells the model.
  constexpr std::string_view kOfAgents =
      "an error occurred while running the tool. please try again. error: ";
  std::size_t at = ascii::StartsWithFolded(line, kOfAgents) ? kOfAgents.size() : 0;
  while (at < line.size()) {
    const std::size_t colon = line.substr(at, kMostClause).find(':');
    if (colon == std::string_view::npos) break;
    const std::size_t after = at + colon + 1;
    if (after < line.size() && !ascii::IsSpace(line[after])) break;
    if (!IsPreamble(line.substr(at, colon))) break;
    std::size_t next = after;
    while (next < line.size() && ascii::IsSpace(line[next])) ++next;
    if (BeginsWithNumber(line.substr(next))) break;
    at = next;
  }
  return at;
}

std::size_t SkipQuotedCode(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && ascii::IsSpace(text[at])) ++at;
  const std::string_view head = text.substr(at, kMostCode);
  const std::size_t quote = head.find_first_of("'`");
  if (quote == std::string_view::npos || quote > kMostClause) return 0;
  if (!ascii::StartsWithFolded(head, "code execution failed at line") &&
      !IsPreamble(head.substr(0, quote))) {
    return 0;
  }
  for (const std::string_view words :
       {" due to: ", " due to:\n", " because of the following error"}) {
    const std::size_t found = head.find(words, quote);
    if (found == std::string_view::npos) continue;
    const std::size_t begin = head.find_first_not_of(" :\n\r\t", found + words.size());
    if (begin != std::string_view::npos) return at + begin;
  }
  return 0;
}

}  // namespace halo
