// SPDX-License-Identifier: MIT
#include "engine/store/text_matcher.h"

#include <re2/filtered_re2.h>
#include <string.h>

#include <vector>

namespace halo {
namespace {

// Limits the memory of a pattern's automata; a larger pattern is refused.
constexpr std::int64_t kMaxMemory = 8 << 20;
// Shorter literals occur almost everywhere, so looking for them first gains nothing.
constexpr int kMinLiteral = 3;

RE2::Options OptionsOf(bool ignore_case) {
  RE2::Options options;
  options.set_max_mem(kMaxMemory);
  options.set_log_errors(false);
  options.set_case_sensitive(!ignore_case);
  return options;
}

// A pattern that matches a set of literals, one of which occurs in every match of `pattern`; null
// if `pattern` requires no literal.
std::shared_ptr<const RE2> LiteralsOf(const std::string& pattern, const RE2::Options& options) {
  re2::FilteredRE2 filter(kMinLiteral);
  int id = 0;
  std::vector<std::string> literals;
  if (filter.Add(pattern, options, &id) != RE2::NoError) return nullptr;
  filter.Compile(&literals);
  if (literals.empty()) return nullptr;
  std::string any;
  for (const std::string& literal : literals) {
    any.append(any.empty() ? "" : "|").append(RE2::QuoteMeta(literal));
  }
  // RE2 gives the literals in lower case.
  auto found = std::make_shared<const RE2>(any, OptionsOf(true));
  return found->ok() ? found : nullptr;
}

}  // namespace

Result<TextMatcher> TextMatcher::Make(const TextPattern& pattern) {
  if (pattern.text.empty()) {
    return Error{Code::kInvalidArgument, "the text to look for is empty"};
  }
  TextMatcher matcher;
  if (!pattern.regex && !pattern.ignore_case) {
    matcher.literal_ = pattern.text;
    return matcher;
  }
  const RE2::Options options = OptionsOf(pattern.ignore_case);
  const std::string text = pattern.regex ? pattern.text : RE2::QuoteMeta(pattern.text);
  matcher.pattern_ = std::make_shared<const RE2>(text, options);
  if (!matcher.pattern_->ok()) {
    return Error{Code::kInvalidArgument,
                 "not a pattern in RE2 syntax: " + matcher.pattern_->error()};
  }
  matcher.must_contain_ = pattern.regex ? LiteralsOf(text, options) : matcher.pattern_;
  return matcher;
}

std::optional<TextRange> TextMatcher::Find(std::string_view value) const {
  if (!pattern_) {
    const std::size_t at = NextCandidate(value, 0);
    if (at == std::string_view::npos) return std::nullopt;
    return TextRange{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(literal_.size())};
  }
  re2::StringPiece match;
  const re2::StringPiece text(value.data(), value.size());
  if (!pattern_->Match(text, 0, text.size(), RE2::UNANCHORED, &match, 1)) return std::nullopt;
  return TextRange{static_cast<std::uint32_t>(match.data() - text.data()),
                   static_cast<std::uint32_t>(match.size())};
}

std::size_t TextMatcher::NextCandidate(std::string_view bytes, std::size_t from) const {
  if (from >= bytes.size()) return std::string_view::npos;
  if (!pattern_) {
    const void* found =
        memmem(bytes.data() + from, bytes.size() - from, literal_.data(), literal_.size());
    if (found == nullptr) return std::string_view::npos;
    return static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
  }
  if (!must_contain_) return from;
  re2::StringPiece match;
  const re2::StringPiece text(bytes.data(), bytes.size());
  if (!must_contain_->Match(text, from, text.size(), RE2::UNANCHORED, &match, 1)) {
    return std::string_view::npos;
  }
  return static_cast<std::size_t>(match.data() - text.data());
}

}  // namespace halo
