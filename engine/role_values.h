// SPDX-License-Identifier: MIT
// The parts of spans that questions name by their role in a run, whatever the emitter's keys are:
// the arguments of a call, the answer of a model, the system prompt. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/model/kind.h"
#include "engine/trace/trace.h"

namespace halo {

enum class ValueRole : std::uint8_t {
  kArguments,     // of a tool call; of an LLM span: of each call that it asks for
  kResult,        // of a tool call
  kAnswer,        // of a model call; of another span: its output
  kFinalAnswer,   // of a run: one a trace
  kSystemPrompt,  // of a model call: each of its system messages
  kToolSchema,    // of a model call: each tool that it was offered
  kError,         // of a span that failed for its own reason
  kLastMessage,   // of a model call: the newest message that it read
};

// Which spans of a trace a question is about. An absent member selects all.
struct SpanFilter {
  std::optional<Kind> kind;
  std::optional<std::string> agent;      // that ran it
  std::optional<std::string> tool;       // that it runs, asks for, or was offered
  std::optional<std::string> operation;  // its name, or its name without ids and counters
  std::optional<bool> failed;
};

bool IsEmpty(const SpanFilter& filter);
bool Passes(const Trace& trace, SpanIndex span, const SpanFilter& filter);

// The spans to read for a role. Without a kind in the filter, those that have the role: calls of
// tools, calls of models, or spans that failed. Null role: all that pass the filter.
std::vector<SpanIndex> SpansWith(const Trace& trace, std::optional<ValueRole> role,
                                 const SpanFilter& filter);

// Gets each value of a role in one span. `name` is that of the tool that a call or a definition is
// about, else empty. Views are valid during the call.
using VisitValue = std::function<void(std::string_view text, std::string_view name)>;
void ForEachRoleValue(const SpanFields& fields, const SpanFacts& facts, const StringPool& words,
                      const Span& span, ValueRole role, const SpanFilter& filter,
                      const VisitValue& visit);

// The spans that may hold the final answer of a run: its root, and the last model call outside of
// tools. -1: there is none.
struct LastWords {
  SpanIndex root = -1, call = -1;
};
LastWords LastWordsOf(const Trace& trace);
// The text that a model call answered; empty if it only asked for tools.
std::string_view TextOfAnswer(const SpanFields& fields);

// Where in the span's stored values a text stands, which may be a decoded part of one. The path is
// empty if it is not found.
struct ValuePlace {
  std::string path;
  std::uint32_t offset = 0;
};
ValuePlace PlaceOf(const Span& span, std::string_view text);

}  // namespace halo
