// SPDX-License-Identifier: MIT
#include "tools/setup/find_framework.h"

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tools/setup/manifest.h"

namespace halo {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "halo-setup.XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()));
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  void Write(const std::string& name, std::string_view text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  const fs::path& path() const { return path_; }

  // "key from manifest", in order.
  Names Found() const {
    Names out;
    for (const FoundFramework& one : FindFrameworks(path_.string())) {
      out.push_back(std::string(one.recipe->key) + " from " + one.manifest);
    }
    return out;
  }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("the packages of a package.json are those of all its groups") {
  CHECK(PackagesIn("package.json",
                   "\xEF\xBB\xBF"
                   R"({"name":"ai","dependencies":{"zod":"1","ai":"^7"},
                   "devDependencies":{"@openai/agents":"*"},"peerDependencies":{"ai":"7"}})") ==
        Names{"@openai/agents", "ai", "zod"});
  CHECK(PackagesIn("package.json", R"({"dependencies":["ai"]})").empty());
  CHECK(PackagesIn("package.json", "{").empty());
  CHECK(PackagesIn("package.json", "[]").empty());
  CHECK(PackagesIn("package.json", std::string(100'000, '[')).empty());
}

TEST_CASE("the packages of a pyproject.toml, as each tool writes them") {
  CHECK(PackagesIn("pyproject.toml", R"(
[project]
name = "crewai"
dependencies = ["Pydantic_AI[logfire]>=1.2 ; python_version > '3.9'", "smolagents==1.0"]
[project.optional-dependencies]
more = ["LangGraph"]
[dependency-groups]
dev = ["openai.agents", {include-group = "test"}]
[tool.uv]
dev-dependencies = ["strands-agents ~= 1.0"]
)") == Names{"langgraph", "openai-agents", "pydantic-ai", "smolagents", "strands-agents"});
  CHECK(PackagesIn("pyproject.toml", R"(
[tool.poetry.dependencies]
python = "^3.11"
crewai = {version = "1", extras = ["tools"]}
[tool.poetry.group.dev.dependencies]
Google_ADK = "*"
)") == Names{"crewai", "google-adk", "python"});
  CHECK(PackagesIn(
            "pyproject.toml",
            "[project]\nauthors = [\"Jos\xC3\xA9\"]  # \xC3\xA9\ndependencies = [\"crewai\"]\n") ==
        Names{"crewai"});
  CHECK(PackagesIn("pyproject.toml", "\xC3\xA9 = 1\n").empty());
  CHECK(PackagesIn("pyproject.toml", "project = [").empty());
  CHECK(PackagesIn("pyproject.toml", "project = 1").empty());
}

TEST_CASE("the packages of a requirements.txt") {
  CHECK(PackagesIn("requirements-dev.txt",
                   "# crewai\n-r base.txt\n--hash=x\n openai_agents >= 0.1 # x\r\nlangchain\n\n") ==
        Names{"langchain", "openai-agents"});
  CHECK(PackagesIn("notes.txt", "crewai\n").empty());
}

TEST_CASE("the nearest manifest is first, and model clients count only without a framework") {
  const Folder folder;
  CHECK(folder.Found().empty());
  folder.Write("apps/desk/package.json", R"({"dependencies":{"ai":"7","openai":"6"}})");
  CHECK(folder.Found() == Names{"vercel-ai-7 from apps/desk/package.json"});
  folder.Write("requirements.txt", "langchain\nlanggraph\nopentelemetry-sdk\n");
  CHECK(folder.Found() ==
        Names{"langgraph-python from requirements.txt", "vercel-ai-7 from apps/desk/package.json"});
}

TEST_CASE("OpenTelemetry alone counts only where nothing else is found") {
  const Folder folder;
  folder.Write("pyproject.toml", "[project]\ndependencies = [\"opentelemetry-sdk\"]\n");
  CHECK(folder.Found() == Names{"opentelemetry-python from pyproject.toml"});
  folder.Write("package.json", R"({"dependencies":{"openai":"6"}})");
  CHECK(folder.Found() == Names{"openai-js from package.json"});
}

TEST_CASE("examples and tests count only where the repository itself shows nothing") {
  const Folder folder;
  folder.Write("examples/a/package.json", R"({"dependencies":{"@google/adk":"1"}})");
  folder.Write("tests/package.json", R"({"dependencies":{"@mastra/core":"1"}})");
  CHECK(folder.Found() ==
        Names{"mastra from tests/package.json", "google-adk-js from examples/a/package.json"});
  SECTION("even a mere client of a model") {
    folder.Write("package.json", R"({"dependencies":{"openai":"6"}})");
    CHECK(folder.Found() == Names{"openai-js from package.json"});
  }
  SECTION("of the same framework too") {
    folder.Write("packages/desk/package.json", R"({"dependencies":{"@mastra/core":"1"}})");
    CHECK(folder.Found() == Names{"mastra from packages/desk/package.json"});
  }
}

TEST_CASE("installed packages, hidden folders, links and what lies too deep are not read") {
  const Folder folder, other;
  const std::string manifest = R"({"dependencies":{"@mastra/core":"1"}})";
  folder.Write("node_modules/a/package.json", manifest);
  folder.Write(".cache/package.json", manifest);
  folder.Write("venv/package.json", manifest);
  folder.Write("a/b/c/d/package.json", manifest);
  folder.Write("big/package.json", manifest + std::string(300 * 1024, ' '));
  other.Write("package.json", manifest);
  fs::create_directory_symlink(other.path(), folder.path() / "link");
  CHECK(folder.Found().empty());
  folder.Write("a/b/c/package.json", manifest);
  CHECK(folder.Found() == Names{"mastra from a/b/c/package.json"});
}

TEST_CASE("neither the root nor the home is searched") {
  const Folder folder;
  folder.Write("package.json", R"({"dependencies":{"@mastra/core":"1"}})");
  CHECK(FindFrameworks("/").empty());
  CHECK(FindFrameworks("").empty());
  CHECK(FindFrameworks("/nonexistent").empty());
  const char* home = getenv("HOME");
  const std::string before = home ? home : "";
  setenv("HOME", folder.path().c_str(), 1);
  CHECK(folder.Found().empty());
  setenv("HOME", before.c_str(), 1);
  CHECK(folder.Found() == Names{"mastra from package.json"});
}

}  // namespace halo
