// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cctype>
#include <charconv>
#include <iostream>

#include "engine/base/clock.h"
#include "server/commands/command.h"
#include "server/commands/progress_bar.h"
#include "server/commands/quantities.h"
#include "server/commands/stop_on_signal.h"
#include "tools/answer/phrases.h"
#include "tools/common/time_text.h"

namespace halo {
namespace {

struct Options {
  std::string older_than, max_size, project;
  bool dry_run = false, forget = false;
};

Result<PruneOptions> ToPruneOptions(const Options& options) {
  PruneOptions prune;
  if (!options.project.empty()) prune.project = options.project;
  prune.dry_run = options.dry_run;
  if (!options.older_than.empty()) {
    const Result<std::int64_t> before = ParseAge(options.older_than, NowNs());
    if (!before) return before.error();
    prune.before_ns = *before;
  }
  if (!options.max_size.empty()) {
    const Result<std::int64_t> bytes = ParseSize(options.max_size);
    if (!bytes) return bytes.error();
    prune.max_bytes = *bytes;
  }
  if (!prune.before_ns && !prune.max_bytes) {
    return Error{Code::kInvalidArgument,
                 "nothing says what to prune; give --older-than 30d, --max-size 5GB, or both"};
  }
  return prune;
}

void Print(const PruneReport& report, const PruneOptions& options) {
  std::cout << (options.dry_run ? "Would prune " : "Pruned ") << Plural(report.traces, "trace")
            << " with " << Plural(report.spans, "span");
  if (report.traces > 0) {
    std::cout << ", started " << TimeText(report.oldest_ns) << " to " << TimeText(report.newest_ns);
  }
  std::cout << ". Store: " << SizeText(report.bytes_before) << (options.dry_run ? ", about " : ", ")
            << SizeText(report.bytes_after) << (options.dry_run ? " then.\n" : " now.\n");
  if (report.too_large) {
    std::cout << "That is more than " << SizeText(*options.max_bytes)
              << ", but no other settled trace" << (options.project ? " of this project" : "")
              << " is left to prune.\n";
  }
  if (report.stopped) std::cout << "Interrupted; run it again to go on.\n";
}

ExitCode Forget(Engine& engine) {
  const Result<std::int64_t> traces = engine.ForgetPruned();
  if (!traces) return Fail(traces.error());
  std::cout << "Forgot " << Plural(*traces, "pruned trace")
            << ". Their spans are accepted again; ingest their files to restore them.\n";
  return kExitOk;
}

ExitCode Run(const GlobalOptions& globals, const Options& options) {
  const StopOnSignal stop;
  const Result<std::unique_ptr<Engine>> engine = OpenEngine(globals);
  if (!engine) return Fail(engine.error());
  if (options.forget) return Forget(**engine);
  Result<PruneOptions> prune = ToPruneOptions(options);
  if (!prune) return Fail(prune.error());
  ProgressBar bar;
  prune->progress = bar.Callback();
  prune->stop = stop.token();
  const Result<PruneReport> report = (*engine)->Prune(*prune);
  bar.Clear();
  if (!report) return Fail(report.error());
  Print(*report, *prune);
  return report->too_large || report->stopped ? kExitPartial : kExitOk;
}

}  // namespace

void AddPrune(const Cli& cli) {
  auto options = std::make_shared<Options>();
  CLI::App* command = cli.app.add_subcommand("prune", "Remove old traces from the store");
  command->footer(
      "Removes whole settled traces with their labels, those that started first at first; triage "
      "of\n"
      "failure modes remains. Others may use the store meanwhile. Spans of pruned traces are left\n"
      "out when their files are read again, until --forget.\n"
      "Examples:\n"
      "  halo-mcp prune --older-than 30d\n"
      "  halo-mcp prune --older-than 90d --max-size 5GB --dry-run\n"
      "  halo-mcp prune --forget && halo-mcp ingest traces/");
  command->add_option("--older-than", options->older_than,
                      "Prune traces that started longer ago, such as 30d, 12h or 2w, or before a "
                      "date, such as 2026-01-31");
  command->add_option("--max-size", options->max_size,
                      "Then prune the oldest until the store is no larger, such as 500MB or 5GB");
  command->add_option("--project", options->project, "Only traces of this project");
  command->add_flag("--dry-run", options->dry_run, "Only say what would be pruned");
  command->add_flag("--forget", options->forget,
                    "Prune nothing; accept the spans of pruned traces again");
  command->callback([options, globals = &cli.globals, exit_code = &cli.exit_code] {
    *exit_code = Run(*globals, *options);
  });
}

}  // namespace halo
