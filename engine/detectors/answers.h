// SPDX-License-Identifier: MIT
// What detectors ask about the text of a model's answer. Pure functions of the trace; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/detectors/detector.h"

namespace halo {

// What an answer says; if several, the first one owns SpanFacts::telling_quote.
enum class Saying : std::uint8_t {
  kWrittenCall,  // a call of an offered tool, written into the text
  kCallTag,      // a call in a notation of models
  kAnnounces,    // ends by announcing an action
  kMadeUp,       // its data are assumed
  kClaims,       // it searched, checked or read
  kPlans,        // names offered tools that it will call
};

bool Says(const Trace& trace, SpanIndex llm, Saying saying);

// Whether the answer only writes a call that the harness should have been asked for.
bool WritesCall(const Trace& trace, SpanIndex llm);

// Cites the sentence that says so, else the beginning of the answer.
void CiteSaying(const Trace& trace, SpanIndex llm, Saying saying, Finding& finding);

// Whether the agent of the scope can call something: it was offered tools, or called one.
bool HasTools(const Trace& trace, std::int32_t scope);
// The same for all scopes, by index.
std::vector<std::uint8_t> ScopesWithTools(const Trace& trace);

// The messages that the prompt adds to the last answer in it, the newest first.
template <class Use>
void ForEachNewest(const Trace& trace, const PromptStep& step, Use use) {
  const MessagePool& pool = trace.words->messages();
  ContextId at = trace.spans[step.span].prompt;
  for (; at != 0 && pool.Length(at) > step.newest_begin; at = pool.Before(at)) {
    use(pool[pool.Newest(at)], pool.Length(at) - 1);
  }
}

// Whether the answer asks for nothing, and no action came of it.
bool OnlySpeaks(const Trace& trace, SpanIndex llm);

// The run's last step, if it is a model call that ended well and only speaks, and its text is what
// the run returned; else -1. Not for runs that failed, wait for a person, or reached a limit.
SpanIndex LastWords(const Trace& trace);

}  // namespace halo
