// SPDX-License-Identifier: MIT
// Strands Agents, beyond what otel_genai.cc reads: https://strandsagents.com
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"system_prompt", Field::kSystemPrompt},
    {"gen_ai.tool.status", Field::kErrorFlag},
    {"tool.status", Field::kErrorFlag},
};

}  // namespace

extern constexpr Convention kStrands{.name = "strands", .keys = kKeys};

}  // namespace halo
