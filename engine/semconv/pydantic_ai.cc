// SPDX-License-Identifier: MIT
// Pydantic AI and other instrumentations of Logfire, beyond what otel_genai.cc reads:
// https://ai.pydantic.dev/logfire and https://logfire.pydantic.dev/docs/integrations. Older
// versions write an agent's run without an operation.
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"model_name", Field::kRequestModel},
    {"model_request_parameters", Field::kTools},
    {"pydantic_ai.all_messages", Field::kInput},
    {"all_messages_events", Field::kInput},
};

constexpr PresenceRule kPresences[] = {
    {"pydantic_ai.all_messages", Kind::kAgent},
    {"all_messages_events", Kind::kAgent},
};

// The last two are Logfire's for the OpenAI Agents SDK.
constexpr NameRule kNames[] = {
    {"running tool: ", Kind::kTool},
    {"running output function: ", Kind::kTool},
    {"Function: ", Kind::kTool},
    {"Agent run: ", Kind::kAgent},
};

}  // namespace

extern constexpr Convention kPydanticAi{
    .name = "pydantic_ai", .keys = kKeys, .presences = kPresences, .names = kNames};

}  // namespace halo
