// SPDX-License-Identifier: MIT
// An agent that is offered tools answers its first message without any call, although at least 30 %
// of its other runs do call one. Only agents that are given a task: an agent of whose runs more
// than a tenth are chats (a user wrote again, or the session goes on with it) may well answer by
// itself. On labelled runs of research agents 79 % of the findings lay on a turn that a person had
// marked (chance 36 %), on generated group chats 44 % (17 %); of runs with an outcome 21 % of the
// failed and none of the passed had it. In chats, passed runs had it more often (20 % against 12
// %). Whether the share holds is decided by the other runs of the agent: at least three.
// Wasted: nothing, since an answer that used a tool would have cost as much and more.
// Eligible: traces in which an agent was offered tools, and its first prompt and the answer were
// recorded in full. Conversations that went on are not judged.
#include <algorithm>
#include <cmath>
#include <map>

#include "engine/detectors/detector.h"
#include "engine/trace/call_sequence.h"
#include "engine/trace/prompt_steps.h"

namespace halo {
namespace {

struct Seen {
  ChatOrCall what = ChatOrCall::kAnswersOnly;
  SpanIndex answer = -1;  // the first model call
};

// What the prompt says of the talk so far: whether a user's message follows an answer, whether it
// holds an answer, and a message of a user.
struct Talk {
  bool goes_on = false, has_answer = false, has_user = false;
};

// `latest`: only from the last answer on, since all before it was in an earlier prompt.
Talk TalkOf(const MessagePool& messages, ContextId prompt, bool latest) {
  Talk talk;
  for (ContextId at = prompt; at != 0; at = messages.Before(at)) {  // the newest first
    const MessageFacts& message = messages[messages.Newest(at)];
    talk.has_user = talk.has_user || message.role == MessageRole::kUser;
    talk.has_answer = talk.has_answer || message.role == MessageRole::kTool;
    if (message.role != MessageRole::kAssistant) continue;
    talk.has_answer = true;
    // A call is answered by the harness, whatever role that uses.
    if (talk.has_user && messages.CallsOf(message).empty()) talk.goes_on = true;
    if (latest) break;
  }
  return talk;
}

// Whether anything in the scope calls, or looks up, or runs another agent.
std::vector<std::uint8_t> ScopesThatCall(const Trace& trace) {
  std::vector<std::uint8_t> calls(trace.scopes.size(), 0);
  for (std::size_t i = 0; i < trace.spans.size(); ++i) {
    const SpanFacts& span = trace.spans[i];
    switch (span.kind) {
      case Kind::kTool:
      case Kind::kRetriever:
      case Kind::kReranker:
      case Kind::kEmbedding:
        calls[trace.scope[i]] = 1;
        break;
      case Kind::kAgent:
        if (trace.parent[i] != -1) calls[trace.scope[trace.parent[i]]] = 1;
        break;
      case Kind::kLlm:
        if (span.tool_call_count > 0) calls[trace.scope[i]] = 1;
        break;
      default:
        break;
    }
  }
  return calls;
}

bool IsJudged(const SpanFacts& first) {
  return first.has_tool_definitions && first.has_output && IsWholePrompt(first);
}

bool IsAnswer(const SpanFacts& span) {
  return span.has_output && !span.output_blank && !span.failed && span.invalid_call == 0 &&
         (span.finish == FinishClass::kStop || span.finish == FinishClass::kUnknown);
}

// What each agent of the trace did with its first message. Agents of which it is not known are
// left out.
std::map<StringId, Seen> Look(const Trace& trace) {
  const MessagePool& messages = trace.words->messages();
  std::map<StringId, Seen> agents;
  std::vector<std::uint8_t> calls;
  for (std::size_t s = 0; s < trace.scopes.size(); ++s) {
    const Scope& scope = trace.scopes[s];
    Seen seen;
    Talk talk;
    for (const SpanIndex step : scope.steps) {
      if (trace.spans[step].kind != Kind::kLlm || IsSideCall(trace, step)) continue;
      const ContextId prompt = trace.spans[step].prompt;
      if (seen.answer == -1) {
        seen.answer = step;
        if (!IsJudged(trace.spans[step])) break;
        talk = TalkOf(messages, prompt, false);
      } else if (!talk.goes_on) {
        talk.goes_on = TalkOf(messages, prompt, true).goes_on;
      }
    }
    if (seen.answer == -1) continue;
    const SpanFacts& first = trace.spans[seen.answer];
    if (!IsJudged(first)) continue;
    if (calls.empty()) calls = ScopesThatCall(trace);
    if (talk.goes_on) {
      seen.what = ChatOrCall::kIsChat;
    } else if (calls[s]) {
      seen.what = ChatOrCall::kCalls;
    } else if (talk.has_answer || !talk.has_user || !IsAnswer(first)) {
      continue;
    }
    const auto [known, is_new] = agents.try_emplace(trace.agent[seen.answer], seen);
    if (!is_new && seen.what > known->second.what) known->second = seen;
  }
  return agents;
}

bool Eligible(const Trace& trace) {
  const std::map<StringId, Seen> agents = Look(trace);
  return std::any_of(agents.begin(), agents.end(),
                     [](const auto& agent) { return agent.second.what != ChatOrCall::kIsChat; });
}

void DoMeasure(const Trace& trace, std::vector<Measure>& out) {
  const std::size_t before = out.size();
  for (const auto& [agent, seen] : Look(trace)) {
    Measure& measure = out.emplace_back();
    measure.agent = trace.Text(agent);
    measure.value = static_cast<std::int64_t>(seen.what);
  }
  std::sort(out.begin() + static_cast<std::ptrdiff_t>(before), out.end(),
            [](const Measure& a, const Measure& b) { return a.agent < b.agent; });
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  for (const auto& [agent, seen] : Look(trace)) {
    if (seen.what != ChatOrCall::kAnswersOnly) continue;
    Finding& finding = out.emplace_back();
    finding.locus = LocusOf(trace, seen.answer);
    finding.signature = "answers without a call";
    finding.spans = {seen.answer};
    finding.Cite(EvidenceRole::kAnswer, seen.answer, trace.spans[seen.answer].output_quote);
    finding.opportunity = Opportunity::kAgent;
    finding.condition = Condition::kOthersCall;
    finding.limit = std::llround(trace.thresholds.no_tool_use_share * 1000);
  }
}

}  // namespace

TraceDetector NoToolUse() {
  return {.id = 22,
          .name = "no_tool_use",
          .category = "call",
          .severity = Severity::kMedium,
          .confidence = Confidence::kLikely,
          .end_of_run = true,
          .title = "{agent} answers without calling any of its tools, as most of its runs do",
          .eligible = Eligible,
          .find = Find,
          .measure = DoMeasure};
}

}  // namespace halo
