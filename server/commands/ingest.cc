// SPDX-License-Identifier: MIT
#include <spdlog/spdlog.h>

#include <filesystem>
#include <iostream>

#include "engine/importers/all_importers.h"
#include "engine/model/reject_reasons.h"
#include "schemas/ingest_report.h"
#include "schemas/json.h"
#include "server/commands/command.h"
#include "server/commands/follow.h"
#include "server/commands/progress_bar.h"
#include "server/commands/stop_on_signal.h"
#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"

namespace halo {
namespace {

struct Options {
  std::vector<std::string> paths;
  std::string project;
  bool json = false, follow = false;
};

constexpr std::size_t kMaxRefused = 1000;

wire::IngestReport ToWire(const IngestReport& report) {
  wire::IngestReport out;
  out.files = report.files;
  out.unchanged_files = report.unchanged_files;
  out.bytes = report.bytes;
  out.new_traces = report.spans.new_traces;
  out.grown_traces = report.spans.grown_traces;
  out.new_spans = report.spans.new_spans;
  out.repeated_spans = report.spans.repeated_spans;
  out.pruned_spans = report.spans.removed_spans;
  for (const auto& [reason, count] : report.rejects) out.rejects.emplace(reason, count);
  for (const std::string& refused : report.refused) out.refused.emplace_back(refused, kMaxRefused);
  for (const std::string& other : report.passed_over) {
    out.passed_over.emplace_back(other, kMaxRefused);
  }
  out.stopped = report.stopped;
  out.seconds = report.seconds;
  return out;
}

// "Ignored 3 files without traces: LICENSE, README.md, notes.csv"
void PrintPassedOver(const std::vector<std::string>& files) {
  constexpr std::size_t kMaxNames = 3;
  if (files.empty()) return;
  std::cout << "Ignored " << Plural(static_cast<std::int64_t>(files.size()), "file")
            << " without traces: ";
  for (std::size_t i = 0; i < std::min(files.size(), kMaxNames); ++i) {
    std::cout << (i > 0 ? ", " : "")
              << CleanName(std::filesystem::path(files[i]).filename().string());
  }
  std::cout << (files.size() > kMaxNames ? ", ...\n" : "\n");
}

void Print(const IngestReport& report) {
  const std::int64_t others = report.unchanged_files +
                              static_cast<std::int64_t>(report.refused.size()) +
                              static_cast<std::int64_t>(report.passed_over.size());
  std::cout << "Read " << Plural(report.files - others, "file") << " ("
            << static_cast<double>(report.bytes / 100'000) / 10 << " MB) in "
            << DurationText(static_cast<std::int64_t>(report.seconds * 1e9)) << ": "
            << Plural(report.spans.new_traces, "new trace") << ", "
            << Plural(report.spans.new_spans, "new span") << ".\n";
  if (report.spans.grown_traces > 0) {
    std::cout << Plural(report.spans.grown_traces, "known trace") << " grew.\n";
  }
  if (report.spans.repeated_spans > 0) {
    std::cout << Plural(report.spans.repeated_spans, "span")
              << (report.spans.repeated_spans == 1 ? " was" : " were") << " already stored.\n";
  }
  if (report.spans.removed_spans > 0) {
    std::cout << "Left out " << Plural(report.spans.removed_spans, "span")
              << " of traces that were pruned; `halo-mcp prune --forget` accepts them again.\n";
  }
  if (report.unchanged_files > 0) {
    std::cout << Plural(report.unchanged_files, "file") << " unchanged.\n";
  }
  PrintPassedOver(report.passed_over);
  const bool nothing =
      report.spans.new_spans + report.spans.repeated_spans + report.spans.removed_spans == 0 &&
      report.unchanged_files == 0 && report.refused.empty();
  if (nothing && !report.passed_over.empty() && report.rejects.empty()) {
    std::cout << "No traces found. Supported: " << FormatNames() << ", also as .gz or .zst.\n";
  }
  for (const auto& [reason, count] : report.rejects) {
    if (reason == kUnknownFormat) continue;  // these files are listed below
    const std::string_view means = ExplainReject(reason);
    std::cout << "Skipped: " << reason << " (" << CountText(count) << ")"
              << (means.empty() ? "" : ": ") << means << "\n";
  }
  // The accepted formats are printed once, not for every file, and only some files are listed.
  constexpr std::size_t kMaxRefusedLines = 10;
  std::string accepted;
  for (std::size_t i = 0; i < report.refused.size(); ++i) {
    const std::string& refused = report.refused[i];
    const std::size_t at = refused.find(" Accepted, also as");
    if (at != refused.npos) accepted = refused.substr(at + 1);
    if (i < kMaxRefusedLines) {
      std::cout << "Refused: " << CleanName(refused.substr(0, at), 1000) << "\n";
    }
  }
  if (report.refused.size() > kMaxRefusedLines) {
    std::cout << "Refused: " << report.refused.size() - kMaxRefusedLines
              << " more files; `ingest --json` lists them all\n";
  }
  if (!accepted.empty()) std::cout << accepted << "\n";
  if (report.stopped) std::cout << "Interrupted; everything read so far is stored.\n";
}

ExitCode Follow(Engine& engine, const Options& options, const StopOnSignal& stop) {
  spdlog::info("following; press Ctrl-C to stop");
  FollowOptions follow;
  follow.project = options.project;
  follow.stop = stop.token();
  FollowAndReport(engine, options.paths, std::move(follow), {});
  return kExitOk;
}

// A user who ingests a known file again may be missing its data, so known files are only skipped if
// the store is intact. Returns true if the store was repaired and the files must be read again.
bool RepairIfDamaged(const GlobalOptions& globals) {
  const Result<std::vector<StoreDamage>> damage = VerifyStore(globals.store);
  if (!damage || damage->empty()) return false;
  const Result<std::vector<StoreDamage>> repaired = RepairStore(globals.store);
  if (!repaired) return false;
  for (const StoreDamage& each : *repaired) {
    spdlog::warn("the store was damaged and has been repaired: removed {} {} ({})", each.count,
                 each.part, each.detail);
  }
  return true;
}

ExitCode Run(const GlobalOptions& globals, const Options& options) {
  const StopOnSignal stop;
  Result<std::unique_ptr<Engine>> engine = OpenEngine(globals);
  if (!engine && engine.error().code == Code::kCorrupt && RepairIfDamaged(globals)) {
    engine = OpenEngine(globals);
  }
  if (!engine) return Fail(engine.error());
  ProgressBar bar;
  IngestOptions ingest;
  ingest.project = options.project;
  ingest.progress = bar.Callback();
  ingest.stop = stop.token();
  Result<IngestReport> report = (*engine)->IngestPaths(options.paths, ingest);
  const bool doubtful = report ? report->unchanged_files > 0 && !report->stopped
                               : report.error().code == Code::kCorrupt;
  if (doubtful && RepairIfDamaged(globals)) {
    report = (*engine)->IngestPaths(options.paths, ingest);
  }
  bar.Clear();
  if (!report) return Fail(report.error());
  if (options.json) {
    std::cout << Serialise(Structure(ToWire(*report), {})) << "\n";
  } else {
    Print(*report);
  }
  std::cout.flush();
  if (options.follow && !report->stopped) return Follow(**engine, options, stop);
  const bool whole = report->rejects.empty() && report->refused.empty() && !report->stopped;
  return whole ? kExitOk : kExitPartial;
}

}  // namespace

void AddIngest(const Cli& cli) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      cli.app.add_subcommand("ingest", "Read trace files and folders into the store");
  command->footer(
      "Formats: " + FormatNames() +
      ", also .gz and .zst, detected by content.\n"
      "Reading a file twice changes nothing; of a file that has grown, only the new part\n"
      "is read.\n"
      "Examples:\n"
      "  halo-mcp ingest traces/\n"
      "  halo-mcp ingest run-1.jsonl run-2.json.gz --project checkout\n"
      "  zcat huge.jsonl.gz | halo-mcp ingest -");
  command->add_option("PATH", options->paths, "Files and folders; - for standard input")
      ->required();
  command->add_option("--project", options->project,
                      "Namespace of these traces (default: by attribute, else \"default\")");
  command->add_flag("--follow", options->follow, "Then keep reading new data until Ctrl-C");
  command->add_flag("--json", options->json, "Print the counts as JSON");
  command->callback([options, globals = &cli.globals, exit_code = &cli.exit_code] {
    *exit_code = Run(*globals, *options);
  });
}

}  // namespace halo
