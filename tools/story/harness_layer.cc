// SPDX-License-Identifier: MIT
#include "tools/story/harness_layer.h"

#include <algorithm>
#include <iterator>

namespace halo {
namespace {

constexpr std::string_view kLifecycle = "lifecycle", kInterface = "tool interface",
                           kContext = "context", kExecution = "execution",
                           kVerification = "verification", kObservability = "observability";

constexpr HarnessLayer kLayers[] = {
    {"error_cluster", kExecution, {"argument checks", "sandbox and tool limits"}},
    {"exact_repeat", kLifecycle, {"loop guard", "keep the result in the context"}},
    {"error_repeat", kInterface, {"error text that names the fault", "loop guard"}},
    {"cycle", kLifecycle, {"loop guard", "keep what was tried in the context"}},
    {"poll_no_progress", kLifecycle, {"wait inside the tool", "loop guard"}},
    {"invalid_call", kInterface, {"tool-schema refinement", "argument checks"}},
    {"retry_storm", kExecution, {"retry policy", ""}},
    {"truncated", kExecution, {"output limit", "final validation"}},
    {"refusal", kContext, {"keep out what triggers it", ""}},
    {"error_as_success", kInterface, {"result checks in the tool", "intermediate validation"}},
    {"user_corrects", kVerification, {"final validation", ""}},
    {"no_tool_use", kInterface, {"tool-schema refinement", "tool choice"}},
    {"same_answer_for_all", kExecution, {"fix of the tool", "intermediate validation"}},
    {"ungrounded_argument", kInterface, {"argument checks", "tool-schema refinement"}},
    {"echoed_action", kInterface, {"result checks in the tool", ""}},
    {"lost_result", kContext, {"keep every result in the messages", "intermediate validation"}},
    {"cut_result", kContext, {"pages in place of a cut", ""}},
    {"redundant_call", kContext, {"keep the result in the context", "cache"}},
    {"oversized_result", kContext, {"return parts", "drop what was used"}},
    {"context_bloat", kContext, {"drop what was used", "stable beginning"}},
    {"stall", kExecution, {"time-out", "retry policy"}},
    {"rejected_turn", kInterface, {"tool-schema refinement", "argument checks"}},
    {"stopped_early", kLifecycle, {"finish guard", "final validation"}},
    {"announced_not_done", kLifecycle, {"finish guard", ""}},
    {"plan_not_followed", kVerification, {"final validation", "keep the plan in the context"}},
    {"unsupported_claim", kVerification, {"final validation", "tool choice"}},
    {"made_up_data", kVerification, {"final validation", ""}},
    {"limit_hit", kLifecycle, {"loop guard", "limits of turns and budget"}},
    {"empty_final", kLifecycle, {"finish guard", "final validation"}},
    {"unfinished", kObservability, {"end the run in every path", "instrumentation"}},
};

constexpr HarnessLayer kUnknown = {"", "", {"", ""}};

}  // namespace

const HarnessLayer& LayerOf(std::string_view detector) {
  const auto* const found =
      std::find_if(std::begin(kLayers), std::end(kLayers),
                   [&](const HarnessLayer& layer) { return layer.detector == detector; });
  return found == std::end(kLayers) ? kUnknown : *found;
}

}  // namespace halo
