// SPDX-License-Identifier: MIT
// A run as its reader follows it: what users wrote, what models said, each call with its arguments
// and its result, and errors, in the order in which they happened. Texts are whole. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace halo {

struct RunItem {
  enum class Kind : std::uint8_t { kUser, kSays, kCall, kError };
  Kind kind = Kind::kUser;
  std::string agent;   // whose step it is; empty if the trace has none
  std::string tool;    // of a call
  std::string text;    // what was written, the arguments of a call, or the error
  std::string result;  // of a call, or its error
  std::string remark;  // ours: what the model was not shown, how long it took
  bool failed = false;
  bool earlier = false;  // the run began with it: said before, in another run
  SpanIndex span = -1;   // the action, else the model call
};

struct RunText {
  std::vector<RunItem> items;
  std::string system;  // the first system prompt
  SpanIndex system_span = -1;
  std::vector<std::string> tools;  // that the models were offered: name(parameter, ...)
  std::int64_t skipped = 0;        // spans in the middle that were not read
};

RunText ReadRun(Engine& engine, const TraceReading& reading);

}  // namespace halo
