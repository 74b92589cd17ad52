// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "server/commands/command.h"
#include "server/commands/label_file.h"
#include "tools/answer/phrases.h"

namespace halo {
namespace {

// The user of this process; "user" if it has no name.
std::string UserName() {
  const char* const name = std::getenv("USER");
  return name != nullptr && *name != '\0' ? CleanName(name, 64) : "user";
}

ExitCode Run(const GlobalOptions& globals, const std::string& path, const std::string& who) {
  std::string text;
  if (path == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Fail({Code::kNotFound, path + ": cannot open it"});
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  const Result<std::unique_ptr<Engine>> engine = OpenEngine(globals);
  if (!engine) return Fail(engine.error());
  Result<std::vector<Label>> labels = ParseLabels(text, (*engine)->config().outcome.success_score);
  if (!labels) return Fail({labels.error().code, path + ": " + labels.error().message});
  if (labels->empty()) return Fail({Code::kInvalidArgument, path + ": contains no labels"});
  for (Label& label : *labels) {
    if (label.who.empty()) label.who = who.empty() ? UserName() : who;
  }
  const Result<std::int64_t> known = (*engine)->PutLabels(*labels);
  if (!known) return Fail(known.error());
  const auto size = static_cast<std::int64_t>(labels->size());
  std::cout << "Labelled " << Plural(size, "trace") << "; " << CountText(*known)
            << " of them are in the store.\n";
  if (*known == size) return kExitOk;
  std::cout << "The labels of the other " << CountText(size - *known)
            << " will apply once their traces are ingested. If those should already be here, "
               "compare the ids with halo-mcp call search_traces.\n";
  return kExitPartial;
}

}  // namespace

void AddLabel(const Cli& cli) {
  auto path = std::make_shared<std::string>();
  auto who = std::make_shared<std::string>();
  CLI::App* command = cli.app.add_subcommand("label", "Set the outcomes of runs from a file");
  command->footer(
      "CSV with the columns trace_id and outcome (and project, who, reason), or one JSON object "
      "per\n"
      "line with these keys. Outcomes: success, failure, pass, fail, true, false, a score, or\n"
      "unknown, which takes a label back. The last label of a run takes precedence over all other\n"
      "outcome rules; earlier ones are kept.\n"
      "Example:\n"
      "  printf 'trace_id,outcome\\n4bf92f3577b34da6a3ce929d0e0e4736,failure\\n' | halo-mcp label "
      "-");
  command->add_option("FILE", *path, "The file; - for standard input")->required();
  command->add_option("--who", *who, "Who checked the runs; default: $USER");
  command->callback([path, who, globals = &cli.globals, exit_code = &cli.exit_code] {
    *exit_code = Run(*globals, *path, *who);
  });
}

}  // namespace halo
