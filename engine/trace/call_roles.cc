// SPDX-License-Identifier: MIT
#include "engine/trace/call_roles.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/base/ascii.h"
#include "engine/trace/strands.h"

namespace halo {
namespace {

struct Named {
  bool plan = false, summary = false;
};

// One word of a name, in lower case.
void Read(std::string_view word, Named& named) {
  constexpr std::array<std::string_view, 6> kPlan = {"plan",     "plans",  "planner",
                                                     "planning", "replan", "replanner"};
  named.plan = named.plan || std::find(kPlan.begin(), kPlan.end(), word) != kPlan.end();
  named.summary = named.summary || word == "compact" || word == "compaction" ||
                  word == "compacting" || word.starts_with("condens") || word.starts_with("summar");
}

// Splits "PlanningStep 1", "memory_summarizer" and "chat.compact" into words.
Named ReadName(std::string_view name) {
  Named named;
  std::string word;
  bool was_lower = false;
  const auto close = [&] {
    if (!word.empty()) Read(word, named);
    word.clear();
  };
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
    if ((!upper && !lower) || (upper && was_lower)) close();
    if (upper || lower) word.push_back(static_cast<char>(upper ? c - 'A' + 'a' : c));
    was_lower = lower;
  }
  close();
  return named;
}

class Finder {
 public:
  explicit Finder(const Trace& trace)
      : trace_(trace), pool_(trace.words->messages()), strands_(trace) {}

  std::vector<CallPurpose> All() {
    std::vector<CallPurpose> out(trace_.spans.size());
    for (std::size_t i = trace_.spans.size(); i-- > 0;) {
      const SpanFacts& span = trace_.spans[i];
      if (span.kind != Kind::kLlm || trace_.wraps_call[i]) continue;
      const auto call = static_cast<SpanIndex>(i);
      out[i] = {RoleOf(call), PromptOf(span)};
      last_call_ = std::max(last_call_, call);
    }
    return out;
  }

 private:
  CallRole RoleOf(SpanIndex call) const {
    if (AsksForActions(call)) return EndsRun(call) ? CallRole::kFinal : CallRole::kStep;
    const Named named = NamesAround(call);
    if (named.summary || Says(call, MessageMark::kAsksSummary)) return CallRole::kSummary;
    const bool something_follows = last_call_ > call;
    if (something_follows && (named.plan || Says(call, MessageMark::kAsksPlan))) {
      return CallRole::kPlanning;
    }
    const std::int32_t strand = strands_.Of(call);
    if (strand == -1 || trace_.within_call[call] != -1) return CallRole::kInner;
    const SpanIndex next = strands_.LlmAfter(strand, call);
    if (next == -1) return CallRole::kFinal;
    if (PlansFor(call, next)) return CallRole::kPlanning;
    return IsAskedAnew(next) ? CallRole::kFinal : CallRole::kStep;
  }

  bool AsksForActions(SpanIndex call) const {
    const SpanFacts& span = trace_.spans[call];
    return span.tool_call_count > 0 || span.finish == FinishClass::kToolCalls ||
           !trace_.turns.AskedBy(call).empty();
  }

  // Whether all that the call asks for are tools whose results end the run.
  bool EndsRun(SpanIndex call) const {
    const auto asked = trace_.turns.AskedBy(call);
    return !asked.empty() && std::all_of(asked.begin(), asked.end(), [&](std::int32_t turn) {
      const SpanIndex action = trace_.turns.all[static_cast<std::size_t>(turn)].action;
      return action != -1 && trace_.spans[action].kind == Kind::kTool &&
             trace_.spans[action].finish == FinishClass::kStop;
    });
  }

  // The names of the call and of what lies around it, up to its agent or tool.
  Named NamesAround(SpanIndex call) const {
    constexpr int kMostAbove = 8;
    const SpanFacts& own = trace_.spans[call];
    Named named = ReadName(trace_.Text(own.operation != 0 ? own.operation : own.name));
    SpanIndex above = trace_.parent[call];
    for (int level = 0; level < kMostAbove && above != -1; ++level, above = trace_.parent[above]) {
      const Kind kind = trace_.spans[above].kind;
      if (kind == Kind::kTool) break;
      // The root is the whole run, whatever it is called.
      if (above == trace_.root) break;
      const Named more = ReadName(trace_.Text(trace_.spans[above].name));
      named = {named.plan || more.plan, named.summary || more.summary};
      if (kind == Kind::kAgent) break;
    }
    return named;
  }

  // Whether the first message, if it is a system message, or the newest one has the mark.
  bool Says(SpanIndex call, MessageMark mark) const {
    const SpanFacts& span = trace_.spans[call];
    if (span.prompt == 0) return false;
    const MessageFacts& newest = pool_[pool_.Newest(span.prompt)];
    if (newest.role != MessageRole::kTool && newest.Has(mark)) return true;
    const MessageFacts& first = First(span.prompt);
    return !span.has_tool_definitions && first.role == MessageRole::kSystem && first.Has(mark);
  }

  // Whether both are calls of one conversation, of which only the next can act.
  bool PlansFor(SpanIndex call, SpanIndex next) const {
    if (trace_.spans[call].has_tool_definitions || !trace_.spans[next].has_tool_definitions) {
      return false;
    }
    const PromptStep* const step = StepOf(next);
    return step != nullptr && step->judged && step->before == call && step->kept > 0;
  }

  // Whether what is new to the call since the last answer is a message of a user, and no result.
  bool IsAskedAnew(SpanIndex call) const {
    const PromptStep* const step = StepOf(call);
    if (step == nullptr || step->newest_begin >= step->length) return false;
    ContextId list = trace_.spans[call].prompt;
    bool user = false;
    for (std::uint32_t at = step->length; at > step->newest_begin && list != 0; --at) {
      const MessageFacts& message = pool_[pool_.Newest(list)];
      if (message.role == MessageRole::kTool) return false;
      user = user || message.role == MessageRole::kUser;
      list = pool_.Before(list);
    }
    // Where the history is dropped, all of it is new.
    return user && list != 0 && step->kept > 0 && !trace_.spans[call].prompt_is_part;
  }

  const PromptStep* StepOf(SpanIndex call) const {
    const std::int32_t step = trace_.turns.of_prompt[static_cast<std::size_t>(call)];
    return step < 0 ? nullptr : &trace_.turns.prompts[static_cast<std::size_t>(step)];
  }

  // Of lists that share their beginning, only what is new is walked through.
  const MessageFacts& First(ContextId list) const {
    walked_.clear();
    MessageId first = 0;
    for (; list != 0 && first == 0; list = pool_.Before(list)) {
      if (const auto known = first_of_.find(list); known != first_of_.end()) {
        first = known->second;
        break;
      }
      walked_.push_back(list);
      if (pool_.Before(list) == 0) first = pool_.Newest(list);
    }
    for (const ContextId each : walked_) first_of_.emplace(each, first);
    return pool_[first];
  }

  std::uint32_t PromptOf(const SpanFacts& span) const {
    if (span.prompt == 0) return 0;
    const MessageFacts& first = First(span.prompt);
    if (span.prompt_is_part && first.role != MessageRole::kSystem) return 0;
    const auto heads = pool_.HeadsOf(first);
    return heads.empty() ? 0 : heads.front();
  }

  const Trace& trace_;
  const MessagePool& pool_;
  const Strands strands_;
  mutable std::unordered_map<ContextId, MessageId> first_of_;
  mutable std::vector<ContextId> walked_;
  SpanIndex last_call_ = -1;  // of those that were looked at: the later ones
};

}  // namespace

std::vector<CallPurpose> FindCallPurposes(const Trace& trace) { return Finder(trace).All(); }

}  // namespace halo
