// SPDX-License-Identifier: MIT
#include "engine/detectors/tool_words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <utility>

namespace halo {
namespace {

// Sorted.
constexpr std::array<std::string_view, 70> kActing = {
    "accept",   "activate", "add",     "append", "apply",  "approve", "archive", "assign",
    "bash",     "book",     "buy",     "cancel", "click",  "close",   "commit",  "confirm",
    "copy",     "create",   "decline", "delete", "deploy", "disable", "edit",    "email",
    "enable",   "exec",     "execute", "fill",   "fix",    "insert",  "install", "invoke",
    "log",      "mark",     "message", "move",   "notify", "order",   "pay",     "post",
    "press",    "print",    "publish", "push",   "put",    "python",  "record",  "refund",
    "register", "reject",   "release", "remove", "rename", "replace", "reply",   "reserve",
    "restart",  "run",      "save",    "send",   "set",    "shell",   "store",   "submit",
    "terminal", "type",     "update",  "upload", "upsert", "write",
};
static_assert(std::is_sorted(kActing.begin(), kActing.end()));

// Sorted.
constexpr std::array<std::string_view, 17> kEnding = {
    "answer",  "complete", "completed", "completion", "delegate", "done",
    "end",     "escalate", "final",     "finish",     "handoff",  "reply",
    "respond", "return",   "submit",    "terminate",  "transfer",
};
static_assert(std::is_sorted(kEnding.begin(), kEnding.end()));

// Sorted.
constexpr std::array<std::string_view, 16> kPolling = {
    "await", "check",    "health", "latest",  "listen", "monitor", "observe", "ping",
    "poll",  "progress", "ready",  "refresh", "sleep",  "status",  "wait",    "watch",
};
static_assert(std::is_sorted(kPolling.begin(), kPolling.end()));

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

// Sorted.
constexpr std::array<std::string_view, 17> kReading = {
    "check", "count",  "describe", "fetch", "find",   "get",  "inspect",   "list", "load",
    "look",  "lookup", "query",    "read",  "search", "show", "summarize", "view",
};
static_assert(std::is_sorted(kReading.begin(), kReading.end()));

// Calls use(word) for each word of `name`, in lower case, until it returns true.
template <class Use>
bool AnyWord(std::string_view name, Use use) {
  std::string word;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    const char c = i < name.size() ? name[i] : ' ';
    const bool begins = IsUpper(c) && i > 0 && IsLower(name[i - 1]);
    if (!word.empty() && (begins || (!IsUpper(c) && !IsLower(c)))) {
      if (use(word)) return true;
      word.clear();
    }
    if (IsUpper(c)) word += static_cast<char>(c - 'A' + 'a');
    if (IsLower(c)) word += c;
  }
  return false;
}

// Whether a word of `name` is one of `words`.
bool HasWord(std::string_view name, std::span<const std::string_view> words) {
  return AnyWord(name, [&](const std::string& word) {
    return std::binary_search(words.begin(), words.end(), word);
  });
}

// "get_order", "list_emails": what follows is a thing, not a second act.
bool OnlyReads(std::string_view name) {
  bool is_first = true, reads = false;
  const bool goes_on = AnyWord(name, [&](const std::string& word) {
    if (std::exchange(is_first, false)) {
      reads = std::binary_search(kReading.begin(), kReading.end(), word);
      return false;
    }
    return word == "and" || word == "or" || word == "then";
  });
  return reads && !goes_on;
}

}  // namespace

bool NameActs(std::string_view tool) { return HasWord(tool, kActing) && !OnlyReads(tool); }

bool NamePolls(std::string_view tool) { return HasWord(tool, kPolling); }

bool NameEndsRun(std::string_view tool) { return HasWord(tool, kEnding); }

}  // namespace halo
