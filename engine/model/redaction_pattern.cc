// SPDX-License-Identifier: MIT
#include "engine/model/redaction_pattern.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

namespace halo {
namespace {

constexpr std::int64_t kMaxMemory = 8 << 20;  // of one pattern's automata

std::shared_ptr<const re2::RE2> Compile(std::string_view pattern) {
  RE2::Options options;
  options.set_max_mem(kMaxMemory);
  options.set_log_errors(false);
  return std::make_shared<const re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()),
                                          options);
}

bool MatchesNothing(const re2::RE2& pattern) { return re2::RE2::FullMatch("", pattern); }

}  // namespace

Result<void> CheckRedactionPattern(std::string_view pattern) {
  const std::shared_ptr<const re2::RE2> compiled = Compile(pattern);
  const std::string shown = "\"" + std::string(pattern.substr(0, 60)) + "\"";
  if (!compiled->ok()) {
    return Error{Code::kInvalidArgument,
                 shown + " is not a pattern in RE2 syntax: " + compiled->error()};
  }
  if (MatchesNothing(*compiled)) {
    return Error{Code::kInvalidArgument,
                 shown + " matches the empty text; a pattern must match at least one character"};
  }
  return {};
}

RedactionPatterns::RedactionPatterns(const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) {
    std::shared_ptr<const re2::RE2> compiled = Compile(pattern);
    if (compiled->ok() && !MatchesNothing(*compiled)) patterns_.push_back(std::move(compiled));
  }
}

PatternMatch RedactionPatterns::Find(std::string_view text, std::size_t from,
                                     std::size_t to) const {
  const re2::StringPiece whole(text.data(), text.size());
  PatternMatch first;
  for (const auto& pattern : patterns_) {
    const int count = pattern->NumberOfCapturingGroups() > 0 ? 2 : 1;
    re2::StringPiece parts[2];
    for (std::size_t at = from;
         at < to && pattern->Match(whole, at, to, re2::RE2::UNANCHORED, parts, count);) {
      const re2::StringPiece& part = parts[count - 1];
      if (!part.empty()) {
        const auto begin = static_cast<std::size_t>(part.data() - text.data());
        if (first.end == 0 || begin < first.begin) first = {begin, begin + part.size()};
        break;
      }
      // An empty match, or a group that took no part in it.
      const auto end = static_cast<std::size_t>(parts[0].end() - text.data());
      at = std::max(at + 1, end);
    }
  }
  return first;
}

}  // namespace halo
