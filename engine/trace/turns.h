// SPDX-License-Identifier: MIT
// Turns and links: which model call asked for an action, and which one read what came of it; what
// each prompt added, dropped and cut; where a value in a call's arguments came from.
//
// An agent works in turns: a model call asks, an action happens, the next model call reads the
// result. The place to change is most often what the model was given or what it asked for, not the
// span that shows the failure, so a finding about an action cites its turn (CiteTurn).
//
// asked_by: the model call of the action's scope whose answer holds the call: by call id; else by
//   tool name and equal arguments; else, for a step that contains a model call, that one (code
//   agents); else the last model call before the action in that scope.
// seen_by: the first model call of the scope after the action whose prompt holds the result: by
//   call id; else by text, if the beginning of the result (80 normalised characters, at least 24)
//   occurs in the newest messages and in no other action's result; else the next model call.
//   TurnBasis says which.
//
// Facts only, no payloads; linear in spans and messages. Part of Trace, built by BuildTrace;
// immutable afterwards, any thread may read it.
//
// What the trace does not record is Unknown: a detector that needs it must say "not judged" and
// never take an empty list for "nothing there".
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/model/finding.h"
#include "engine/model/message_pool.h"

namespace halo {

struct Trace;

enum class ActionKind : std::uint8_t {
  kTool,     // a TOOL, RETRIEVER, ... span
  kHandOff,  // an AGENT span inside another agent's scope
  kStep,     // a step that failed by itself: executor or parser rejected the turn
  kNoSpan,   // a call that has no span, only its request and perhaps its result in the next prompt
};

// Why two spans belong to one turn, the most reliable first.
enum class TurnBasis : std::uint8_t {
  kNone,     // no such span was found
  kCallId,   //
  kRequest,  // asked_by: the same tool with equal arguments
  kText,     // seen_by: the beginning of the result
  kStep,     // asked_by: the model call of the same step span
  kOrder,    // the last model call before, or the next one after
};

// What cannot be known of a turn or a prompt.
struct TurnUnknown {
  // The answer of the asking call was not recorded: what it asked for is not known.
  bool asked : 1 = false;
  // The prompt of the reading call was not recorded, or cut by a size limit.
  bool seen : 1 = false;
  // The result was not recorded.
  bool result : 1 = false;
  // Neither the call nor the result has a call id.
  bool ids : 1 = false;
  // The asking call does not say which tools it was offered.
  bool tools : 1 = false;
  // No model call follows, but the trace is not known to have ended there: it is still open.
  bool rest : 1 = false;

  bool operator==(const TurnUnknown&) const = default;
};

struct Turn {
  ActionKind kind = ActionKind::kTool;
  TurnBasis asked_basis = TurnBasis::kNone, seen_basis = TurnBasis::kNone;
  TurnUnknown unknown;
  bool failed = false;        // the span failed, or for kNoSpan the result says so
  SpanIndex asked_by = -1;    // LLM span
  SpanIndex action = -1;      // -1 for kNoSpan
  SpanIndex seen_by = -1;     // LLM span
  std::int32_t scope = 0;     // index into Trace::scopes: that of asked_by and seen_by
  std::int32_t call = -1;     // which call of asked_by's answer, from 0 over all its messages
  std::int32_t calls = 0;     // how many calls that answer made
  StringId tool = 0;          // name in the span, else in the call
  std::uint64_t request = 0;  // hash of tool and canonical arguments; 0: not recorded
  StringId error = 0;         // signature of the failure
  MessageId result = 0;       // the message of seen_by's prompt that holds the result; 0: not found
  std::int32_t result_at = -1;  // its position in that prompt, from 0

  // Where a finding about the turn stands: the action, or the asking call if it has no span.
  SpanIndex at() const { return action != -1 ? action : asked_by; }
};

// A message that the prompt before held, and this one does not hold in full.
struct LostMessage {
  MessageId message = 0;
  std::int32_t at = -1;  // its position in the prompt before
  MessageId cut_to = 0;  // what is left of it: a shorter message with the same beginning; 0: gone
  std::int32_t left_at = -1;  // the position of cut_to in this prompt
};

// How the prompt of a model call follows from the one before it in the same scope.
struct PromptStep {
  SpanIndex span = -1;
  SpanIndex before = -1;     // the model call before it; -1: this is the first one
  bool judged = false;       // both prompts were recorded in full
  std::uint32_t length = 0;  // messages in the prompt
  std::uint32_t kept = 0;    // of the prompt before, whole
  std::uint32_t added = 0;   // not in the prompt before
  std::uint32_t lost_begin = 0, lost_end = 0;  // see Turns::LostOf
  // Position of the first message after the last answer of the model: what is new to it.
  std::uint32_t newest_begin = 0;
};

enum class OriginKind : std::uint8_t {
  kUnknown,  // prompts were not recorded in full
  kSystem,   // a system message
  kUser,     // a message of the user
  kResult,   // the result of an action: Origin::turn, if the action is known
  kOutput,   // an answer of a model: Origin::span
  kNowhere,  // no message that the model was given or wrote before
};

// Where a textual id or URL in the arguments of a call first stood, for each such value in order.
struct Origin {
  std::uint32_t value = 0;  // hash; see MessagePool::ValuesOf
  OriginKind kind = OriginKind::kUnknown;
  SpanIndex span = -1;     // the model call whose prompt or answer held it first
  std::int32_t turn = -1;  // for kResult
};

// The message that first told an agent what to do, and the answer of another agent that it came
// from.
struct HandOff {
  std::int32_t turn = -1;     // of kind kHandOff, or the tool call that runs the agent
  SpanIndex first_call = -1;  // the first model call of the agent that was called
  MessageId payload = 0;  // the message of its prompt that begins as an argument of the call, or
                          // as the text of the answer, does; 0: not found
  std::int32_t payload_at = -1;
};

struct Turns {
  std::vector<Turn> all;                // by time of the action (kNoSpan: of the asking call)
  std::vector<std::int32_t> of_action;  // by span: its turn as an action; -1: it is none
  std::vector<PromptStep> prompts;      // one per LLM step that is no side call, by time
  std::vector<std::int32_t> of_prompt;  // by span: its PromptStep; -1: none
  std::vector<HandOff> hand_offs;       // by turn
  std::vector<LostMessage> lost;
  std::uint64_t work = 0;  // messages and calls looked at; tests check that it grows linearly

  std::span<const LostMessage> LostOf(const PromptStep& step) const {
    return {lost.data() + step.lost_begin, lost.data() + step.lost_end};
  }
  // The turns whose asking call is `llm`, in the order of `all`; likewise those that it read.
  std::span<const std::int32_t> AskedBy(SpanIndex llm) const;
  std::span<const std::int32_t> SeenBy(SpanIndex llm) const;
  // Empty if the arguments hold no such value or the call is not known.
  std::span<const Origin> OriginsOf(std::int32_t turn) const;

  std::vector<std::uint32_t> asked_begin, seen_begin, origin_begin;
  std::vector<std::int32_t> asked_list, seen_list;
  std::vector<Origin> origins;
};

// Requires all other parts of the trace.
Turns FindTurns(const Trace& trace);

// The call that the turn is about; null if the asking call does not hold it.
const CallFacts* CallOf(const Trace& trace, const Turn& turn);

// The turn that a span is or is part of, within its agent; null if there is none.
const Turn* TurnAround(const Trace& trace, SpanIndex span);

// Cites the turn as evidence, in the order in which it happened: asked, arguments, schema (of the
// called tool, if it was offered), failed or result, seen. What was not recorded, and a role that
// the finding has already, is left out.
void CiteTurn(const Trace& trace, const Turn& turn, Finding& finding);

}  // namespace halo
