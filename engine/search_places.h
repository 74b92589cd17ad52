// SPDX-License-Identifier: MIT
// Where in a span a search looks: what agents and tools produced, or the prompts that repeat it, or
// one part of that. Decided by the attribute's key, whatever the emitter, and where one key has
// several meanings by the span's kind.
#pragma once

#include <cstdint>
#include <functional>

#include "engine/model/question.h"

namespace halo {

enum class SearchIn : std::uint8_t {
  kProduced,   // all values but prompts, definitions of tools, and names
  kOutput,     // answers and results
  kInput,      // prompts, definitions of tools, inputs of agents
  kArguments,  // of tool calls
  kResult,     // of tool calls
  kAnswer,     // of models and agents
  kError,      // status messages, exceptions
  kNames,      // of spans, agents, tools, models
  kAny,
};

// For TextPattern::where; empty for kAny.
std::function<ValueTest()> MakeValueTest(SearchIn in);

}  // namespace halo
