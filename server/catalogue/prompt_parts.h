// SPDX-License-Identifier: MIT
// Building blocks of the prompts. Any thread.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "schemas/common.h"
#include "server/protocol/json_rpc.h"
#include "tools/story/absence.h"

namespace halo {

// The arguments of a prompt and the runs that they select.
struct PromptScope {
  std::map<std::string, std::string> arguments;
  std::optional<wire::Filters> filters;  // agent, model and project
  Question question;                     // from the filters, without `since`
  std::optional<std::int64_t> since_ns;

  std::string Argument(std::string_view name) const;
  // `tool {"filters":{...}, more}` with the scope's filters and, if given, a time range.
  std::string Call(std::string_view tool, std::string_view since = {}, std::string_view until = {},
                   std::string_view more = {}) const;
};

// Fails with a message for the user if an argument is invalid.
boost::system::result<PromptScope, RpcError> ReadScope(Engine& engine,
                                                       const boost::json::object& params);

// The failure modes that a prompt is about: that of the argument "mode", else the top `count` that
// are not one-offs. Empty if no run shows the named mode; fails if the mode is unknown.
boost::system::result<std::vector<RankedMode>, RpcError> ScopeModes(Engine& engine,
                                                                    const PromptScope& scope,
                                                                    std::size_t count);
// The mode named by the argument "mode", within a question. Fails, suggesting the nearest id, if
// the argument is not an id or the store does not know it.
boost::system::result<ModeInQuestion, RpcError> NamedMode(Engine& engine, const PromptScope& scope,
                                                          const Question& question);
// One line per mode: "1. fm_... error_cluster at search in planner; 40 of 252 runs (16 %),
// systemic, wasted $0.31". Without the title, which may quote an error: a prompt is sent in the
// user's role, so it contains only ids, counts and plain names.
std::string ModeLines(const std::vector<RankedMode>& modes);

// If the scope selects no traces, explains how to load some; else empty. Fails if the store cannot
// be read.
boost::system::result<std::string, RpcError> WhyNothing(Engine& engine, const PromptScope& scope);

// A GetPromptResult with one message.
boost::json::object PromptText(std::string_view description, std::string_view text);

// The prompt `review`: reading runs, and counting what is wrong with them.
RpcResult ReviewText(Engine& engine, const PromptScope& scope);

// Text shared by several prompts.
std::string_view HowToFindCause();  // from evidence to a cause
std::string HowToFix();             // and then to a change in the harness
std::string_view HowToRerun();      // run the agent and load the new traces
std::string_view Rules();           // what to avoid

}  // namespace halo
