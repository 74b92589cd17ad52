// SPDX-License-Identifier: MIT
// The annotations of Phoenix's spans and traces. Pure functions; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace halo::phoenix {

// The annotation as an event of its span, gen_ai.evaluation.result of OpenTelemetry: unlike
// attributes, the events of all versions of a span are kept, and annotations come late. `time` is a
// time of the span, as written, which the event gets. Empty if it has neither label nor score: a
// note of a person.
std::string EventOf(std::string_view annotation, std::string_view time);

// The span as written with these events and with the name of its project.
std::string SpanWith(std::string_view span, std::span<const std::string> events,
                     std::string_view project);

}  // namespace halo::phoenix
