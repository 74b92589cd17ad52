// SPDX-License-Identifier: MIT
#include "engine/analysis/behaviours.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "engine/base/hash.h"
#include "engine/model/behaviour.h"

namespace halo {
namespace {

using Did = BehaviourKind;

constexpr std::size_t kMostTools = 32, kMostPairs = 64, kMostAgents = 16, kMostSetups = 16;
constexpr std::size_t kLongestName = 128;

constexpr std::int64_t kTimes[] = {2, 3, 5, 10, 20};
constexpr std::int64_t kTurnCounts[] = {2, 3, 5, 8, 12, 20, 30, 50, 80};
constexpr std::int64_t kSeconds[] = {1, 3, 10, 30, 60, 120, 300, 600, 1800, 3600};
constexpr std::int64_t kTokenCounts[] = {1'000,   3'000,     10'000,    30'000,    100'000,
                                         300'000, 1'000'000, 3'000'000, 10'000'000};
constexpr std::int64_t kPromptSizes[] = {4'000, 16'000, 64'000, 128'000, 500'000};
constexpr std::int64_t kBytes[] = {4'000, 16'000, 64'000, 256'000};

std::string_view FinishName(FinishClass finish) {
  switch (finish) {
    case FinishClass::kStop:
      return "stop";
    case FinishClass::kToolCalls:
      return "tool_calls";
    case FinishClass::kTruncated:
      return "truncated";
    case FinishClass::kRefusal:
      return "refusal";
    case FinishClass::kOther:
      return "other";
    case FinishClass::kUnknown:
      break;
  }
  return {};
}

std::string HashName(std::uint64_t hash) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string name;
  for (int shift = 28; shift >= 0; shift -= 4) name.push_back(kDigits[hash >> shift & 15]);
  return name;
}

struct ToolUse {
  std::int64_t calls = 0, failures = 0, largest = 0, repeats = 1;
};

class Finder {
 public:
  Finder(const Trace& trace, const TraceSummary& summary) : trace_(trace), summary_(summary) {}

  std::vector<std::string> Find() {
    AddSizes();
    AddTools();
    AddAgents();
    AddEnds();
    AddMessages();
    std::sort(out_.begin(), out_.end());
    out_.erase(std::unique(out_.begin(), out_.end()), out_.end());
    if (out_.size() > kMostBehaviours) out_.resize(kMostBehaviours);
    return std::move(out_);
  }

 private:
  void Add(Did kind, std::int64_t n = 0, std::string_view a = {}, std::string_view b = {}) {
    if (a.size() > kLongestName || b.size() > kLongestName) return;
    out_.push_back(BehaviourText(kind, n, a, b));
  }
  // Every threshold that is reached.
  void AddReached(Did kind, std::int64_t value, std::span<const std::int64_t> steps,
                  std::string_view a = {}) {
    for (const std::int64_t step : steps) {
      if (value >= step) Add(kind, step, a);
    }
  }

  void AddSizes() {
    AddReached(Did::kTurns, summary_.llm_calls, kTurnCounts);
    const std::int64_t ns = PlausibleNs(summary_.start_ns, summary_.end_ns);
    AddReached(Did::kDuration, ns / 1'000'000'000, kSeconds);
    AddReached(Did::kTokens, summary_.usage.total(), kTokenCounts);
    std::int64_t largest = 0;
    for (const Scope& scope : trace_.scopes) {
      for (const SpanIndex step : scope.steps) {
        largest = std::max(largest, trace_.spend[step].usage.input);
      }
    }
    AddReached(Did::kPromptTokens, largest, kPromptSizes);
  }

  void AddTools() {
    std::unordered_map<StringId, ToolUse> uses;
    std::unordered_map<std::uint64_t, std::int64_t> requests;
    std::unordered_set<std::uint64_t> pairs;
    StringId first = 0, last = 0;
    for (const Turn& turn : trace_.turns.all) {
      const bool is_call = turn.kind == ActionKind::kTool || turn.kind == ActionKind::kNoSpan;
      if (!is_call || turn.tool == 0) continue;
      if (first == 0) first = turn.tool;
      const StringId before = std::exchange(last, turn.tool);
      if (uses.size() >= kMostTools && !uses.contains(turn.tool)) continue;
      ToolUse& use = uses[turn.tool];
      ++use.calls;
      use.failures += turn.failed;
      if (turn.action != -1) {
        use.largest = std::max<std::int64_t>(use.largest, trace_.spans[turn.action].result_bytes);
      }
      if (turn.request != 0) {
        use.repeats = std::max(use.repeats, ++requests[MixHash(turn.request, turn.tool)]);
      }
      if (before != 0 && pairs.size() < kMostPairs &&
          pairs.insert(std::uint64_t{before} << 32 | turn.tool).second) {
        Add(Did::kThen, 0, trace_.Text(before), trace_.Text(turn.tool));
      }
    }
    if (first == 0) {
      if (summary_.llm_calls > 0 && summary_.tool_calls == 0) Add(Did::kNoCalls);
      return;
    }
    Add(Did::kFirst, 0, trace_.Text(first));
    Add(Did::kLast, 0, trace_.Text(last));
    for (const auto& [tool, use] : uses) {
      const std::string_view name = trace_.Text(tool);
      Add(Did::kCalls, 0, name);
      AddReached(Did::kCallsOften, use.calls, kTimes, name);
      if (use.failures > 0) Add(Did::kFails, 1, name);
      AddReached(Did::kFails, use.failures, kTimes, name);
      AddReached(Did::kRepeats, use.repeats, kTimes, name);
      AddReached(Did::kResultBytes, use.largest, kBytes, name);
    }
  }

  void AddAgents() {
    for (std::size_t i = 0; i < std::min(summary_.agents.size(), kMostAgents); ++i) {
      Add(Did::kAgent, 0, summary_.agents[i]);
    }
    std::size_t hand_offs = 0;
    for (const Turn& turn : trace_.turns.all) {
      if (turn.kind != ActionKind::kHandOff || turn.action == -1) continue;
      const StringId from = trace_.scopes[static_cast<std::size_t>(turn.scope)].agent;
      const StringId to = trace_.agent[turn.action];
      if (to == 0 || hand_offs++ >= kMostPairs) continue;
      Add(Did::kHandOff, 0, from == 0 ? "the run" : trace_.Text(from), trace_.Text(to));
    }
  }

  void AddEnds() {
    FinishClass last = FinishClass::kUnknown;
    std::int64_t last_ns = INT64_MIN;
    for (const Scope& scope : trace_.scopes) {
      for (const SpanIndex step : scope.steps) {
        const SpanFacts& span = trace_.spans[step];
        if (span.kind != Kind::kLlm || span.finish == FinishClass::kUnknown) continue;
        Add(Did::kFinish, 0, FinishName(span.finish));
        const std::int64_t at_ns = std::max(span.start_ns, span.end_ns);
        if (at_ns < last_ns) continue;
        last_ns = at_ns;
        last = span.finish;
      }
    }
    if (last != FinishClass::kUnknown) Add(Did::kLastFinish, 0, FinishName(last));
    StringId before = 0;
    for (const SpanFacts& span : trace_.spans) {
      const StringId limit = span.limit;
      if (limit != 0 && limit != std::exchange(before, limit)) {
        Add(Did::kLimit, 0, trace_.Text(limit));
      }
    }
  }

  void AddMessages() {
    std::unordered_set<std::uint64_t> setups;
    for (const PromptStep& step : trace_.turns.prompts) {
      const SpanFacts& span = trace_.spans[step.span];
      const StringId agent = trace_.agent[step.span];
      AddSetup(Did::kPrompt, agent, Visit(span.prompt), setups);
      AddSetup(Did::kTools, agent, span.tools_hash, setups);
      Visit(span.answer);
    }
    if (corrections_ > 0) Add(Did::kCorrected, 1);
    if (corrections_ > 1) Add(Did::kCorrected, 2);
    if (apologises_) Add(Did::kApologises);
    if (cannot_) Add(Did::kCannot);
  }

  void AddSetup(Did kind, StringId agent, std::uint64_t hash,
                std::unordered_set<std::uint64_t>& known) {
    if (hash == 0 || known.size() >= kMostSetups) return;
    const std::uint64_t key = MixHash(MixHash(hash, agent), static_cast<std::uint64_t>(kind));
    if (known.insert(key).second) Add(kind, 0, trace_.Text(agent), HashName(hash));
  }

  // Reads the messages of a list that no list before it holds. Returns the hash of the system
  // message that it begins with; 0 if there is none.
  std::uint64_t Visit(ContextId list) {
    const MessagePool& messages = trace_.words->messages();
    std::vector<ContextId> added;
    std::uint64_t system = 0;
    for (ContextId at = list; at != 0; at = messages.Before(at)) {
      const auto known = system_of_.find(at);
      if (known != system_of_.end()) {
        system = known->second;
        break;
      }
      added.push_back(at);
    }
    for (const ContextId at : added) {
      const MessageFacts& message = messages[messages.Newest(at)];
      if (messages.Before(at) == 0 && message.role == MessageRole::kSystem) system = message.hash;
      // Emitters that rebuild their lists repeat messages.
      if (!read_.insert(messages.Newest(at)).second) continue;
      if (message.role == MessageRole::kUser) corrections_ += message.Has(MessageMark::kCorrects);
      if (message.role != MessageRole::kAssistant) continue;
      apologises_ = apologises_ || message.Has(MessageMark::kApologises);
      cannot_ = cannot_ || message.Has(MessageMark::kCannot);
    }
    for (const ContextId at : added) system_of_.emplace(at, system);
    return system;
  }

  const Trace& trace_;
  const TraceSummary& summary_;
  std::vector<std::string> out_;
  std::unordered_map<ContextId, std::uint64_t> system_of_;
  std::unordered_set<MessageId> read_;
  std::int64_t corrections_ = 0;
  bool apologises_ = false, cannot_ = false;
};

}  // namespace

std::vector<std::string> FindBehaviours(const Trace& trace, const TraceSummary& summary) {
  return Finder(trace, summary).Find();
}

}  // namespace halo
