// SPDX-License-Identifier: MIT
// Ids as arguments give them. The error for an id of the wrong kind names the tool that takes it.
// Any thread.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "engine/engine.h"

namespace halo {

// "; \"4bf9...\" looks like a trace id: explain_trace {\"trace_id\":\"4bf9...\"} takes it", and the
// like; empty for what is neither.
std::string OtherIdKind(std::string_view id);

// The id that the text is, in either case and with the blanks or quotation marks that models copy
// along with it.
std::optional<ModeId> ModeIdIn(std::string_view text);

// The failure mode that `text` names; it need not be known. kInvalidArgument names the field, and
// the tool that takes such an id, or the nearest known mode.
Result<ModeId> ReadModeId(Engine& engine, const std::string& text, std::string_view field);

// Engine::ReadTrace; where the id is not that of a trace but of a failure mode, the error says so.
Result<TraceReading> ReadTraceById(Engine& engine, const TraceKey& key, std::stop_token stop);

}  // namespace halo
