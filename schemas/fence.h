// SPDX-License-Identifier: MIT
// The marks around text of traces in an answer: «3f9a1b2c:text:3f9a1b2c», with a nonce of eight
// hex digits that is drawn for every call, and a first field that explains them. No text inside can
// close the fence or begin another one: « and » are escaped there, and so are hidden characters.
//
// To restore the exact text, take what is between the marks, then replace each \u{...} by the
// character with that hex code and each \x{...} by that byte. A backslash before u{ or x{ is itself
// escaped, as \u{5c}. In names and sentences, line breaks and tabs have become spaces.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "schemas/trace_text.h"

namespace halo {

// The fences of one answer. Not thread-safe.
class Fence {
 public:
  // An empty nonce is replaced by a random one.
  explicit Fence(std::string_view nonce = {});

  std::string Show(const TraceText& text);
  std::string Show(const TraceName& name);
  std::string Show(const TraceId& id);
  std::string Show(const Prose& prose);
  // The product's own words, which may include text that the client sent.
  static std::string Show(const std::string& words);
  static std::string Show(const Words& words) { return Show(words.str()); }

  // The number of fenced texts. If there are any, the answer must contain Meaning().
  std::size_t count() const { return count_; }
  std::string Meaning() const;

 private:
  std::string Enclose(std::string_view escaped);

  std::string nonce_;
  std::size_t count_ = 0;
};

// A new one for each call. Thread-safe.
std::string RandomNonce();
inline constexpr std::size_t kNonceDigits = 8;

// The inside of a text that consists of one fence; any other text is returned unchanged. For
// arguments: a model may send a name back as it was shown, fence included.
std::string_view Unfenced(std::string_view text);

// Undoes the escapes, by the rule above.
std::string Unescaped(std::string_view shown);

}  // namespace halo
