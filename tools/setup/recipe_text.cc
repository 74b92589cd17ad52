// SPDX-License-Identifier: MIT
#include "tools/setup/recipe_text.h"

namespace halo {
namespace {

void AppendBlock(std::string& out, std::string_view syntax, std::string_view lines) {
  out.append("```").append(syntax).append("\n").append(lines).append("```\n");
}

std::string EnvironmentLines(const Recipe& recipe) {
  std::string lines;
  for (const std::string_view variable : recipe.environment) {
    lines.append("export ").append(variable).append("\n");
  }
  return lines;
}

void AppendSteps(std::string& out, const Recipe& recipe) {
  if (!recipe.install.empty()) {
    AppendBlock(out, "sh", std::string(recipe.install) + "\n");
  }
  out.append(recipe.place).append(":\n");
  AppendBlock(out, recipe.syntax, recipe.lines);
  if (!recipe.environment.empty()) {
    out.append("In its environment:\n");
    AppendBlock(out, "sh", EnvironmentLines(recipe));
  }
  if (!recipe.hint.empty()) out.append(recipe.hint).append("\n");
}

// A paragraph in lines of at most 100 characters, unless a word is longer.
std::string Wrapped(std::string_view text) {
  constexpr std::size_t kColumns = 100;
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    const bool fits = column + 1 + word.size() <= kColumns;
    if (column > 0) out.append(fits ? " " : "\n");
    column = column > 0 && fits ? column + 1 + word.size() : word.size();
    out.append(word);
  }
  return out;
}

// With blank lines around the blocks, and lines of text wrapped, as the pages in docs/ are written.
std::string Laid(std::string_view text) {
  std::string out;
  bool inside = false;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    const bool fence = line.starts_with("```");
    if (fence && !inside && !out.empty() && !out.ends_with("\n\n")) out.append("\n");
    out.append(fence || inside ? std::string(line) : Wrapped(line)).append("\n");
    if (fence && inside && !text.empty()) out.append("\n");
    if (fence) inside = !inside;
  }
  return out;
}

constexpr std::string_view kHead = R"(# Getting traces out of an agent

<!-- written by `halo-mcp setup --markdown`; the texts are in tools/setup -->

`halo-mcp setup FRAMEWORK` prints one of these sections; without a framework it says which one the
folder uses. The MCP prompt `instrument` gives a coding agent the same lines, and what to check
afterwards.
)";

constexpr std::string_view kTail = R"(
## Files

Traces that are files already need none of this: `halo-mcp ingest PATH...` reads them, and
`--traces PATH` lets a server follow them. [configuration.md](configuration.md) lists the formats.
)";

}  // namespace

std::string_view ReceiverText() {
  return "halo-mcp receives on http://127.0.0.1:4318 while `halo-mcp serve` runs, or a coding "
         "agent "
         "in which it is registered (`halo-mcp register CLIENT`); `halo-mcp serve --install` keeps "
         "a receiver running. Replace my-agent by a name of your own. Then run the agent once: "
         "`halo-mcp call get_overview` counts its spans, and `halo-mcp doctor` says what they "
         "lack.";
}

std::string RecipeText(const Recipe& recipe) {
  std::string out(recipe.title);
  out.append(":\n");
  AppendSteps(out, recipe);
  return out;
}

std::string RecipePage() {
  std::string out(kHead);
  out.append("\n").append(Wrapped(ReceiverText())).append("\n");
  for (const Recipe& recipe : AllRecipes()) {
    out.append("\n## ").append(recipe.title).append("\n\n");
    std::string steps;
    AppendSteps(steps, recipe);
    out.append(Laid(steps));
    out.append(recipe.tested_with.empty()
                   ? "\nWritten from the documentation of the packages; no test runs it.\n"
                   : "\n`script/test --clients` runs these lines until a span has arrived.\n");
  }
  return out.append(kTail);
}

}  // namespace halo
