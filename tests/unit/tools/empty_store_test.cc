// SPDX-License-Identifier: MIT
// What a store without traces answers in a folder whose manifest names a framework.
#include <stdlib.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "server/catalogue/halo_catalogue.h"
#include "server/session/client.h"
#include "tests/support/tool_caller.h"
#include "tools/setup/recipe_text.h"

namespace halo {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using Catch::Matchers::Contains;

class Sources {
 public:
  explicit Sources(std::string_view manifest, std::string_view name = "package.json") {
    std::string pattern = (fs::temp_directory_path() / "halo-sources.XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()));
    folder_ = pattern;
    std::ofstream(folder_ / name, std::ios::binary) << manifest;
  }
  ~Sources() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  std::string folder() const { return folder_.string(); }

 private:
  fs::path folder_;
};

std::string TextOf(ToolCaller& caller, std::string_view tool) {
  const Result<ToolAnswer> answer = caller.Call(tool, {{"text", "x"}});
  REQUIRE(answer.has_value());
  return answer->text;
}

RpcResult Instrument(Engine& engine, json::object arguments) {
  const Catalogue catalogue = HaloCatalogue(engine);
  const Prompt* prompt = catalogue.FindPrompt("instrument");
  REQUIRE(prompt);
  const json::object params{{"name", "instrument"}, {"arguments", std::move(arguments)}};
  const Client client;
  return prompt->get({params, client, {}});
}

std::string PromptText(Engine& engine, json::object arguments) {
  const RpcResult result = Instrument(engine, std::move(arguments));
  REQUIRE(result.has_value());
  return std::string(
      std::string_view(result->at("messages").at(0).at("content").at("text").as_string()));
}

}  // namespace

TEST_CASE("an empty store answers with the lines for the framework of the folder") {
  const Sources sources(R"({"dependencies":{"@mastra/core":"1","openai":"6"}})");
  ToolCaller caller({.folder = sources.folder()});
  for (const char* tool :
       {"get_overview", "list_failure_modes", "get_expensive_spans", "search_traces"}) {
    CAPTURE(tool);
    const std::string text = TextOf(caller, tool);
    CHECK_THAT(text, Contains("holds no traces yet"));
    CHECK_THAT(text, Contains("package.json names @mastra/core"));
    CHECK_THAT(text, Contains(RecipeText(*FindRecipes("mastra").front())));
    CHECK_THAT(text, Contains("halo-mcp serve --install"));
    CHECK_THAT(text, Contains("halo-mcp ingest PATH..."));
  }
}

TEST_CASE("an empty store in another folder lists the frameworks") {
  const Sources sources("[project]\ndependencies = [\"numpy\"]\n", "pyproject.toml");
  ToolCaller caller({.folder = sources.folder()});
  CHECK_THAT(TextOf(caller, "get_overview"), Contains("for openai-agents, langgraph, crewai,"));
}

TEST_CASE("the prompt instrument gives the lines of the framework of the folder, or of one named") {
  const Sources sources("crewai>=1\n", "requirements.txt");
  ToolCaller caller({.folder = sources.folder()});
  const std::string found = PromptText(caller.engine(), {});
  CHECK_THAT(found, Contains(RecipeText(*FindRecipes("crewai").front())));
  CHECK_THAT(found, Contains("`get_overview {}`"));
  CHECK(found.size() < 8000);
  for (const std::string_view name : FrameworkNames()) {
    CAPTURE(name);
    const std::string text = PromptText(caller.engine(), {{"framework", name}});
    for (const Recipe* recipe : FindRecipes(name)) CHECK_THAT(text, Contains(RecipeText(*recipe)));
    CHECK(text.size() < 8000);
  }
}

TEST_CASE("the prompt instrument names the frameworks if it cannot tell, and refuses others") {
  ToolCaller caller;
  const std::string text = PromptText(caller.engine(), {});
  for (const std::string_view name : FrameworkNames()) {
    CHECK_THAT(text, Contains("- " + std::string(name) + "\n"));
  }
  const RpcResult wrong = Instrument(caller.engine(), {{"framework", "langgraf"}});
  REQUIRE_FALSE(wrong.has_value());
  CHECK_THAT(wrong.error().message, Contains("unknown \"langgraf\""));
  CHECK_THAT(wrong.error().message, Contains("langgraph"));
}

TEST_CASE("the argument of the prompt instrument is completed, the framework of the folder first") {
  const Sources sources("smolagents\n", "requirements.txt");
  ToolCaller caller({.folder = sources.folder()});
  const Catalogue catalogue = HaloCatalogue(caller.engine());
  const std::vector<std::string> names =
      catalogue.FindPrompt("instrument")->arguments.front().candidates("", {});
  REQUIRE(names.size() == FrameworkNames().size());
  CHECK(names.front() == "smolagents");
}

}  // namespace halo
