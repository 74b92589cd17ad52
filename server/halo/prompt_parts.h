// SPDX-License-Identifier: MIT
// What the prompts are made of. Any thread.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "schemas/common.h"
#include "server/json_rpc.h"

namespace halo {

// The arguments of a prompt with what they select.
struct PromptScope {
  std::map<std::string, std::string> arguments;
  std::optional<wire::Filters> filters;  // agent, model and project
  Question question;                     // of the filters; `since` is not in it

  std::string Argument(std::string_view name) const;
  // `tool {"filters":{...}, more}` with the filters of the scope and, where given, a time.
  std::string Call(std::string_view tool, std::string_view since = {}, std::string_view until = {},
                   std::string_view more = {}) const;
};

// Fails, for the user to read, where an argument means nothing.
boost::system::result<PromptScope, RpcError> ReadScope(Engine& engine,
                                                       const boost::json::object& params);

// The failure modes that a prompt is about: the one of the argument "mode", else the first `count`
// that are no one-offs. Fails where the named one is not known.
boost::system::result<std::vector<RankedMode>, RpcError> ScopeModes(Engine& engine,
                                                                    const PromptScope& scope,
                                                                    std::size_t count);
// "1. fm_... title; 40 of 252 runs (16 %), systemic, wasted $0.31, 9,100 tokens, 1m 2s" a line.
std::string ModeLines(const std::vector<RankedMode>& modes);

// How to fill the store, where it holds nothing that the scope selects; else empty.
std::string WhyNothing(Engine& engine, const PromptScope& scope);

// A GetPromptResult of one message.
boost::json::object PromptText(std::string_view description, std::string_view text);

// Parts that several prompts share word for word.
std::string_view HowToFix();    // from evidence to a change in the harness
std::string_view HowToRerun();  // and load what comes of it
std::string_view Rules();       // what never to do

}  // namespace halo
