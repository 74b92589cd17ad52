// SPDX-License-Identifier: MIT
// Google's Agent Development Kit: https://google.github.io/adk-docs/observability. other_usage.cc
// has how it counts. The span of a tool that failed has no attributes, only its name.
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"gcp.vertex.agent.session_id", Field::kSession},
    {"gcp.vertex.agent.llm_request", Field::kMessagesIn},
    {"gcp.vertex.agent.llm_response", Field::kMessagesOut},
    {"gcp.vertex.agent.tool_call_args", Field::kToolArguments},
    {"gcp.vertex.agent.tool_response", Field::kToolResult},
};

}  // namespace

extern constexpr Convention kGoogleAdk{.name = "google_adk", .keys = kKeys};

}  // namespace halo
