// SPDX-License-Identifier: MIT
// The marks around text of traces in an answer: «3f9a1b2c:text:3f9a1b2c», with a nonce of eight
// digits that is drawn for every call, and a first field that says what they mean. Nothing inside
// can close the fence or begin another one: « and » are escaped there, and so is what hides.
//
// The text comes back exactly by this rule: take what is between the marks, then replace each
// \u{7f} by the character of that code and each \x{7f} by the byte. A backslash in front of u{ or
// x{ is itself escaped, as \u{5c}. In names and in sentences, line breaks and tabs are spaces.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "schemas/trace_text.h"

namespace halo {

// One answer's. Not thread-safe.
class Fence {
 public:
  // An empty nonce takes a random one.
  explicit Fence(std::string_view nonce = {});

  std::string Show(const TraceText& text);
  std::string Show(const TraceName& name);
  std::string Show(const TraceId& id);
  std::string Show(const Prose& prose);
  // Words of the product; what a client sent may be among them.
  static std::string Show(const std::string& words);
  static std::string Show(const Words& words) { return Show(words.str()); }

  // How many texts were fenced; with any, the answer must say what that means.
  std::size_t count() const { return count_; }
  std::string Meaning() const;

 private:
  std::string Enclose(std::string_view escaped);

  std::string nonce_;
  std::size_t count_ = 0;
};

// Another one with every call.
std::string RandomNonce();
inline constexpr std::size_t kNonceDigits = 8;

// What is inside, where the text is one fenced text; else the text as it is. For arguments: a
// model may send a name as it was shown.
std::string_view Unfenced(std::string_view text);

// The stored text of a fenced one, by the rule above.
std::string Unescaped(std::string_view shown);

}  // namespace halo
