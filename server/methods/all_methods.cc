// SPDX-License-Identifier: MIT
#include "server/methods/method.h"

namespace halo {
namespace {

bool Always(const Catalogue&) { return true; }
bool HasResources(const Catalogue& offered) { return static_cast<bool>(offered.resources.list); }
bool ResourcesChange(const Catalogue& offered) {
  return static_cast<bool>(offered.resources.sequence);
}
bool HasPrompts(const Catalogue& offered) { return !offered.prompts.empty(); }
bool HasTasks(const Catalogue& offered) { return offered.HasTasks(); }
bool HasArguments(const Catalogue& offered) {
  return HasPrompts(offered) || !offered.resources.templates.empty();
}

constexpr auto kNow = Method::Pace::kNow;
constexpr auto kLater = Method::Pace::kLater;

constexpr Method kMethods[] = {
    //                          legacy modern
    {"initialize", true, false, kNow, &Always, &Initialize},
    {"ping", true, false, kNow, &Always, &Ping},
    {"logging/setLevel", true, false, kNow, &Always, &SetLogLevel},
    {"server/discover", false, true, kNow, &Always, &Discover},
    {"tools/list", true, true, kNow, &Always, &ListTools},
    {"tools/call", true, true, kLater, &Always, &CallTool},
    {"resources/list", true, true, kLater, &HasResources, &ListResources},
    {"resources/templates/list", true, true, kNow, &HasResources, &ListTemplates},
    {"resources/read", true, true, kLater, &HasResources, &ReadResource},
    {"resources/subscribe", true, false, kLater, &ResourcesChange, &SubscribeResource},
    {"resources/unsubscribe", true, false, kNow, &ResourcesChange, &UnsubscribeResource},
    {"subscriptions/listen", false, true, kLater, &ResourcesChange, &Listen},
    {"prompts/list", true, true, kNow, &HasPrompts, &ListPrompts},
    {"prompts/get", true, true, kLater, &HasPrompts, &GetPrompt},
    {"completion/complete", true, true, kLater, &HasArguments, &CompleteArgument},
    {"tasks/get", false, true, kNow, &HasTasks, &GetTask},
    {"tasks/update", false, true, kNow, &HasTasks, &UpdateTask},
    {"tasks/cancel", false, true, kNow, &HasTasks, &CancelTask},
};

}  // namespace

std::span<const Method> AllMethods() { return kMethods; }

}  // namespace halo
