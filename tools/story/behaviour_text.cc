// SPDX-License-Identifier: MIT
#include "tools/story/behaviour_text.h"

#include <string>

#include "tools/answer/phrases.h"

namespace halo {
namespace {

std::string AtLeast(std::int64_t n, std::string_view noun) {
  return Cat("at least ", Plural(n, noun));
}

}  // namespace

Prose BehaviourProse(const Behaviour& what) {
  const TraceName a(what.a), b(what.b);
  switch (what.kind) {
    case BehaviourKind::kCalls:
      return Say("calls ", a);
    case BehaviourKind::kCallsOften:
      return Say("calls ", a, " ", AtLeast(what.n, "time"));
    case BehaviourKind::kNoCalls:
      return "calls no tool";
    case BehaviourKind::kThen:
      return Say("calls ", b, " next after ", a);
    case BehaviourKind::kFirst:
      return Say("calls ", a, " first");
    case BehaviourKind::kLast:
      return Say("calls ", a, " last");
    case BehaviourKind::kAgent:
      return Say("runs agent ", a);
    case BehaviourKind::kHandOff:
      return Say("hands over from ", a, " to ", b);
    case BehaviourKind::kTurns:
      return Say("makes ", AtLeast(what.n, "model call"));
    case BehaviourKind::kRepeats:
      return Say("calls ", a, " ", AtLeast(what.n, "time"), " with the same arguments");
    case BehaviourKind::kFails:
      return Say(AtLeast(what.n, "call"), " of ", a, what.n == 1 ? " fails" : " fail");
    case BehaviourKind::kFinish:
      return Say("a model call finishes with ", a);
    case BehaviourKind::kLastFinish:
      return Say("its last model call finishes with ", a);
    case BehaviourKind::kLimit:
      return Say("hits the limit ", a);
    case BehaviourKind::kDuration:
      return Say("takes at least ", DurationText(what.n * 1'000'000'000));
    case BehaviourKind::kTokens:
      return Say("uses ", AtLeast(what.n, "token"));
    case BehaviourKind::kPromptTokens:
      return Say("a model call reads ", AtLeast(what.n, "token"));
    case BehaviourKind::kResultBytes:
      return Say(a, " returns ", AtLeast(what.n, "byte"), " at once");
    case BehaviourKind::kPrompt:
      return Say(a, " has system prompt ", b);
    case BehaviourKind::kTools:
      return Say(a, " is offered tool set ", b);
    case BehaviourKind::kCorrected:
      return what.n == 1 ? Prose("a user corrects an answer")
                         : Say("users correct ", AtLeast(what.n, "answer"));
    case BehaviourKind::kApologises:
      return "an answer apologises";
    case BehaviourKind::kCannot:
      return "an answer says that it cannot";
  }
  return {};
}

}  // namespace halo
