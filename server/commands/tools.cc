// SPDX-License-Identifier: MIT
#include <iostream>

#include "server/commands/command.h"
#include "server/protocol/tool_listing.h"
#include "tools/answer/tool.h"

namespace halo {
namespace {

struct Options {
  bool json = false, markdown = false;
};

// The first sentence of a description, which summarises it.
std::string_view FirstSentence(std::string_view text) {
  const std::size_t end = text.find(". ");
  return end == std::string_view::npos ? text : text.substr(0, end + 1);
}

void PrintMarkdown(const std::vector<Tool>& tools) {
  std::cout << "| tool | answers |\n| --- | --- |\n";
  for (const Tool& tool : tools) {
    std::cout << "| `" << tool.info.name << "` | " << FirstSentence(tool.info.description)
              << " |\n";
  }
}

void PrintText(const std::vector<Tool>& tools) {
  for (const Tool& tool : tools) {
    std::cout << tool.info.name << "\n  " << tool.info.description << "\n  arguments:";
    const boost::json::value* properties = tool.input_schema.if_contains("properties");
    if (properties && properties->is_object()) {
      for (const auto& property : properties->get_object()) {
        std::cout << " " << std::string_view(property.key());
      }
    }
    std::cout << "\n\n";
  }
}

}  // namespace

void AddTools(const Cli& cli) {
  auto options = std::make_shared<Options>();
  CLI::App* command = cli.app.add_subcommand("tools", "List the tools and what they answer");
  command->footer("Try one with halo-mcp call TOOL JSON.");
  command->add_flag("--json", options->json, "As listed over MCP, with schemas");
  command->add_flag("--markdown", options->markdown, "As a table");
  command->callback([options, exit_code = &cli.exit_code] {
    const std::vector<Tool> tools = AllTools();
    if (options->json) {
      std::cout << Serialise(ToolListing(tools, kLatest)) << "\n";
    } else if (options->markdown) {
      PrintMarkdown(tools);
    } else {
      PrintText(tools);
    }
    *exit_code = kExitOk;
  });
}

}  // namespace halo
