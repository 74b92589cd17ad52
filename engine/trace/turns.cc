// SPDX-License-Identifier: MIT
#include "engine/trace/turns.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "engine/model/message_place.h"
#include "engine/trace/asked_calls.h"
#include "engine/trace/prompt_steps.h"
#include "engine/trace/result_index.h"
#include "engine/trace/strands.h"
#include "engine/trace/trace.h"
#include "engine/trace/value_origins.h"

namespace halo {
namespace {

constexpr int kMostDepth = 64;  // no framework nests the parts of an action deeper

bool IsLookUp(Kind kind) {
  return kind == Kind::kRetriever || kind == Kind::kReranker || kind == Kind::kEmbedding;
}

// Fills Turns step by step; each step uses the results of the previous ones.
class Builder {
 public:
  explicit Builder(const Trace& trace)
      : trace_(trace),
        pool_(trace.words->messages()),
        strands_(trace),
        steps_(trace),
        asked_(trace, strands_),
        results_(trace, strands_) {}

  Turns Build() {
    CollectPrompts();
    FindLastCalls();
    CollectActions();
    PairRemaining();
    AddCallsWithoutSpan();
    FindReaders();
    JudgeUnknown();
    Order();
    FindOrigins(trace_, strands_, steps_, out_);
    FindHandOffs();
    out_.work += asked_.all().size();
    return std::move(out_);
  }

 private:
  const SpanFacts& Facts(SpanIndex i) const { return trace_.spans[i]; }

  void CollectPrompts() {
    for (std::size_t s = 0; s < strands_.size(); ++s) {
      steps_.AddStrand(strands_.Llm(static_cast<std::int32_t>(s)), out_);
    }
    std::sort(out_.prompts.begin(), out_.prompts.end(),
              [](const PromptStep& a, const PromptStep& b) { return a.span < b.span; });
    out_.of_prompt.assign(trace_.spans.size(), -1);
    for (std::size_t i = 0; i < out_.prompts.size(); ++i) {
      const PromptStep& step = out_.prompts[i];
      out_.of_prompt[step.span] = static_cast<std::int32_t>(i);
      results_.Add(step.span, step.newest_begin, steps_.AddedBy(step.span));
    }
    results_.Sort();
  }

  // The last model call inside each span, not inside an agent within it.
  void FindLastCalls() {
    std::vector<SpanIndex> top_down;
    top_down.reserve(trace_.spans.size());
    for (std::size_t i = 0; i < trace_.spans.size(); ++i) {
      if (trace_.parent[i] == -1) top_down.push_back(static_cast<SpanIndex>(i));
    }
    for (std::size_t next = 0; next < top_down.size(); ++next) {
      for (const SpanIndex child : trace_.Children(top_down[next])) top_down.push_back(child);
    }
    last_call_.assign(trace_.spans.size(), -1);
    for (auto it = top_down.rbegin(); it != top_down.rend(); ++it) {
      SpanIndex& last = last_call_[*it];
      if (strands_.Of(*it) != -1 && Facts(*it).kind == Kind::kLlm) last = std::max(last, *it);
      const SpanIndex parent = trace_.parent[*it];
      if (parent == -1 || Facts(*it).kind == Kind::kAgent) continue;
      last_call_[parent] = std::max(last_call_[parent], last);
    }
  }

  void CollectActions() {
    for (std::size_t n = 0; n < trace_.spans.size(); ++n) {
      const auto i = static_cast<SpanIndex>(n);
      const SpanFacts& span = trace_.spans[i];
      const bool inside = trace_.within_call[i] != -1;
      const bool own_failure = span.failed && trace_.error_root[i] && !inside;
      if (span.kind == Kind::kLlm) continue;
      if (span.kind == Kind::kTool) {
        const std::int32_t strand = strands_.Of(i);
        // A tool that only a tool calls is part of the outer call.
        const bool is_part = inside && strands_.Llm(strand).empty();
        if (strand != -1 && !is_part) AddAction(ActionKind::kTool, i, strand);
      } else if (IsLookUp(span.kind)) {
        if (own_failure) AddAction(ActionKind::kTool, i, strands_.Find(trace_.scope[i], -1));
      } else if (const std::int32_t caller = CallerOf(i); caller != -1) {
        AddAction(ActionKind::kHandOff, i, caller);
      } else if (own_failure && trace_.within_llm[i] == -1 && span.kind != Kind::kEvaluator) {
        AddAction(ActionKind::kStep, i, strands_.Find(trace_.scope[i], -1));
      }
    }
  }

  // The strand whose model hands off to an agent; -1 if no model does.
  std::int32_t CallerOf(SpanIndex agent) const {
    const SpanIndex parent = trace_.parent[agent];
    if (Facts(agent).kind != Kind::kAgent || parent == -1) return -1;
    const SpanIndex call = Facts(parent).kind == Kind::kTool ? parent : trace_.within_call[parent];
    const std::int32_t strand = strands_.Find(trace_.scope[parent], call);
    return strands_.LlmBefore(strand, agent) == -1 ? -1 : strand;
  }

  void AddAction(ActionKind kind, SpanIndex action, std::int32_t strand) {
    const SpanFacts& span = Facts(action);
    Turn turn;
    turn.kind = kind;
    turn.action = action;
    turn.failed = span.failed;
    turn.error = span.error_signature;
    turn.tool = span.tool;
    turn.request = span.arguments_hash;
    FindAsker(strand, turn);
    if (turn.asked_by != -1 && strands_.Of(turn.asked_by) != -1) {
      strand = strands_.Of(turn.asked_by);
    }
    turn.scope = turn.asked_by != -1 ? trace_.scope[turn.asked_by] : trace_.scope[action];
    results_.CountResult(span.answer);
    out_.all.push_back(turn);
    strand_of_.push_back(strand);
  }

  void FindAsker(std::int32_t strand, Turn& turn) {
    const SpanIndex action = turn.action;
    if (turn.kind == ActionKind::kStep) {
      turn.asked_by = last_call_[action];
      turn.asked_basis = TurnBasis::kStep;
    } else if (const auto by_id = asked_.FindId(Facts(action).call_id, strand, action);
               by_id != -1) {
      return TakeCall(by_id, TurnBasis::kCallId, turn);
    } else if (const auto equal = asked_.FindRequest(turn.request, strand, action); equal != -1) {
      return TakeCall(equal, TurnBasis::kRequest, turn);
    } else {
      // Some emitters run tools inside the span of the model call that asked for them.
      const SpanIndex around = trace_.within_llm[action];
      if (around != -1 && strands_.Of(around) != -1) turn.asked_by = around;
      turn.asked_basis = TurnBasis::kStep;
    }
    if (turn.asked_by == -1) {
      turn.asked_by = strands_.LlmBefore(strand, action);
      turn.asked_basis = turn.asked_by == -1 ? TurnBasis::kNone : TurnBasis::kOrder;
    }
  }

  void TakeCall(std::int32_t index, TurnBasis basis, Turn& turn) {
    const AskedCall& call = asked_.all()[index];
    asked_.Take(index);
    turn.asked_by = call.llm;
    turn.call = call.at;
    turn.asked_basis = basis;
    if (turn.tool == 0) turn.tool = call.facts->tool;
  }

  // Actions that only the order assigns to a model call are paired with its remaining calls: by the
  // name of the tool, then one by one if there are as many.
  void PairRemaining() {
    std::unordered_map<SpanIndex, std::vector<std::size_t>> open;
    for (std::size_t t = 0; t < out_.all.size(); ++t) {
      const Turn& turn = out_.all[t];
      if (turn.call == -1 && turn.asked_by != -1 && turn.kind != ActionKind::kStep) {
        open[turn.asked_by].push_back(t);
      }
    }
    for (auto& [llm, turns] : open) {
      std::unordered_map<StringId, std::vector<std::int32_t>> by_tool;
      const std::int32_t begin = asked_.IndexOf(llm, 0), end = begin + asked_.CountOf(llm);
      for (std::int32_t i = end; i-- > begin;) {
        if (!asked_.all()[i].has_action) by_tool[asked_.all()[i].facts->tool].push_back(i);
      }
      std::erase_if(turns, [&](std::size_t t) {
        Turn& turn = out_.all[t];
        const auto found = turn.tool == 0 ? by_tool.end() : by_tool.find(turn.tool);
        if (found == by_tool.end() || found->second.empty()) return false;
        TakeCall(found->second.back(), turn.asked_basis, turn);
        found->second.pop_back();
        return true;
      });
      std::vector<std::int32_t> left;
      for (std::int32_t i = begin; i < end; ++i) {
        if (!asked_.all()[i].has_action) left.push_back(i);
      }
      if (left.size() != turns.size()) continue;
      for (std::size_t i = 0; i < left.size(); ++i) {
        Turn& turn = out_.all[turns[i]];
        TakeCall(left[i], turn.asked_basis, turn);
      }
    }
  }

  void AddCallsWithoutSpan() {
    for (const AskedCall& call : asked_.all()) {
      if (call.has_action) continue;
      Turn turn;
      turn.kind = ActionKind::kNoSpan;
      turn.asked_by = call.llm;
      turn.asked_basis = call.facts->id != 0 ? TurnBasis::kCallId : TurnBasis::kRequest;
      turn.call = call.at;
      turn.tool = call.facts->tool;
      turn.request = call.facts->request;
      turn.scope = trace_.scope[call.llm];
      out_.all.push_back(turn);
      strand_of_.push_back(strands_.Of(call.llm));
    }
  }

  void FindReaders() {
    for (std::size_t t = 0; t < out_.all.size(); ++t) {
      Turn& turn = out_.all[t];
      turn.calls = turn.asked_by == -1 ? 0 : asked_.CountOf(turn.asked_by);
      FindReader(strand_of_[t], turn);
      if (turn.result == 0) continue;
      const MessageFacts& result = pool_[turn.result];
      if (turn.kind == ActionKind::kNoSpan) turn.failed = result.error != 0;
      if (turn.error == 0) turn.error = result.error;
    }
  }

  std::uint64_t IdOf(const Turn& turn) const {
    if (turn.action != -1 && Facts(turn.action).call_id != 0) return Facts(turn.action).call_id;
    if (turn.call == -1) return 0;
    return asked_.all()[asked_.IndexOf(turn.asked_by, turn.call)].facts->id;
  }

  void FindReader(std::int32_t strand, Turn& turn) {
    const auto take = [&](const HeldMessage& held, TurnBasis basis) {
      turn.seen_by = held.llm;
      turn.result = held.message;
      turn.result_at = held.at;
      turn.seen_basis = basis;
    };
    const SpanIndex from = turn.at();
    const std::uint64_t id = IdOf(turn);
    if (const HeldMessage* const held = results_.FindId(id, strand, from)) {
      return take(*held, TurnBasis::kCallId);
    }
    if (turn.action != -1) {
      const HeldMessage* const held =
          results_.FindText(Facts(turn.action).answer, strand, turn.action);
      if (held != nullptr) return take(*held, TurnBasis::kText);
    }
    // An action that contains model calls of the strand, such as a step, ends after them.
    const SpanIndex inside = turn.kind == ActionKind::kStep ? last_call_[turn.action] : -1;
    turn.seen_by = strands_.LlmAfter(strand, std::max(from, inside));
    if (turn.seen_by == -1) return;
    turn.seen_basis = TurnBasis::kOrder;
    // Results without ids come in the order of the calls.
    const std::span<const HeldMessage> results = results_.WithoutId(turn.seen_by);
    if (turn.call == -1 || results.size() != static_cast<std::size_t>(turn.calls)) return;
    if (strands_.LlmAfter(strand, turn.asked_by) != turn.seen_by) return;
    take(results[turn.call], TurnBasis::kOrder);
  }

  void JudgeUnknown() {
    for (Turn& turn : out_.all) {
      TurnUnknown& unknown = turn.unknown;
      if (turn.asked_by != -1) {
        const SpanFacts& asked = Facts(turn.asked_by);
        unknown.asked = asked.answer == 0 && !asked.has_output;
        unknown.tools = !asked.has_tool_definitions;
      } else {
        unknown.asked = unknown.tools = true;
      }
      if (turn.seen_by != -1) {
        const SpanFacts& seen = Facts(turn.seen_by);
        unknown.seen = seen.prompt == 0 || seen.prompt_cut || seen.clipped;
      } else {
        unknown.rest = !trace_.root_ended;
      }
      if (turn.action != -1) {
        const SpanFacts& action = Facts(turn.action);
        unknown.result = action.answer == 0 && action.result_hash == 0 && !action.failed;
      } else {
        unknown.result = turn.result == 0;
      }
      unknown.ids = IdOf(turn) == 0;
    }
  }

  void Order() {
    std::sort(out_.all.begin(), out_.all.end(), [](const Turn& a, const Turn& b) {
      return std::tuple(a.at(), a.action == -1, a.call) <
             std::tuple(b.at(), b.action == -1, b.call);
    });
    out_.of_action.assign(trace_.spans.size(), -1);
    for (std::size_t t = 0; t < out_.all.size(); ++t) {
      const SpanIndex action = out_.all[t].action;
      if (action != -1) out_.of_action[action] = static_cast<std::int32_t>(t);
    }
    ListBy(&Turn::asked_by, out_.asked_begin, out_.asked_list);
    ListBy(&Turn::seen_by, out_.seen_begin, out_.seen_list);
  }

  void ListBy(SpanIndex Turn::*by, std::vector<std::uint32_t>& begin,
              std::vector<std::int32_t>& list) const {
    begin.assign(trace_.spans.size() + 1, 0);
    for (const Turn& turn : out_.all) {
      if (turn.*by != -1) ++begin[turn.*by + 1];
    }
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    list.resize(begin.back());
    std::vector<std::uint32_t> next(begin.begin(), begin.end() - 1);
    for (std::size_t t = 0; t < out_.all.size(); ++t) {
      const SpanIndex span = out_.all[t].*by;
      if (span != -1) list[next[span]++] = static_cast<std::int32_t>(t);
    }
  }

  void FindHandOffs() {
    for (std::size_t s = 1; s < trace_.scopes.size(); ++s) {
      const SpanIndex agent = trace_.scopes[s].agent_span;
      const SpanIndex parent = trace_.parent[agent];
      if (parent == -1) continue;
      std::int32_t turn = out_.of_action[agent];
      // An agent that is run by a tool, which is the action.
      for (SpanIndex call = parent; turn == -1 && call != -1; call = trace_.within_call[call]) {
        turn = out_.of_action[call];
        if (turn != -1 && out_.all[turn].kind == ActionKind::kStep) turn = -1;
      }
      const auto& calls = strands_.Llm(strands_.Find(static_cast<std::int32_t>(s), -1));
      if (turn == -1 || calls.empty()) continue;
      HandOff& hand_off = out_.hand_offs.emplace_back();
      hand_off.turn = turn;
      hand_off.first_call = calls.front();
      FindPayload(hand_off);
    }
    std::stable_sort(out_.hand_offs.begin(), out_.hand_offs.end(),
                     [](const HandOff& a, const HandOff& b) { return a.turn < b.turn; });
  }

  void FindPayload(HandOff& hand_off) {
    const Turn& turn = out_.all[hand_off.turn];
    if (turn.asked_by == -1) return;
    std::vector<std::uint32_t> heads;
    if (turn.call != -1) {
      const AskedCall& call = asked_.all()[asked_.IndexOf(turn.asked_by, turn.call)];
      const auto of_call = pool_.HeadsOf(*call.facts);
      heads.assign(of_call.begin(), of_call.end());
    }
    for (ContextId at = Facts(turn.asked_by).answer; at != 0; at = pool_.Before(at)) {
      const auto of_text = pool_.HeadsOf(pool_[pool_.Newest(at)]);
      heads.insert(heads.end(), of_text.begin(), of_text.end());
    }
    std::sort(heads.begin(), heads.end());
    const std::vector<MessageId> prompt = pool_.MessagesOf(Facts(hand_off.first_call).prompt);
    out_.work += prompt.size();
    for (std::size_t i = prompt.size(); i-- > 0;) {
      const MessageFacts& message = pool_[prompt[i]];
      if (message.role == MessageRole::kSystem || message.role == MessageRole::kAssistant) continue;
      const auto of_message = pool_.HeadsOf(message);
      if (std::none_of(of_message.begin(), of_message.end(), [&](std::uint32_t head) {
            return std::binary_search(heads.begin(), heads.end(), head);
          })) {
        continue;
      }
      hand_off.payload = prompt[i];
      hand_off.payload_at = static_cast<std::int32_t>(i);
      return;
    }
  }

  const Trace& trace_;
  const MessagePool& pool_;
  const Strands strands_;
  PromptSteps steps_;
  AskedCalls asked_;
  ResultIndex results_;
  std::vector<SpanIndex> last_call_;
  std::vector<std::int32_t> strand_of_;  // by turn, before they are ordered
  Turns out_;
};

std::span<const std::int32_t> ListOf(const std::vector<std::uint32_t>& begin,
                                     const std::vector<std::int32_t>& list, SpanIndex span) {
  return {list.data() + begin[span], list.data() + begin[span + 1]};
}

}  // namespace

std::span<const std::int32_t> Turns::AskedBy(SpanIndex llm) const {
  return ListOf(asked_begin, asked_list, llm);
}

std::span<const std::int32_t> Turns::SeenBy(SpanIndex llm) const {
  return ListOf(seen_begin, seen_list, llm);
}

std::span<const Origin> Turns::OriginsOf(std::int32_t turn) const {
  return {origins.data() + origin_begin[turn], origins.data() + origin_begin[turn + 1]};
}

Turns FindTurns(const Trace& trace) { return Builder(trace).Build(); }

const CallFacts* CallOf(const Trace& trace, const Turn& turn) {
  if (turn.asked_by == -1 || turn.call == -1) return nullptr;
  const MessagePool& pool = trace.words->messages();
  std::int32_t left = turn.call;
  for (const MessageId id : pool.MessagesOf(trace.spans[turn.asked_by].answer)) {
    const auto calls = pool.CallsOf(pool[id]);
    if (left < static_cast<std::int32_t>(calls.size())) return &calls[left];
    left -= static_cast<std::int32_t>(calls.size());
  }
  return nullptr;
}

const Turn* TurnAround(const Trace& trace, SpanIndex span) {
  SpanIndex i = span;
  for (int depth = 0; i != -1 && depth < kMostDepth; ++depth, i = trace.parent[i]) {
    if (i != span && trace.spans[i].kind == Kind::kAgent) break;
    const std::int32_t turn = trace.turns.of_action[i];
    if (turn != -1) return &trace.turns.all[turn];
  }
  return nullptr;
}

void CiteTurn(const Trace& trace, const Turn& turn, Finding& finding) {
  const auto has = [&](EvidenceRole role) {
    return std::any_of(finding.evidence.begin(), finding.evidence.end(),
                       [&](const Evidence& one) { return one.role == role; });
  };
  const auto at = [](MessagePlace::Kind kind, std::int32_t position) {
    return PlaceText({kind, static_cast<std::uint32_t>(position), {}});
  };
  const SpanIndex asked = turn.asked_by;
  const SpanFacts* const action = turn.action == -1 ? nullptr : &trace.spans[turn.action];
  if (asked != -1 && !has(EvidenceRole::kAsked)) {
    if (turn.call != -1) {
      finding.Cite(EvidenceRole::kAsked, asked, at(MessagePlace::Kind::kCall, turn.call));
    } else {
      finding.Cite(EvidenceRole::kAsked, asked, trace.spans[asked].output_quote);
    }
  }
  if (!has(EvidenceRole::kArguments)) {
    if (action != nullptr && action->arguments_quote.path != 0) {
      finding.Cite(EvidenceRole::kArguments, turn.action, action->arguments_quote);
    } else if (turn.call != -1) {
      finding.Cite(EvidenceRole::kArguments, asked, at(MessagePlace::Kind::kArguments, turn.call));
    }
  }
  if (turn.tool != 0 && asked != -1 && trace.spans[asked].has_tool_definitions &&
      !has(EvidenceRole::kSchema)) {
    finding.Cite(EvidenceRole::kSchema, asked,
                 PlaceText({MessagePlace::Kind::kTool, 0, trace.Text(turn.tool)}));
  }
  if (action != nullptr && turn.failed && !has(EvidenceRole::kFailed)) {
    finding.Cite(EvidenceRole::kFailed, turn.action, action->error_quote);
  }
  if (action != nullptr && !turn.failed && !has(EvidenceRole::kResult)) {
    finding.Cite(EvidenceRole::kResult, turn.action, action->result_quote);
  }
  if (turn.result_at != -1 && !has(EvidenceRole::kSeen)) {
    finding.Cite(EvidenceRole::kSeen, turn.seen_by,
                 at(MessagePlace::Kind::kPrompt, turn.result_at));
  }
}

}  // namespace halo
