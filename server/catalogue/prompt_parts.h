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
#include "server/protocol/json_rpc.h"
#include "tools/story/absence.h"

namespace halo {

// The arguments of a prompt with what they select.
struct PromptScope {
  std::map<std::string, std::string> arguments;
  std::optional<wire::Filters> filters;  // agent, model and project
  Question question;                     // of the filters; `since` is not in it
  std::optional<std::int64_t> since_ns;

  std::string Argument(std::string_view name) const;
  // `tool {"filters":{...}, more}` with the filters of the scope and, where given, a time.
  std::string Call(std::string_view tool, std::string_view since = {}, std::string_view until = {},
                   std::string_view more = {}) const;
};

// Fails, for the user to read, where an argument means nothing.
boost::system::result<PromptScope, RpcError> ReadScope(Engine& engine,
                                                       const boost::json::object& params);

// The failure modes that a prompt is about: the one of the argument "mode", else the first `count`
// that are no one-offs. Empty where no run shows the named one, fails where it is not known.
boost::system::result<std::vector<RankedMode>, RpcError> ScopeModes(Engine& engine,
                                                                    const PromptScope& scope,
                                                                    std::size_t count);
// What a question has of the mode of the argument "mode". Fails, with the nearest id, where it is
// none or the store knows none such.
boost::system::result<ModeInQuestion, RpcError> NamedMode(Engine& engine, const PromptScope& scope,
                                                          const Question& question);
// "1. fm_... error_cluster at search in planner; 40 of 252 runs (16 %), systemic, wasted $0.31" a
// line. Its title may quote an error, and a prompt arrives in the user's role: ids, counts and
// plain names only.
std::string ModeLines(const std::vector<RankedMode>& modes);

// How to fill the store, where it holds nothing that the scope selects; else empty. Fails where the
// store could not be read, which says nothing about what it holds.
boost::system::result<std::string, RpcError> WhyNothing(Engine& engine, const PromptScope& scope);

// A GetPromptResult of one message.
boost::json::object PromptText(std::string_view description, std::string_view text);

// Parts that several prompts share word for word.
std::string_view HowToFindCause();  // from evidence to a cause
std::string HowToFix();             // and on to a change in the harness
std::string_view HowToRerun();      // and load what comes of it
std::string_view Rules();           // what never to do

}  // namespace halo
