// SPDX-License-Identifier: MIT
// The text of a message before it is parsed: detects and repairs what clients get wrong, and finds
// the id to answer to. Pure; any thread.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace halo {

// Finds the "id" of a message that should be a JSON object but may be truncated, nested too deeply,
// too long to keep, or malformed anywhere. The first id that is a complete string or number counts.
class IdFinder {
 public:
  void Feed(std::string_view bytes);
  // Null if none was found.
  boost::json::value id() const { return id_; }

 private:
  void FeedInString(char c);
  void FeedOutside(char c);
  void OpenString(char quote);
  void EndToken();
  bool AtTop() const { return depth_ == 1 && in_object_; }

  boost::json::value id_;
  std::size_t depth_ = 0;
  bool in_object_ = false;  // the outermost value is an object
  bool done_ = false;       // the id was found, or the outermost value has ended
  bool after_colon_ = false;
  bool escaped_ = false;
  char quote_ = 0;  // quote character of the string being read; 0 outside strings
  bool keeps_ = false;
  std::string key_, token_;  // in the outermost object; bounded
};

boost::json::value FindId(std::string_view text);

// Skips the UTF-8 byte order mark that some programs write first.
std::string_view SkipByteOrderMark(std::string_view text);
// Whether the text is only white space, a byte order mark, or half a UTF-16 line break.
bool IsBlank(std::string_view text);
bool LooksLikeUtf16(std::string_view text);

// Repairs harmless faults that make JSON invalid: invalid UTF-8 and escaped lone surrogates become
// U+FFFD, control characters in strings are escaped.
std::string RepairMessage(std::string_view text);

}  // namespace halo
