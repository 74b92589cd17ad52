// SPDX-License-Identifier: MIT
#include "engine/trace/value_origins.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>
#include <vector>

namespace halo {
namespace {

std::uint64_t PlaceOf(SpanIndex span, std::int32_t at) {
  return static_cast<std::uint64_t>(span) << 32 | static_cast<std::uint32_t>(at);
}

class OriginFinder {
 public:
  OriginFinder(const Trace& trace, const PromptSteps& steps, Turns& turns)
      : trace_(trace), pool_(trace.words->messages()), steps_(steps), turns_(turns) {
    for (std::size_t t = 0; t < turns.all.size(); ++t) {
      const Turn& turn = turns.all[t];
      if (turn.result_at != -1) {
        result_of_.emplace(PlaceOf(turn.seen_by, turn.result_at), static_cast<std::int32_t>(t));
      }
      if (turn.call != -1) {
        turn_of_.emplace(PlaceOf(turn.asked_by, turn.call), static_cast<std::int32_t>(t));
      }
    }
  }

  void AddStrand(const std::vector<SpanIndex>& calls) {
    known_.clear();
    all_known_ = true;
    for (const SpanIndex call : calls) {
      ReadPrompt(call);
      ReadAnswer(call);
    }
  }

  void Finish() {
    std::stable_sort(found_.begin(), found_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    turns_.origin_begin.assign(turns_.all.size() + 1, 0);
    for (const auto& [turn, origin] : found_) {
      ++turns_.origin_begin[turn + 1];
      turns_.origins.push_back(origin);
    }
    std::partial_sum(turns_.origin_begin.begin(), turns_.origin_begin.end(),
                     turns_.origin_begin.begin());
  }

 private:
  void ReadPrompt(SpanIndex call) {
    const SpanFacts& facts = trace_.spans[call];
    if (!IsWholePrompt(facts)) all_known_ = false;
    for (const AddedMessage& one : steps_.AddedBy(call)) {
      const MessageFacts& message = pool_[one.message];
      if (message.Has(MessageMark::kManyValues) || message.Has(MessageMark::kMasked)) {
        all_known_ = false;
      }
      Origin origin;
      origin.span = call;
      origin.kind = KindOf(message.role);
      if (origin.kind == OriginKind::kResult || message.role == MessageRole::kUser) {
        const auto result = result_of_.find(PlaceOf(call, one.at));
        if (result != result_of_.end()) {
          origin.kind = OriginKind::kResult;
          origin.turn = result->second;
        }
      }
      Learn(message, origin);
    }
  }

  void ReadAnswer(SpanIndex call) {
    std::int32_t at = 0;
    const std::vector<MessageId> answer = pool_.MessagesOf(trace_.spans[call].answer);
    for (const MessageId id : answer) {
      for (const CallFacts& made : pool_.CallsOf(pool_[id])) {
        const auto turn = turn_of_.find(PlaceOf(call, at++));
        if (turn == turn_of_.end()) continue;
        for (const std::uint32_t value : pool_.ValuesOf(made)) {
          ++turns_.work;
          const auto known = known_.find(value);
          Origin origin;
          if (known != known_.end()) {
            origin = known->second;
          } else if (all_known_) {
            origin.kind = OriginKind::kNowhere;
          }
          origin.value = value;
          found_.emplace_back(turn->second, origin);
        }
      }
    }
    for (const MessageId id : answer) {
      Origin origin;
      origin.kind = OriginKind::kOutput;
      origin.span = call;
      Learn(pool_[id], origin);
    }
  }

  static OriginKind KindOf(MessageRole role) {
    switch (role) {
      case MessageRole::kSystem:
        return OriginKind::kSystem;
      case MessageRole::kTool:
        return OriginKind::kResult;
      case MessageRole::kAssistant:
        return OriginKind::kOutput;
      case MessageRole::kUser:
      case MessageRole::kOther:
        break;
    }
    return OriginKind::kUser;
  }

  void Learn(const MessageFacts& message, const Origin& origin) {
    for (const std::uint32_t value : pool_.ValuesOf(message)) known_.try_emplace(value, origin);
    for (const CallFacts& call : pool_.CallsOf(message)) {
      for (const std::uint32_t value : pool_.ValuesOf(call)) known_.try_emplace(value, origin);
    }
    ++turns_.work;
  }

  const Trace& trace_;
  const MessagePool& pool_;
  const PromptSteps& steps_;
  Turns& turns_;
  std::unordered_map<std::uint64_t, std::int32_t> result_of_, turn_of_;
  std::unordered_map<std::uint32_t, Origin> known_;  // of the strand, so far
  bool all_known_ = true;                            // every message so far was recorded
  std::vector<std::pair<std::int32_t, Origin>> found_;
};

}  // namespace

void FindOrigins(const Trace& trace, const Strands& strands, const PromptSteps& steps,
                 Turns& turns) {
  OriginFinder finder(trace, steps, turns);
  for (std::size_t s = 0; s < strands.size(); ++s) {
    finder.AddStrand(strands.Llm(static_cast<std::int32_t>(s)));
  }
  finder.Finish();
}

}  // namespace halo
