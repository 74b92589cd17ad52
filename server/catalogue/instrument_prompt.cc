// SPDX-License-Identifier: MIT
// The prompt that gets an agent's traces into the store. It holds the texts of tools/setup, and
// nothing from traces or from files.
#include <algorithm>
#include <utility>

#include "schemas/nearest.h"
#include "server/catalogue/halo_catalogue.h"
#include "server/catalogue/prompt_parts.h"
#include "tools/answer/phrases.h"
#include "tools/setup/find_framework.h"
#include "tools/setup/recipe_text.h"

namespace halo {
namespace {

constexpr std::string_view kRulesOfChange =
    "\nWhile you do that:\n"
    "- If the program has OpenTelemetry already, keep what it has: add the exporter as one more "
    "span processor, or only set the variables.\n"
    "- Replace my-agent by the name of this agent; halo.toml at the top of the repository with "
    "`services = [\"that-name\"]` makes halo-mcp ask about it by default.\n"
    "- Give each agent and tool a name, and each conversation a session id, where the framework "
    "takes one: failures are counted by agent, tool and session.\n"
    "- Add no secrets, and do not change what the agent does.\n";

constexpr std::string_view kChecks =
    "\nThen run the agent once, and check:\n"
    "1. `get_overview {}`: dataset.spans and llm_calls are above 0. If not: is anything listening "
    "on the address, does the program end before it has exported, are the lines run before the "
    "framework is imported?\n"
    "2. health in the same answer, and `halo-mcp doctor`: they say what the spans lack, such as "
    "tokens, models or the content of messages, without which there are no quotes.\n"
    "3. `search_traces {\"limit\":1}` and explain_trace with its id: one run is one trace, and its "
    "tools, failures and answer are there. If each model call is a trace of its own, the calls "
    "need a span around the run.\n"
    "Report what you changed, how many spans came, and what they lack.\n";

// The recipes for the framework, or for those that the workspace uses.
std::vector<const Recipe*> Wanted(const Engine& engine, const std::string& framework) {
  if (!framework.empty()) return FindRecipes(framework);
  std::vector<const Recipe*> out;
  for (const FoundFramework& found : FindFrameworks(engine.workspace().folder)) {
    out.push_back(found.recipe);
  }
  return out;
}

std::string Listed() {
  std::string out;
  for (const std::string_view name : FrameworkNames()) out.append("- ").append(name).append("\n");
  return out;
}

RpcResult Instrument(const Engine& engine, const std::string& framework) {
  const std::vector<const Recipe*> recipes = Wanted(engine, framework);
  if (recipes.empty() && !framework.empty()) {
    return InvalidParams(Cat("framework: unknown ", Quoted(framework),
                             SuggestWord(framework, FrameworkNames()),
                             "; for anything else that exports with OpenTelemetry: opentelemetry"));
  }
  std::string text = "Make this agent send its traces to halo-mcp, and show that they arrive.\n\n";
  if (recipes.empty()) {
    text.append(
        "No manifest here names a framework that halo-mcp knows. Find out which one the agent "
        "uses, and get the lines with `halo-mcp setup FRAMEWORK`, or with this prompt and its "
        "argument framework:\n");
    text.append(Listed());
  }
  if (recipes.size() > 1) text.append("Use what fits; the other sections are for other cases.\n\n");
  for (const Recipe* recipe : recipes) text.append(RecipeText(*recipe)).append("\n");
  text.append(ReceiverText()).append("\n").append(kRulesOfChange).append(kChecks);
  return PromptText("Send an agent's traces to halo-mcp, and check that they arrive", text);
}

}  // namespace

Prompt InstrumentPrompt(Engine& engine) {
  const auto candidates = [&engine](std::string_view, const std::map<std::string, std::string>&) {
    std::vector<std::string> out;
    for (const Recipe* recipe : Wanted(engine, {})) out.emplace_back(recipe->name);
    for (const std::string_view name : FrameworkNames()) {
      if (std::find(out.begin(), out.end(), name) == out.end()) out.emplace_back(name);
    }
    return out;
  };
  return {
      "instrument",
      "Get traces out of an agent",
      "The lines that send an agent's traces to halo-mcp, for its framework, and what to check "
      "afterwards.",
      {{"framework", "For example langgraph; default: what package.json or pyproject.toml names",
        false, candidates}},
      [&engine](const Exchange& exchange) -> RpcResult {
        std::string framework;
        if (const boost::json::value* given = exchange.params.if_contains("arguments")) {
          const boost::json::object* arguments = given->if_object();
          const boost::json::value* value =
              arguments ? arguments->if_contains("framework") : nullptr;
          if (value && value->is_string()) framework = std::string(value->get_string());
        }
        return Instrument(engine, framework);
      }};
}

}  // namespace halo
