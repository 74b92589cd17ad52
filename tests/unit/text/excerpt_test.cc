// SPDX-License-Identifier: MIT
#include "engine/text/excerpt.h"

#include <catch2/catch.hpp>
#include <string>

namespace halo {
namespace {

std::string Cut(std::string_view text, TextRange range) {
  REQUIRE(range.offset + range.length <= text.size());
  return std::string(text.substr(range.offset, range.length));
}

std::string ErrorLine(std::string_view text, std::uint32_t most = 300) {
  return Cut(text, FindErrorLine(text, most));
}

}  // namespace

TEST_CASE("the significant line of a traceback is the last exception") {
  CHECK(
      ErrorLine("Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    raise X()\n"
                "KeyError: 'a'\n\nDuring handling of the above exception, another exception "
                "occurred:\n\nTraceback (most recent call last):\n  File \"b.py\", line 2\n"
                "app.errors.ToolError: no such tool\n") == "app.errors.ToolError: no such tool");
  CHECK(ErrorLine("Traceback (most recent call last):\n  x\nKeyboardInterrupt") ==
        "KeyboardInterrupt");
  CHECK(ErrorLine("TypeError: x is undefined\n    at f (a.js:1:2)\n    at g (b.js:3:4)") ==
        "TypeError: x is undefined");
}

TEST_CASE(
    "without an exception, the first line that names an error is significant, else the first") {
  CHECK(ErrorLine("compiling\nmain.c:3: error: expected ';'\n1 error generated") ==
        "main.c:3: error: expected ';'");
  CHECK(ErrorLine("\n  \n  nothing here\nor there") == "nothing here");
  CHECK(ErrorLine("Permission denied") == "Permission denied");
  CHECK(FindErrorLine("").length == 0);
  CHECK(FindErrorLine(" \n\t ").length == 0);
}

TEST_CASE("a line is truncated at white space, never inside a character") {
  CHECK(ErrorLine("ValueError: one two three", 19) == "ValueError: one two");
  CHECK(ErrorLine("ValueError: one two three", 18) == "ValueError: one");
  CHECK(ErrorLine("日本語日本語", 7) == "日本");
  CHECK(ErrorLine("日本語", 2).empty());
}

TEST_CASE("an excerpt contains the whole match and its context") {
  const std::string text = "The quick brown fox jumps over the lazy dog and runs away from it.";
  const TextRange fox = {16, 3};
  CHECK(Cut(text, ExcerptAround(text, fox, 100)) == text);
  CHECK(Cut(text, ExcerptAround(text, fox, 30)) == "brown fox jumps over the lazy");
  CHECK(Cut(text, ExcerptAround(text, fox, 3)) == "fox");
  CHECK(Cut(text, ExcerptAround(text, {62, 2}, 20)) == "runs away from it.");
  CHECK(Cut(text, ExcerptAround(text, {1000, 5}, 20)).size() <= 20);
  CHECK(ExcerptAround("", {0, 0}, 20).length == 0);
}

TEST_CASE("excerpts respect their limit and character boundaries") {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "é日 x😀";
  for (std::uint32_t at = 0; at + 4 < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) continue;
    const TextRange range = ExcerptAround(text, {at, 1}, 24);
    REQUIRE(range.length <= 24);
    REQUIRE(range.offset <= at);
    REQUIRE(range.offset + range.length > at);
    REQUIRE((static_cast<unsigned char>(text[range.offset]) & 0xC0) != 0x80);
  }
}

TEST_CASE("the start of a text begins at its first word") {
  CHECK(Cut("  \n hello world", ExcerptStart("  \n hello world", 8)) == "hello");
  CHECK(Cut("  \n hello world", ExcerptStart("  \n hello world", 80)) == "hello world");
  CHECK(ExcerptStart("  ", 8).length == 0);
  const std::string word(1000, 'x');
  CHECK(ExcerptStart(word, 300).length == 300);
}

}  // namespace halo
