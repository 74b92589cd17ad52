// SPDX-License-Identifier: MIT
#include <fstream>
#include <iostream>
#include <iterator>

#include "server/commands/command.h"
#include "server/commands/label_file.h"
#include "tools/answer/phrases.h"

namespace halo {
namespace {

ExitCode Run(const GlobalOptions& globals, const std::string& path) {
  std::string text;
  if (path == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Fail({Code::kNotFound, path + ": cannot be opened"});
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  const Result<std::unique_ptr<Engine>> engine = OpenEngine(globals);
  if (!engine) return Fail(engine.error());
  const Result<std::vector<Label>> labels =
      ParseLabels(text, (*engine)->config().outcome.success_score);
  if (!labels) return Fail({labels.error().code, path + ": " + labels.error().message});
  if (labels->empty()) return Fail({Code::kInvalidArgument, path + ": holds no labels"});
  const Result<std::int64_t> known = (*engine)->PutLabels(*labels);
  if (!known) return Fail(known.error());
  const auto size = static_cast<std::int64_t>(labels->size());
  std::cout << "Labelled " << Plural(size, "trace") << "; " << CountText(*known)
            << " of them in the store.\n";
  if (*known == size) return kExitOk;
  std::cout << "The labels of the other " << CountText(size - *known)
            << " wait until their traces come. If they should be here, compare the ids with "
               "halo-mcp call search_traces.\n";
  return kExitPartial;
}

}  // namespace

void AddLabel(const Cli& cli) {
  auto path = std::make_shared<std::string>();
  CLI::App* command =
      cli.app.add_subcommand("label", "Say which runs succeeded, by a file of trace ids");
  command->footer(
      "CSV with columns trace_id and outcome (and project), or one JSON object a line with these\n"
      "keys. Outcomes: success, failure, unknown, pass, fail, true, false, or a score. A label\n"
      "outranks every other rule.\n"
      "Example:\n"
      "  printf 'trace_id,outcome\\n4bf92f3577b34da6a3ce929d0e0e4736,failure\\n' | halo-mcp label "
      "-");
  command->add_option("FILE", *path, "The file; - for standard input")->required();
  command->callback([path, globals = &cli.globals, exit_code = &cli.exit_code] {
    *exit_code = Run(*globals, *path);
  });
}

}  // namespace halo
