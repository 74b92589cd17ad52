// SPDX-License-Identifier: MIT
#include "engine/facts/purpose_words.h"

#include <cstddef>

#include "engine/base/ascii.h"
#include "engine/facts/phrases.h"

namespace halo {
namespace {

constexpr std::size_t kHeadBytes = 1000;

// In lower case.
constexpr std::string_view kPlans[] = {
    "you are a planner",
    "you are a planning agent",
    "you are a planning assistant",
    "you are an expert planner",
    "you are a task planner",
    "you are the planner",
    "come up with a plan",
    "come up with a simple step by step plan",
    "come up with a step-by-step plan",
    "devise a plan",
    "devise a step-by-step plan",
    "develop a step-by-step plan",
    "develop a step-by-step high-level plan",
    "create a plan",
    "create a step-by-step plan",
    "create a detailed plan",
    "create the most descriptive plan",
    "write a plan",
    "draft a plan",
    "produce a plan",
    "generate a plan",
    "make a step-by-step plan",
    "update the plan",
    "update your plan",
    "write a new plan",
    "derive facts, and plan accordingly",
    "your task is to plan",
    "plan the steps",
    "plan out the steps",
};

constexpr std::string_view kSummaries[] = {
    "summarize the conversation",
    "summarise the conversation",
    "summarize this conversation",
    "summarise this conversation",
    "summarize our conversation",
    "summarize the above conversation",
    "summarize the following conversation",
    "summarize the previous conversation",
    "summarize the chat history",
    "summarize the conversation history",
    "summarize the message history",
    "summarize the messages",
    "summarize the dialogue",
    "summarize the lines of conversation",
    "summarizing conversations",
    "summarizing the conversation",
    "summary of the conversation",
    "summary of our conversation",
    "summary of this conversation",
    "summary of the dialogue",
    "summary of the history",
    "summary of the work so far",
    "summary of the progress so far",
    "conversation summary",
    "compact the conversation",
    "condense the conversation",
    "context checkpoint compaction",
    "context-aware state summary",
    "relevant context from the conversation history",
};

}  // namespace

bool AsksForPlan(std::string_view text) {
  static const PhraseSet plans(kPlans);
  return plans.OccursIn(FoldedHead(ascii::Trim(text), kHeadBytes));
}

bool AsksForSummary(std::string_view text) {
  static const PhraseSet summaries(kSummaries);
  return summaries.OccursIn(FoldedHead(ascii::Trim(text), kHeadBytes));
}

}  // namespace halo
