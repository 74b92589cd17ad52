// SPDX-License-Identifier: MIT
// The text of a message before it is JSON: what clients get wrong in it, and whose request it is.
// Pure; any thread.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace halo {

// Finds the "id" of a message of which no more is certain than that it should be a JSON object: it
// may be cut short, too deep, too long to keep, or broken anywhere. The first id that is a whole
// string or number counts.
class IdFinder {
 public:
  void Feed(std::string_view bytes);
  // Null where none was found.
  boost::json::value id() const { return id_; }

 private:
  void TakeInString(char c);
  void Take(char c);
  void OpenString(char quote);
  void EndToken();
  bool AtTop() const { return depth_ == 1 && in_object_; }

  boost::json::value id_;
  std::size_t depth_ = 0;
  bool in_object_ = false;  // the outermost value is one
  bool done_ = false;       // found, or the outermost value has ended
  bool after_colon_ = false;
  bool escaped_ = false;
  char quote_ = 0;  // that the string being read ends with
  bool keeps_ = false;
  std::string key_, token_;  // of the outermost object; bounded
};

boost::json::value FindId(std::string_view text);

// Without the byte order mark that some programs write first.
std::string_view WithoutMark(std::string_view text);
// Whether nothing is left but white space, a byte order mark, or half a UTF-16 line break.
bool IsBlank(std::string_view text);
bool LooksLikeUtf16(std::string_view text);

// What breaks JSON and harms nobody: bytes that are not UTF-8 and escaped halves of surrogate pairs
// become U+FFFD, control characters in strings become escapes.
std::string RepairMessage(std::string_view text);

}  // namespace halo
