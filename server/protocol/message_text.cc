// SPDX-License-Identifier: MIT
#include "server/protocol/message_text.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <charconv>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/json/json_repair.h"

namespace halo {
namespace {

namespace json = boost::json;

// Longer ids are dropped: no real client sends them.
constexpr std::size_t kMaxToken = 1024;
// Bytes that are inspected to detect the encoding.
constexpr std::size_t kInspected = 64;
constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr std::string_view kReplacement = "\\ufffd";
constexpr std::size_t kEscape = 6;  // length of \u0000

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// The code unit of the \uXXXX escape at `at`; 0 if there is none.
unsigned UnitAt(std::string_view text, std::size_t at) {
  if (text.size() < at + kEscape || text[at] != '\\' || text[at + 1] != 'u') return 0;
  unsigned unit = 0;
  const char* end = text.data() + at + kEscape;
  const auto [stopped, error] = std::from_chars(text.data() + at + 2, end, unit, 16);
  return error == std::errc() && stopped == end ? unit : 0;
}

bool IsHigh(unsigned unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool IsLow(unsigned unit) { return unit >= 0xDC00 && unit < 0xE000; }

std::string ReplaceLoneSurrogates(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\\') {
      out += text[i++];
      continue;
    }
    const unsigned unit = UnitAt(text, i);
    const bool pair = IsHigh(unit) && IsLow(UnitAt(text, i + kEscape));
    const bool lone = !pair && (IsHigh(unit) || IsLow(unit));
    const std::size_t length = pair ? 2 * kEscape : unit != 0 ? kEscape : 2;
    out += lone ? kReplacement : text.substr(i, length);
    i += length;
  }
  return out;
}

// Parses the token of a string or number; null if it is neither.
json::value Decode(std::string token) {
  const bool quoted = token.size() >= 2 && (token.front() == '"' || token.front() == '\'');
  if (quoted) token.front() = token.back() = '"';
  boost::system::error_code error;
  json::value value = json::parse(RepairMessage(token), error);
  return !error && (value.is_string() || value.is_number()) ? value : json::value();
}

}  // namespace

void IdFinder::Feed(std::string_view bytes) {
  for (const char c : bytes) {
    if (done_) return;
    quote_ != 0 ? FeedInString(c) : FeedOutside(c);
  }
}

void IdFinder::FeedInString(char c) {
  if (keeps_ && token_.size() <= kMaxToken) token_ += c;
  if (std::exchange(escaped_, false)) return;
  if (c == '\\') {
    escaped_ = true;
  } else if (c == quote_) {
    quote_ = 0;
    EndToken();
  }
}

void IdFinder::FeedOutside(char c) {
  switch (c) {
    case '"':
    case '\'':
      return OpenString(c);
    case '{':
    case '[':
      if (depth_ == 0) in_object_ = c == '{';
      ++depth_;
      after_colon_ = false;
      token_.clear();
      return;
    case '}':
    case ']':
      EndToken();
      done_ = done_ || depth_ <= 1;
      if (!done_) --depth_;
      return;
    case ',':
      EndToken();
      after_colon_ = false;
      return;
    case ':':
      if (!AtTop()) return;
      EndToken();
      after_colon_ = true;
      return;
    default:
      if (IsSpace(c)) return EndToken();
      if (AtTop() && token_.size() <= kMaxToken) token_ += c;
  }
}

void IdFinder::OpenString(char quote) {
  quote_ = quote;
  keeps_ = AtTop();
  if (keeps_) token_ = quote;
}

// Handles a complete key or value of the outermost object.
void IdFinder::EndToken() {
  if (!AtTop() || token_.empty()) return;
  std::string token = std::exchange(token_, {});
  if (token.size() > kMaxToken) return;
  if (!after_colon_) {
    const json::value name = Decode(token);
    key_ = name.is_string() ? std::string(std::string_view(name.get_string())) : std::move(token);
  } else if (std::exchange(key_, {}) == "id") {
    id_ = Decode(std::move(token));
    done_ = !id_.is_null();
  }
}

json::value FindId(std::string_view text) {
  IdFinder finder;
  if (LooksLikeUtf16(text)) {
    // Keep the ASCII characters only.
    std::string narrow;
    std::copy_if(text.begin(), text.end(), std::back_inserter(narrow), [](char c) {
      return c > 0;  // neither NUL nor a byte order mark
    });
    finder.Feed(narrow);
  } else {
    finder.Feed(SkipByteOrderMark(text));
  }
  return finder.id();
}

std::string_view SkipByteOrderMark(std::string_view text) {
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  return text;
}

bool IsBlank(std::string_view text) {
  text = SkipByteOrderMark(text);
  return text == std::string_view("\0", 1) ||
         text.find_first_not_of(" \t\r") == std::string_view::npos;
}

bool LooksLikeUtf16(std::string_view text) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return true;
  // JSON contains no NUL byte; in UTF-16, about every second byte of a message is NUL.
  const std::string_view start = text.substr(0, kInspected);
  return std::count(start.begin(), start.end(), '\0') * 3 >
         static_cast<std::ptrdiff_t>(start.size());
}

std::string RepairMessage(std::string_view text) {
  std::vector<std::pair<std::size_t, std::int64_t>> ignored;
  return ReplaceLoneSurrogates(RepairJson(text, ignored));
}

}  // namespace halo
