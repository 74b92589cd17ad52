// SPDX-License-Identifier: MIT
// What makes two error signatures one defect. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace halo {

// How the arguments of a call differ from what was declared.
enum class ArgumentMismatch : std::uint8_t { kNone, kUnexpected, kMissing, kWrongType };

struct ErrorShape {
  ArgumentMismatch mismatch = ArgumentMismatch::kNone;
  // The function whose arguments do not fit, without the method and in canonical form (CalledName);
  // empty if the text does not name it.
  std::string called;
  // Exception classes, codes and names in the text. Errors that differ here are different defects.
  std::string fixed;
  struct Word {
    std::string text;       // "<>" for anything masked
    std::uint8_t cost = 0;  // of not being in a template; 2 for words of prose
  };
  std::vector<Word> words;
};

// `signature`: as NormaliseError returns it, perhaps behind an exception class.
ErrorShape ShapeOfError(std::string_view signature);

// The name of a tool or function without case, separators and the ending "tool": "WebSearchTool"
// and "web_search" are one.
std::string CalledName(std::string_view name);

// Groups shapes with equal `fixed`: those of a group share a template, the longest common
// subsequence of their words, to which each of them is similar. Returns the number of the group of
// each shape, from 0. Compares every shape with the template of a whole group, so that a chain of
// similar texts does not merge its ends. Depends on the order.
std::vector<std::uint32_t> GroupByTemplate(std::span<const ErrorShape* const> shapes);

}  // namespace halo
