// SPDX-License-Identifier: MIT
// The messages of a model call and the tools it was offered, from all the attributes and events
// that hold them. Not thread-safe.
#pragma once

#include <cstddef>

#include "engine/semconv/span_reading.h"

namespace halo {

// An event that is one message, with these attributes: gen_ai.user.message {content, role},
// gen_ai.assistant.message {content, tool_calls}, gen_ai.tool.message {id, content}, gen_ai.choice
// {finish_reason, message, tool_calls}. `index` is the event's position in its span.
void ReadMessageEvent(const Event& event, std::size_t index, const EventRule& rule,
                      SpanReading& reading);

// Fills the messages, the finish reason if it is not known yet, and the tools.
void ResolveMessages(SpanReading& reading);

}  // namespace halo
