// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <iterator>

#include "tools/setup/recipe.h"
#include "tools/setup/recipe_lists.h"

namespace halo {
namespace {

// The order in which frameworks are shown.
constexpr std::array<std::string_view, 14> kOrder = {
    "openai-agents", "langgraph", "crewai",        "vercel-ai", "pydantic-ai",
    "smolagents",    "mastra",    "google-adk",    "strands",   "openai",
    "claude-code",   "codex",     "opentelemetry", "collector"};

std::size_t PlaceOf(const Recipe& recipe) {
  return static_cast<std::size_t>(std::find(kOrder.begin(), kOrder.end(), recipe.name) -
                                  kOrder.begin());
}

std::string Folded(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == ' ' || c == '_') c = '-';
  }
  return out;
}

}  // namespace

std::span<const Recipe> AllRecipes() {
  static const std::vector<Recipe> kRecipes = [] {
    std::vector<Recipe> all = PythonRecipes();
    for (std::vector<Recipe> more : {NodeRecipes(), SettingsRecipes()}) {
      std::move(more.begin(), more.end(), std::back_inserter(all));
    }
    std::stable_sort(all.begin(), all.end(), [](const Recipe& one, const Recipe& other) {
      return PlaceOf(one) < PlaceOf(other);
    });
    return all;
  }();
  return kRecipes;
}

std::vector<const Recipe*> FindRecipes(std::string_view name) {
  const std::string wanted = Folded(name);
  std::vector<const Recipe*> found;
  for (const Recipe& recipe : AllRecipes()) {
    const auto is = [&](std::string_view known) { return known == wanted; };
    if (is(recipe.name) || is(recipe.key) ||
        std::any_of(recipe.aliases.begin(), recipe.aliases.end(), is)) {
      found.push_back(&recipe);
    }
  }
  return found;
}

std::vector<std::string_view> FrameworkNames() {
  std::vector<std::string_view> names;
  for (const Recipe& recipe : AllRecipes()) {
    if (names.empty() || names.back() != recipe.name) names.push_back(recipe.name);
  }
  return names;
}

}  // namespace halo
