// SPDX-License-Identifier: MIT
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "tests/support/source_dir.h"
#include "tools/setup/recipe_text.h"

namespace halo {
namespace {

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> KeysOf(std::string_view name) {
  std::vector<std::string> keys;
  for (const Recipe* recipe : FindRecipes(name)) keys.emplace_back(recipe->key);
  return keys;
}

bool Mentions(const Recipe& recipe, std::string_view text) {
  if (recipe.lines.find(text) != std::string::npos) return true;
  for (const std::string_view variable : recipe.environment) {
    if (variable.find(text) != variable.npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("every recipe is complete and sends traces to the receiver") {
  std::set<std::string_view> keys;
  for (const Recipe& recipe : AllRecipes()) {
    CAPTURE(recipe.key);
    CHECK(keys.insert(recipe.key).second);
    CHECK(Mentions(recipe, std::string("http://") + std::string(kReceiverAddress)));
    CHECK(recipe.lines.ends_with("\n"));
    CHECK_FALSE(recipe.title.empty());
    CHECK_FALSE(recipe.place.empty());
    CHECK_FALSE(recipe.syntax.empty());
    CHECK(recipe.hint.find("  ") == recipe.hint.npos);
    CHECK((recipe.hint.empty() || recipe.hint.ends_with(".")));
    const bool python = recipe.ecosystem == Ecosystem::kPython;
    CHECK((python == !recipe.python_packages.empty() || recipe.name == "claude-code"));
    CHECK_FALSE((python && !recipe.tested_with.empty()));
    CHECK(RecipeText(recipe).size() < 2500);
  }
  for (const std::string_view wanted :
       {"openai-agents", "langgraph", "crewai", "vercel-ai", "pydantic-ai", "smolagents", "mastra",
        "claude-code", "codex", "google-adk", "strands", "opentelemetry", "collector"}) {
    CHECK_FALSE(FindRecipes(wanted).empty());
  }
}

TEST_CASE("frameworks are found by name, alias and key in any spelling") {
  CHECK(KeysOf("openai-agents") ==
        std::vector<std::string>{"openai-agents-python", "openai-agents-js"});
  CHECK(KeysOf("LangChain") == std::vector<std::string>{"langgraph-python", "langgraph-js"});
  CHECK(KeysOf("pydantic_ai") == std::vector<std::string>{"pydantic-ai"});
  CHECK(KeysOf("Claude Code") == std::vector<std::string>{"claude-code"});
  CHECK(KeysOf("vercel-ai-6") == std::vector<std::string>{"vercel-ai-6"});
  CHECK(KeysOf("").empty());
  CHECK(KeysOf("autogpt").empty());
  std::set<std::string_view> names;
  for (const std::string_view name : FrameworkNames()) CHECK(names.insert(name).second);
}

// The lines that are said to be run are run with these packages.
TEST_CASE("a tested recipe installs what its emitter installs") {
  int tested = 0;
  for (const Recipe& recipe : AllRecipes()) {
    if (recipe.tested_with.empty()) continue;
    CAPTURE(recipe.key);
    const auto folder = SourceDir() / "examples/emitters" / recipe.tested_with;
    const boost::json::value manifest = boost::json::parse(ReadFile(folder / "package.json"));
    const boost::json::object& packages = manifest.at("dependencies").as_object();
    std::istringstream words{std::string(recipe.install)};
    for (std::string word; words >> word;) {
      if (word == "npm" || word == "install") continue;
      CAPTURE(word);
      CHECK(packages.contains(word));
      ++tested;
    }
  }
  CHECK(tested > 20);
}

TEST_CASE("docs/getting-traces.md is what setup --markdown prints") {
  const bool same = ReadFile(SourceDir() / "docs/getting-traces.md") == RecipePage();
  INFO("halo-mcp setup --markdown > docs/getting-traces.md");
  CHECK(same);
}

}  // namespace halo
