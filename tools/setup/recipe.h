// SPDX-License-Identifier: MIT
// How to send the traces of an agent to halo-mcp. `halo-mcp setup`, the prompt `instrument`, the
// answers of an empty store and docs/getting-traces.md show these texts. Immutable; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace halo {

// Where halo-mcp receives traces unless told otherwise; the default of OpenTelemetry's exporters.
inline constexpr std::string_view kReceiverAddress = "127.0.0.1:4318";

enum class Ecosystem { kPython, kNode, kSettings };  // kSettings: a file of a program

struct Recipe {
  std::string_view name;  // of the framework; its Python and its TypeScript version share it
  std::string_view key;   // of this recipe
  std::string_view title;
  Ecosystem ecosystem = Ecosystem::kSettings;
  std::vector<std::string_view> aliases{};
  // Packages in a manifest that show that the framework is used.
  std::vector<std::string_view> npm_packages{}, python_packages{};
  std::string_view install{};                   // a command; may be empty
  std::string_view place{};                     // where the lines belong
  std::string_view syntax{};                    // of the lines, as markdown names it
  std::string lines{};                          // each ends with a line break
  std::vector<std::string_view> environment{};  // NAME=value
  std::string_view hint{};                      // sentences; may be empty
  // The folder of examples/emitters with whose packages script/test --clients runs the lines.
  // Empty: they were not run.
  std::string_view tested_with{};
};

// THE LIST, in the order in which it is shown.
std::span<const Recipe> AllRecipes();

// The recipes of a framework by its name, an alias, or a key; empty if there are none. ASCII case,
// and the difference between space, - and _, are ignored.
std::vector<const Recipe*> FindRecipes(std::string_view name);

// The names of the frameworks, each once.
std::vector<std::string_view> FrameworkNames();

}  // namespace halo
