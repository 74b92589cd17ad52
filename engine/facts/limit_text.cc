// SPDX-License-Identifier: MIT
#include "engine/facts/limit_text.h"

#include "engine/base/ascii.h"

namespace halo {
namespace {

struct Phrase {
  std::string_view words;  // lower case; a space also matches '_', '-' or no character
  std::string_view limit;
};

// Exception classes and texts of LangGraph, LangChain, OpenAI Agents SDK, smolagents, CrewAI,
// Pydantic AI, Claude Agent SDK, AutoGen, LlamaIndex, Google ADK.
constexpr Phrase kPhrases[] = {
    {"max turns exceeded", "max_turns"},
    {"maxturnsexceeded", "max_turns"},
    {"max turns", "max_turns"},
    {"maximum turns", "max_turns"},
    {"maximum number of turns", "max_turns"},
    {"limitturns", "max_turns"},  // Strands
    {"turn limit", "max_turns"},
    {"graphrecursionerror", "recursion_limit"},
    {"graph recursion limit", "recursion_limit"},
    {"recursion limit", "recursion_limit"},
    {"max iterations", "max_iterations"},
    {"maximum iterations", "max_iterations"},
    {"maximum number of iterations", "max_iterations"},
    {"iteration limit", "max_iterations"},
    {"agentmaxstepserror", "max_steps"},
    {"max steps", "max_steps"},
    {"maximum steps", "max_steps"},
    {"maximum number of steps", "max_steps"},
    {"step limit", "max_steps"},
    {"usagelimitexceeded", "usage_limit"},
    {"request limit of", "usage_limit"},
    {"tool calls limit of", "usage_limit"},
    {"llmcallslimitexceedederror", "usage_limit"},
    {"max budget", "budget"},
    {"budget exceeded", "budget"},
    {"budgetexceeded", "budget"},
    {"exceeded budget", "budget"},
    {"exceeded the budget", "budget"},
    {"cost limit exceeded", "budget"},
};

constexpr Phrase kAnswers[] = {
    {"agent stopped due to iteration limit", "max_iterations"},
    {"agent stopped due to max iterations", "max_iterations"},
    {"reached max steps", "max_steps"},
    {"reached max iterations", "max_iterations"},
    {"reached maximum number of steps", "max_steps"},
    {"reached maximum iterations", "max_iterations"},
    {"max turns reached", "max_turns"},
    {"max turns exceeded", "max_turns"},
    {"maximum number of turns reached", "max_turns"},
    {"recursion limit reached", "recursion_limit"},
};

constexpr std::size_t kLookedAt = 2048;

// Lower case, with single spaces between words.
std::string_view Fold(std::string_view text, char* buffer) {
  std::size_t size = 0;
  for (const char c : text.substr(0, kLookedAt)) {
    const bool is_gap = c == '_' || c == '-' || ascii::IsSpace(c);
    if (!is_gap) {
      buffer[size++] = ascii::Lower(c);
    } else if (size > 0 && buffer[size - 1] != ' ') {
      buffer[size++] = ' ';
    }
  }
  return {buffer, size};
}

}  // namespace

std::string_view LimitClass(std::string_view text) {
  if (text.size() < 8) return {};
  char buffer[kLookedAt];
  const std::string_view folded = Fold(text, buffer);
  for (const Phrase& phrase : kPhrases) {
    if (folded.find(phrase.words) != std::string_view::npos) return phrase.limit;
  }
  return {};
}

std::string_view LimitClassOfAnswer(std::string_view text) {
  char buffer[kLookedAt];
  const std::string_view folded = Fold(text.substr(0, 80), buffer);
  for (const Phrase& phrase : kAnswers) {
    if (folded.starts_with(phrase.words)) return phrase.limit;
  }
  return {};
}

}  // namespace halo
