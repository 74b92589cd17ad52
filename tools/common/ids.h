// SPDX-License-Identifier: MIT
// Reads ids from arguments. The error for an id of the wrong kind names the tool that accepts it.
// Any thread.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "engine/engine.h"

namespace halo {

// "; \"4bf9...\" looks like a trace id: explain_trace {\"trace_id\":\"4bf9...\"} takes it", and the
// like. Empty if the text looks like neither kind of id.
std::string OtherIdKind(std::string_view id);

// Parses the id of a failure mode, ignoring case and surrounding white space and quotation marks,
// which models copy along.
std::optional<ModeId> ModeIdIn(std::string_view text);

// The failure mode, or the category of readers, that `text` names; the store need not know it. A
// category may be named by any id that leads to it, and has its own in the answer. kInvalidArgument
// names the field, and either the tool that accepts such an id or the nearest known mode.
Result<ModeId> ReadEntryId(Engine& engine, const std::string& text, std::string_view field);
// The same where a category cannot stand.
Result<ModeId> ReadModeId(Engine& engine, const std::string& text, std::string_view field);

// Engine::ReadTrace, with an error that says so if the id is that of a failure mode.
Result<TraceReading> ReadTraceById(Engine& engine, const TraceKey& key, std::stop_token stop);

}  // namespace halo
