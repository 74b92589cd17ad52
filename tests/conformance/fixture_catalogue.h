// SPDX-License-Identifier: MIT
// The catalogue that the official conformance suite expects (its test_* tools, prompts and
// resources), built from the same parts as the product's catalogue.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/session/catalogue.h"
#include "tests/conformance/sealed_state.h"

namespace halo {

Catalogue ConformanceCatalogue();

// Tools by kind; each kind has its own file.
std::vector<ServedTool> ContentTools();  // text, images, audio, errors, progress, logs
std::vector<ServedTool> AskingTools();   // ask the client while they run (legacy)
std::vector<ServedTool> RoundTools();    // ask by input_required (2026-07-28)
std::vector<ServedTool> TaskTools();     // the extension io.modelcontextprotocol/tasks
// `changes` is the number of calls of test_change_resource, which is also the content of
// test://watched-resource.
using Changes = std::shared_ptr<std::atomic<std::int64_t>>;
ServedTool ChangingTool(Changes changes);
Resources FixtureResources(Changes changes);
std::vector<Prompt> FixturePrompts();

// Building blocks of results.
boost::json::object TextBlock(std::string_view text);
boost::json::object TextResult(std::string_view text);
boost::json::object ImageBlock();
boost::json::object ResourceBlock(std::string_view uri, std::string_view mime_type,
                                  std::string_view text);
ServedTool FixtureTool(std::string name, std::string description, Handler call,
                       boost::json::object properties = {});

// {"method":"elicitation/create",...} for a form with these properties, all of them required.
boost::json::object Elicitation(std::string_view message, boost::json::object properties);
boost::json::object Sampling(std::string_view prompt, int max_tokens);
// A result that requests input; without a requestState if `state` is empty.
boost::json::object InputRequired(boost::json::object requests, std::string state = {});
// The response to a request of an earlier round, or null.
const boost::json::object* InputResponse(const Exchange& exchange, std::string_view key);

}  // namespace halo
