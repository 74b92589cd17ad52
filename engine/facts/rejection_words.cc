// SPDX-License-Identifier: MIT
#include "engine/facts/rejection_words.h"

#include <cstddef>
#include <string>

#include "engine/base/ascii.h"
#include "engine/facts/phrases.h"

namespace halo {
namespace {

constexpr std::size_t kHeadBytes = 600;

// In lower case.
constexpr std::string_view kRejections[] = {
    "could not parse llm output",
    "could not parse output",
    "could not parse your",
    "could not parse the output",
    "couldn't parse your",
    "couldn't parse the output",
    "unable to parse your",
    "failed to parse your",
    "failed to parse the output",
    "failed to parse llm output",
    "failed to parse tool call",
    "error parsing llm output",
    "error in code parsing",
    "output parsing error",
    "outputparserexception",
    "invalid or incomplete response",
    "invalid format: missing",
    "invalid format: i missed",
    "i did it wrong. invalid format",
    "your output was not formatted correctly",
    "your response was not formatted correctly",
    "your last output was not formatted",
    "your response is not in the correct format",
    "your response is not valid json",
    "your output is not valid json",
    "your response did not match",
    "your response does not match",
    "your output did not match",
    "your previous response was invalid",
    "your previous response could not be parsed",
    "previous response could not be parsed",
    "the previous output could not be parsed",
    "you did not use a tool in your previous",
    "you did not call a tool",
    "you did not provide a tool call",
    "no tool call found in",
    "no function call found in",
    "no action found in",
    "no code block found in",
    "no valid json found",
    "response is not valid json",
    "output is not valid json",
    "please respond with valid json",
    "please return valid json",
    "please provide a valid json",
    "please follow the thought-action-input format",
    "plain text responses are not permitted",
    "please include your response in a tool call",
    "fix the errors and try again",
    "recall the function correctly",
    "your code snippet is invalid",
    "malformed_function_call",
    "malformed function call",
    "please use the correct format",
    "please respond in the correct format",
};

}  // namespace

bool RejectsOutput(std::string_view text) {
  static const PhraseSet rejections(kRejections);
  return rejections.OccursIn(FoldedHead(ascii::Trim(text), kHeadBytes));
}

}  // namespace halo
