// SPDX-License-Identifier: MIT
#include "engine/trace/prompt_steps.h"

#include <algorithm>
#include <utility>

namespace halo {
namespace {

// Whether `rest` is what is left of `whole`: the same beginning in fewer bytes, or something
// shorter as the result of the same call. The first heads of a message are those of its whole text.
bool IsRest(const MessagePool& pool, const MessageFacts& rest, const MessageFacts& whole) {
  if (rest.role != whole.role || rest.size >= whole.size) return false;
  if (rest.call_id != 0 || whole.call_id != 0) return rest.call_id == whole.call_id;
  const auto heads = pool.HeadsOf(rest);
  const auto of_whole = pool.HeadsOf(whole);
  if (heads.empty()) return false;
  const auto end = of_whole.begin() + std::min<std::ptrdiff_t>(of_whole.size(), 2);
  return std::find(of_whole.begin(), end, heads.front()) != end;
}

}  // namespace

bool IsWholePrompt(const SpanFacts& span) {
  return span.prompt != 0 && !span.prompt_cut && !span.prompt_is_part && !span.clipped;
}

const PromptSteps::Outline& PromptSteps::OutlineOf(ContextId list) {
  pending_.clear();
  Outline outline;
  for (ContextId at = list; at != 0; at = pool_.Before(at)) {
    const auto known = outlines_.find(at);
    if (known != outlines_.end()) {
      outline = known->second;
      break;
    }
    pending_.push_back(at);
  }
  for (; !pending_.empty(); pending_.pop_back()) {
    const ContextId at = pending_.back();
    const MessageId newest = pool_.Newest(at);
    const MessageRole role = pool_[newest].role;
    if (outline.first == 0) outline.first = newest;
    if (outline.first_user == 0 && role == MessageRole::kUser) outline.first_user = newest;
    if (role == MessageRole::kAssistant) outline.newest_begin = pool_.Length(at);
    outlines_.emplace(at, outline);
    ++*work_;
  }
  return outlines_[list];
}

void PromptSteps::AddStrand(const std::vector<SpanIndex>& calls, Turns& out) {
  work_ = &out.work;
  std::unordered_map<MessageId, SpanIndex> by_first, by_user;
  SpanIndex last = -1;
  for (const SpanIndex call : calls) {
    const ContextId prompt = trace_.spans[call].prompt;
    const Outline outline = OutlineOf(prompt);
    SpanIndex before = last;
    if (prompt != 0) {
      const auto same_first = by_first.find(outline.first);
      const auto same_user = by_user.find(outline.first_user);
      if (same_first != by_first.end()) {
        before = same_first->second;
      } else if (outline.first_user != 0 && same_user != by_user.end()) {
        before = same_user->second;
      }
      by_first[outline.first] = call;
      if (outline.first_user != 0) by_user[outline.first_user] = call;
    }
    last = call;
    out.prompts.push_back(StepOf(call, before, out));
  }
}

PromptStep PromptSteps::StepOf(SpanIndex span, SpanIndex before, Turns& out) {
  const SpanFacts& facts = trace_.spans[span];
  PromptStep step;
  step.span = span;
  step.before = before;
  step.length = pool_.Length(facts.prompt);
  step.newest_begin = OutlineOf(facts.prompt).newest_begin;
  step.lost_begin = step.lost_end = static_cast<std::uint32_t>(out.lost.size());
  index_[span] = added_.size();
  added_.emplace_back();
  if (before == -1) {
    Compare(facts.prompt, 0, step, out);
    return step;
  }
  const SpanFacts& previous = trace_.spans[before];
  if (facts.prompt_is_part || facts.prompt == 0) {
    Compare(facts.prompt, 0, step, out);
    return step;
  }
  step.judged = IsWholePrompt(facts) && IsWholePrompt(previous);
  Compare(facts.prompt, previous.prompt, step, out);
  // Two prompts without a common message belong to different talks.
  if (step.kept == 0) step.judged = false;
  if (!step.judged) {
    out.lost.resize(step.lost_begin);
    step.lost_end = step.lost_begin;
  }
  return step;
}

void PromptSteps::Compare(ContextId list, ContextId before, PromptStep& step, Turns& out) {
  std::vector<AddedMessage>& added = added_.back();
  std::vector<AddedMessage> old;
  ContextId a = list, b = before;
  while (a != b) {
    ++*work_;
    const bool longer = pool_.Length(a) >= pool_.Length(b);
    if (longer) {
      added.push_back({pool_.Newest(a), static_cast<std::int32_t>(pool_.Length(a)) - 1});
      a = pool_.Before(a);
    } else {
      old.push_back({pool_.Newest(b), static_cast<std::int32_t>(pool_.Length(b)) - 1});
      b = pool_.Before(b);
    }
  }
  std::reverse(added.begin(), added.end());
  std::reverse(old.begin(), old.end());
  std::uint32_t kept = pool_.Length(a);
  if (!old.empty() && !added.empty()) {
    std::unordered_map<MessageId, std::uint32_t> counts;
    for (const AddedMessage& one : old) ++counts[one.message];
    const std::size_t before_size = added.size();
    std::unordered_map<MessageId, std::uint32_t> found;
    std::erase_if(added, [&](const AddedMessage& one) {
      const auto left = counts.find(one.message);
      if (left == counts.end() || left->second == 0) return false;
      --left->second;
      ++found[one.message];
      return true;
    });
    kept += static_cast<std::uint32_t>(before_size - added.size());
    std::erase_if(old, [&](const AddedMessage& one) {
      const auto left = found.find(one.message);
      if (left == found.end() || left->second == 0) return false;
      --left->second;
      return true;
    });
  }
  step.kept = kept;
  step.added = static_cast<std::uint32_t>(added.size());
  if (old.empty()) return;
  std::vector<LostMessage> lost;
  for (const AddedMessage& one : old) lost.push_back({one.message, one.at, 0, -1});
  FindRests(lost);
  out.lost.insert(out.lost.end(), lost.begin(), lost.end());
  step.lost_end = static_cast<std::uint32_t>(out.lost.size());
}

// Each added message is the rest of at most one.
void PromptSteps::FindRests(std::vector<LostMessage>& lost) const {
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> by_key;  // of added messages
  const std::vector<AddedMessage>& added = added_.back();
  const auto key_of = [](std::uint64_t id, std::uint32_t head) {
    return id != 0 ? id << 20 : head;
  };
  for (std::size_t i = added.size(); i-- > 0;) {
    const MessageFacts& message = pool_[added[i].message];
    const auto heads = pool_.HeadsOf(message);
    if (message.call_id == 0 && heads.empty()) continue;
    by_key[key_of(message.call_id, heads.empty() ? 0 : heads.front())].push_back(i);
  }
  for (LostMessage& one : lost) {
    const MessageFacts& whole = pool_[one.message];
    const auto heads = pool_.HeadsOf(whole);
    const std::size_t keys = whole.call_id != 0 ? 1 : std::min<std::size_t>(heads.size(), 2);
    for (std::size_t k = 0; k < keys && one.cut_to == 0; ++k) {
      const auto found = by_key.find(key_of(whole.call_id, whole.call_id != 0 ? 0 : heads[k]));
      if (found == by_key.end() || found->second.empty()) continue;
      const AddedMessage& rest = added[found->second.back()];
      if (!IsRest(pool_, pool_[rest.message], whole)) continue;
      one.cut_to = rest.message;
      one.left_at = rest.at;
      found->second.pop_back();
    }
  }
}

}  // namespace halo
