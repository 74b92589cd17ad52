// SPDX-License-Identifier: MIT
#include <algorithm>
#include <boost/json/array.hpp>
#include <filesystem>
#include <iostream>

#include "schemas/json_text.h"
#include "schemas/nearest.h"
#include "server/commands/command.h"
#include "tools/answer/phrases.h"
#include "tools/setup/find_framework.h"
#include "tools/setup/recipe_text.h"

namespace halo {
namespace {

struct Options {
  std::string framework;
  bool json = false, markdown = false;
};

std::vector<FoundFramework> FoundHere() {
  std::error_code failure;
  const std::string folder = std::filesystem::current_path(failure).string();
  return failure ? std::vector<FoundFramework>() : FindFrameworks(folder);
}

// Where the folder uses the framework in one language only, the recipes for the other are left out.
std::vector<const Recipe*> Narrowed(std::vector<const Recipe*> recipes) {
  std::vector<Ecosystem> used;
  for (const FoundFramework& found : FoundHere()) {
    if (found.recipe->name == recipes.front()->name) used.push_back(found.recipe->ecosystem);
  }
  if (used.empty()) return recipes;
  std::erase_if(recipes, [&](const Recipe* recipe) {
    return std::find(used.begin(), used.end(), recipe->ecosystem) == used.end();
  });
  return recipes;
}

template <class Texts>
boost::json::array JsonList(const Texts& texts) {
  boost::json::array out;
  for (const std::string_view text : texts) out.emplace_back(text);
  return out;
}

void PrintJson(const std::vector<const Recipe*>& recipes) {
  boost::json::array out;
  for (const Recipe* recipe : recipes) {
    out.push_back({{"name", recipe->name},
                   {"key", recipe->key},
                   {"title", recipe->title},
                   {"install", recipe->install},
                   {"place", recipe->place},
                   {"syntax", recipe->syntax},
                   {"lines", recipe->lines},
                   {"environment", JsonList(recipe->environment)},
                   {"hint", recipe->hint},
                   {"tested_with", recipe->tested_with}});
  }
  std::cout << Serialise(out) << "\n";
}

void PrintFrameworks() {
  const std::vector<FoundFramework> found = FoundHere();
  for (const FoundFramework& one : found) {
    std::cout << CleanName(one.manifest) << " names " << one.package << ": halo-mcp setup "
              << one.recipe->name << "\n";
  }
  if (found.empty()) {
    std::cout << "No package.json, pyproject.toml or requirements.txt here names a framework of "
                 "this list.\n";
  }
  std::cout << "\nhalo-mcp setup FRAMEWORK prints the lines that send an agent's traces to "
               "halo-mcp:\n";
  for (const Recipe& recipe : AllRecipes()) {
    const std::string gap(recipe.name.size() < 15 ? 15 - recipe.name.size() : 1, ' ');
    std::cout << "  " << recipe.name << gap << recipe.title << "\n";
  }
}

ExitCode Run(const Options& options) {
  if (options.markdown) {
    std::cout << RecipePage();
    return kExitOk;
  }
  if (options.framework.empty()) {
    if (options.json) {
      std::vector<const Recipe*> all;
      for (const Recipe& recipe : AllRecipes()) all.push_back(&recipe);
      PrintJson(all);
    } else {
      PrintFrameworks();
    }
    return kExitOk;
  }
  std::vector<const Recipe*> recipes = FindRecipes(options.framework);
  if (recipes.empty()) {
    return Fail({Code::kInvalidArgument,
                 Cat("Unknown framework ", options.framework,
                     SuggestWord(options.framework, FrameworkNames()),
                     "; `halo-mcp setup` lists them. Anything that exports with OpenTelemetry "
                     "works: `halo-mcp setup opentelemetry`")});
  }
  if (options.json) {
    PrintJson(recipes);
    return kExitOk;
  }
  for (const Recipe* recipe : Narrowed(std::move(recipes))) {
    std::cout << RecipeText(*recipe) << "\n";
  }
  std::cout << ReceiverText() << "\n";
  return kExitOk;
}

}  // namespace

void AddSetup(const Cli& cli) {
  auto options = std::make_shared<Options>();
  CLI::App* command = cli.app.add_subcommand(
      "setup", "Print the lines that send the traces of an agent to halo-mcp");
  command->footer(
      "Without a framework: lists them, and says which one the current folder uses.\n"
      "Examples:\n"
      "  halo-mcp setup\n"
      "  halo-mcp setup langgraph\n"
      "  halo-mcp setup vercel-ai --json");
  command->add_option("FRAMEWORK", options->framework, "Name of the framework");
  CLI::Option* json = command->add_flag("--json", options->json, "As JSON");
  command->add_flag("--markdown", options->markdown, "All of them, as docs/getting-traces.md")
      ->excludes(json);
  command->callback([options, exit_code = &cli.exit_code] { *exit_code = Run(*options); });
}

}  // namespace halo
