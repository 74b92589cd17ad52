// SPDX-License-Identifier: MIT
#include "engine/facts/word_lists.h"

namespace halo {
namespace {

// In the beginning of an answer.
constexpr std::string_view kApologies[] = {
    "i apologize", "i apologise", "my apologies", "apologies for", "i'm sorry",    "i am sorry",
    "sorry about", "sorry for",   "we apologize", "we apologise",  "we are sorry", "my mistake",
};

// In the beginning of a short result.
constexpr std::string_view kBotChecks[] = {
    "javascript is required",
    "requires javascript",
    "are you a robot",
    "not a robot",
    "unusual traffic",
    "complete the captcha",
    "solve the captcha",
    "you have been blocked",
    "your request has been blocked",
};

// In the beginning of an answer.
constexpr std::string_view kCannot[] = {
    "i cannot",
    "i can't",
    "i can not",
    "i'm unable",
    "i am unable",
    "i was unable",
    "i could not",
    "i couldn't",
    "i'm not able",
    "i am not able",
    "unable to",
    "it is not possible",
    "it's not possible",
    "we cannot",
    "we can't",
    "we are unable",
    "we're unable",
    "i do not have access",
    "i don't have access",
    "cannot be",
};

// In an answer: it names a source that only a call could have read.
constexpr std::string_view kClaims[] = {
    "according to the official",
    "according to wikipedia",
    "our records show",
    "our records indicate",
    "our system shows",
    "our system indicates",
    "the system shows",
    "the database shows",
    "based on my research",
    "based on the search results",
    "based on my check",
    "based on my review",
    "the search results show",
    "my search shows",
    "my search showed",
    "my search found",
    "my research shows",
    "a quick check shows",
    "a search shows",
    "the check shows",
    "i can confirm that",
    "just checked",
    "just verified",
};

// In the beginning of the message of a user.
constexpr std::string_view kCorrections[] = {
    "not what i asked",
    "not what i meant",
    "not what i wanted",
    "not what i said",
    "not what i requested",
    "not what i need",
    "not what i needed",
    "isn't what i asked",
    "isn't what i wanted",
    "didn't ask for",
    "did not ask for",
    "didn't ask you",
    "did not ask you",
    "i already said",
    "i already told",
    "i already gave",
    "i already mentioned",
    "i already provided",
    "i've already told",
    "i've already said",
    "i've already given",
    "i've already provided",
    "i have already told",
    "i have already said",
    "i have already given",
    "i have already provided",
    "i just told you",
    "as i said before",
    "like i said before",
    "as i already said",
    "you misunderstood",
    "you misread",
    "you are mistaken",
    "you're mistaken",
    "you got it wrong",
    "you got that wrong",
    "you made a mistake",
    "that's wrong",
    "that is wrong",
    "this is wrong",
    "that's incorrect",
    "that is incorrect",
    "this is incorrect",
    "that's not right",
    "that is not right",
    "that's not correct",
    "that is not correct",
    "this is not correct",
    "that's not true",
    "that is not true",
    "you didn't answer",
    "you did not answer",
    "still not working",
    "still doesn't work",
    "still wrong",
    "you're wrong",
    "you are wrong",
    "i was asking",
    "i asked for",
    "i asked about",
    "i asked you",
    "that's the wrong",
    "that is the wrong",
    "this is the wrong",
    "wrong one",
    "the wrong order",
    "not the one",
    "not that one",
    "you gave me",
    "you sent me",
    "you told me",

    "doesn't look right",
    "does not look right",

    "isn't right",
    "is not right",
    "isn't correct",
    "is not correct",
    "not quite right",
    "mixed up",
    "mix-up",
    "misread",
};

// In the beginning of a short result.
constexpr std::string_view kLogInPages[] = {
    "sign in to continue",
    "log in to continue",
    "login to continue",
    "please log in",
    "please login",
    "please sign in",
    "you must be logged in",
    "you need to be logged in",
    "you need to log in",
    "you need to sign in",
    "your session has expired",
    "session expired",
    "forgot your password",
    "forgot password?",
    "<title>login",
    "<title>log in",
    "<title>sign in",
    "type=\"password\"",
    "continue with google",
    "sign in with google",
    "log in with google",
    "before you continue",
};

// In an answer or in code: the data are not real.
constexpr std::string_view kMadeUp[] = {
    "for demonstration purposes",
    "for the sake of this example",
    "for illustration purposes",
    "for illustrative purposes",
    "not real data",
    "not actual data",
    "not based on real data",
    "i made up",
    "i invented",
    "simulate the data",
    "simulating the data",
    "simulate the response",
    "simulate the results",
    "in place of real data",
    "stand-in for the real",
    "replace with actual",
    "replace with real",
    "replace this with actual",
    "replace these with actual",
    "replace with your actual",
    "in the absence of data",
    "in the absence of actual",
};

// In a short result.
constexpr std::string_view kNothingFound[] = {
    "not found",      "no results",     "no result",        "no match",        "no matches",
    "no matching",    "no such",        "0 results",        "0 matches",       "0 rows",
    "does not exist", "doesn't exist",  "do not exist",     "could not find",  "couldn't find",
    "cannot find",    "can't find",     "nothing found",    "nothing matches", "no records",
    "no record",      "no entries",     "no entry",         "no rows",         "no data",
    "no items",       "no documents",   "no rows returned", "unknown id",      "is unknown",
    "invalid id",     "not recognized", "not recognised",   "no hits",         "empty result",
    "has no entries", "not available",  "did not match",    "didn't match",
};

// In the beginning of a text that a model is told.
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

// In the beginning of a short result.
constexpr std::string_view kStatusPages[] = {
    "400 bad request",
    "401 unauthorized",
    "403 forbidden",
    "404 not found",
    "404 page not found",
    "page not found",
    "410 gone",
    "429 too many requests",
    "500 internal server error",
    "502 bad gateway",
    "503 service unavailable",
    "503 service temporarily unavailable",
    "504 gateway time-out",
    "504 gateway timeout",
    "this page isn't working",
    "this site can't be reached",
};

// In the beginning of what a model is told: it has to plan.
constexpr std::string_view kPlanPrompts[] = {
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

// In the beginning of what a model is told: it has to summarise what was done.
constexpr std::string_view kSummaryPrompts[] = {
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

// In the beginning of a result of any length.
constexpr std::string_view kLongBotChecks[] = {
    "enable javascript",
    "javascript is disabled",
    "javascript is not available",
    "checking your browser",
    "checking if the site connection is secure",
    "verify you are human",
    "verify that you are human",
    "verifying you are human",
    "verify you are not a robot",
    "confirm you are human",
    "access to this page has been denied",
};

// In an answer.
constexpr std::string_view kCallTags[] = {
    "<tool_call>",       "<tool_calls>",   "<function_call>", "<function_calls>", "<function=",
    "<tool_use>",        "<invoke name=",  "<|tool_call",     "<|python_tag|>",   "[tool_calls]",
    "[tool_call]",       "```tool_code",   "```tool_call",    "<tool_code>",      "to=functions.",
    "<\xEF\xBD\x9Ctool", "<action_input>",
};

// Beginnings of words.
constexpr std::string_view kClaimCues[] = {
    "accord",       "based on my", "based on our", "brows",        "check",   "compar",
    "confirm",      "consult",     "access",       "examin",       "fetch",   "from our",
    "gone through", "had a look",  "in our",       "inspect",      "look",    "per our",
    "pulled up",    "quer",        "read through", "research",     "retriev", "review",
    "search",       "tested",      "verif",        "went through",
};
constexpr std::string_view kMadeUpCues[] = {
    "assum",    "suppose",   "hypothe",      "placeholder", "dummy",
    "mock",     "fictional", "fictitious",   "simulat",     "synthetic",
    "made up",  "made-up",   "invent",       "imagin",      "fake",
    "pretend",  "sample",    "example data", "illustrat",   "for demonstration",
    "estimate", "guess",     "extrapolat",   "fabricat",
};

}  // namespace

std::span<const std::string_view> PhrasesOf(WordList list) {
  switch (list) {
    case WordList::kAnnouncements:
      return {};  // the rule of announcement_words.cc needs none
    case WordList::kApologies:
      return kApologies;
    case WordList::kBotChecks:
      return kBotChecks;
    case WordList::kCannot:
      return kCannot;
    case WordList::kClaims:
      return kClaims;
    case WordList::kCorrections:
      return kCorrections;
    case WordList::kLogInPages:
      return kLogInPages;
    case WordList::kMadeUp:
      return kMadeUp;
    case WordList::kNothingFound:
      return kNothingFound;
    case WordList::kPlanPrompts:
      return kPlanPrompts;
    case WordList::kSummaryPrompts:
      return kSummaryPrompts;
    case WordList::kRejections:
      return kRejections;
    case WordList::kStatusPages:
      return kStatusPages;
    case WordList::kLongBotChecks:
      return kLongBotChecks;
    case WordList::kCallTags:
      return kCallTags;
    case WordList::kClaimCues:
      return kClaimCues;
    case WordList::kMadeUpCues:
      return kMadeUpCues;
  }
  return {};
}

}  // namespace halo
