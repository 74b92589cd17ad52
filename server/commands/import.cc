// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <iostream>

#include "engine/base/clock.h"
#include "engine/engine.h"
#include "engine/ingest/importing.h"
#include "engine/model/reject_reasons.h"
#include "schemas/json.h"
#include "schemas/nearest.h"
#include "server/commands/command.h"
#include "server/commands/progress_bar.h"
#include "server/commands/stop_on_signal.h"
#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/time_text.h"

namespace halo {
namespace {

struct Options {
  ServiceConnection connection;
  std::string name;  // of a connection in halo.toml
  std::string from, to, overlap = "24h";
  bool again = false, dry_run = false, json = false;
};

struct ImportReport {
  std::int64_t traces = 0, spans = 0;
  std::int64_t new_traces = 0, grown_traces = 0, new_spans = 0, repeated_spans = 0;
  std::optional<std::int64_t> found_traces, found_spans;
  Words from, to;
  std::map<Words, std::int64_t> rejects;
  std::vector<Words> notes;
  bool stopped = false, resumed = false;
  double seconds = 0;

  static constexpr auto Fields() {
    using Self = ImportReport;
    return std::tuple{Field("traces", &Self::traces),
                      Field("spans", &Self::spans),
                      Field("new_traces", &Self::new_traces),
                      Field("grown_traces", &Self::grown_traces),
                      Field("new_spans", &Self::new_spans),
                      Field("repeated_spans", &Self::repeated_spans),
                      Option("found_traces", &Self::found_traces),
                      Option("found_spans", &Self::found_spans),
                      Field("from", &Self::from),
                      Field("to", &Self::to),
                      Field("rejects", &Self::rejects),
                      Field("notes", &Self::notes),
                      Field("stopped", &Self::stopped),
                      Field("resumed", &Self::resumed),
                      Field("seconds", &Self::seconds)};
  }
};

ImportReport ToWire(const PullReport& report) {
  ImportReport out;
  out.traces = report.traces;
  out.spans = report.spans;
  out.new_traces = report.stored.new_traces;
  out.grown_traces = report.stored.grown_traces;
  out.new_spans = report.stored.new_spans;
  out.repeated_spans = report.stored.repeated_spans;
  out.found_traces = report.found.traces;
  out.found_spans = report.found.spans;
  out.from = TimeText(report.from_ns);
  out.to = TimeText(report.to_ns);
  for (const auto& [reason, count] : report.rejects) out.rejects.emplace(reason, count);
  for (const std::string& note : report.notes) out.notes.emplace_back(std::string_view(note));
  out.stopped = report.stopped;
  out.resumed = report.resumed;
  out.seconds = report.seconds;
  return out;
}

std::string CountOrUnknown(const std::optional<std::int64_t>& count, std::string_view noun) {
  return count ? Plural(*count, noun) : "an unknown number of " + std::string(noun) + "s";
}

void Print(const PullReport& report, bool dry_run) {
  const std::string since = report.from_ns > 0 ? " since " + TimeText(report.from_ns) : "";
  if (dry_run) {
    std::cout << "Would read " << CountOrUnknown(report.found.traces, "trace") << " with "
              << CountOrUnknown(report.found.spans, "span") << since << ".\n";
  } else {
    std::cout << "Read " << Plural(report.traces, "trace") << since << " in "
              << DurationText(static_cast<std::int64_t>(report.seconds * 1e9)) << ": "
              << Plural(report.stored.new_traces, "new trace") << ", "
              << Plural(report.stored.new_spans, "new span") << ".\n";
  }
  if (report.stored.grown_traces > 0) {
    std::cout << Plural(report.stored.grown_traces, "known trace") << " grew.\n";
  }
  if (report.stored.repeated_spans > 0) {
    std::cout << Plural(report.stored.repeated_spans, "span") << " already stored.\n";
  }
  if (report.resumed) {
    std::cout << "Older traces were imported before; --again reads them again.\n";
  }
  for (const auto& [reason, count] : report.rejects) {
    std::cout << "Skipped: " << reason << " (" << CountText(count) << "): " << ExplainReject(reason)
              << "\n";
  }
  for (const std::string& note : report.notes) std::cout << note << "\n";
  if (report.stopped) {
    std::cout << "Interrupted; what was read is stored. The same command goes on from there.\n";
  }
}

// The connection of that name in halo.toml, else what the command line says.
Result<ServiceConnection> ConnectionOf(Engine& engine, const Options& options) {
  if (options.name.empty()) return options.connection;
  std::vector<std::string_view> names;
  for (const ServiceConnection& known : engine.importing().connections()) {
    if (known.name == options.name && known.service == options.connection.service) {
      ServiceConnection out = known;
      if (!options.connection.project.empty()) out.project = options.connection.project;
      return out;
    }
    names.push_back(known.name);
  }
  return Error{Code::kInvalidArgument,
               "--connection " + options.name + ": no [connections." + options.name +
                   "] of type \"" + std::string(ServiceName(options.connection.service)) +
                   "\" in the file of --config" + SuggestWord(options.name, names)};
}

Result<PullOptions> PullOptionsOf(const Options& options) {
  PullOptions out;
  const std::int64_t now_ns = NowNs();
  const auto read = [&](const std::string& text, const char* name,
                        std::optional<std::int64_t>& into) -> Result<void> {
    if (text.empty()) return {};
    const Result<std::int64_t> time = ParseTime(text, now_ns, name);
    if (!time) return time.error();
    into = *time;
    return {};
  };
  if (Result<void> from = read(options.from, "--from", out.from_ns); !from) return from.error();
  if (Result<void> to = read(options.to, "--to", out.to_ns); !to) return to.error();
  if (out.from_ns && *out.from_ns >= out.to_ns.value_or(now_ns)) {
    return Error{Code::kInvalidArgument, "--from must be before --to, and in the past"};
  }
  const Result<std::int64_t> overlap = ParseTime("-" + options.overlap, now_ns, "--overlap");
  if (!overlap) return overlap.error();
  out.overlap = std::chrono::seconds((now_ns - *overlap) / 1'000'000'000);
  out.again = options.again;
  out.dry_run = options.dry_run;
  return out;
}

ExitCode Run(const GlobalOptions& globals, const Options& options) {
  const StopOnSignal stop;
  Result<PullOptions> pull = PullOptionsOf(options);
  if (!pull) return Fail(pull.error());
  const Result<std::unique_ptr<Engine>> engine = OpenEngine(globals);
  if (!engine) return Fail(engine.error());
  const Result<ServiceConnection> connection = ConnectionOf(**engine, options);
  if (!connection) return Fail(connection.error());
  ProgressBar bar;
  pull->progress = bar.Callback();
  pull->stop = stop.token();
  const Result<PullReport> report = (*engine)->importing().Pull(*connection, *pull);
  bar.Clear();
  if (!report) return Fail(report.error());
  if (options.json) {
    std::cout << Serialise(Structure(ToWire(*report), {})) << "\n";
  } else {
    Print(*report, options.dry_run);
  }
  std::cout.flush();
  if (report->broken) {
    Fail({report->broken->code,
          report->broken->message + ". What was read is stored; run it again to go on."});
    return kExitFailed;
  }
  return report->rejects.empty() && !report->stopped ? kExitOk : kExitPartial;
}

CLI::App* AddService(CLI::App& import, Service service, const char* help, const Cli& cli) {
  auto options = std::make_shared<Options>();
  options->connection.service = service;
  options->connection.name = ServiceName(service);
  CLI::App* const command = import.add_subcommand(std::string(ServiceName(service)), help);
  ServiceConnection& connection = options->connection;
  command->add_option("--connection", options->name,
                      "Name under [connections] in the file of --config");
  command->add_option("--url", connection.url, "Address of the service");
  command->add_option("--credentials", connection.credentials,
                      "File with the keys, as NAME=VALUE lines, that only you can read; default: "
                      "the environment");
  command->add_option("--project", connection.project,
                      "Namespace of these traces in the store (default: by attribute)");
  command->add_option("--from", options->from, "RFC 3339 or -7d (default: all)");
  command->add_option("--to", options->to, "RFC 3339 or -1d (default: now)");
  command
      ->add_option("--overlap", options->overlap,
                   "How much of what an earlier import read is read again, for spans and scores "
                   "that came late")
      ->capture_default_str();
  if (service == Service::kLangfuse) {
    command->add_option("--environment", connection.environments, "Of these environments");
    command->add_option("--tag", connection.tags, "With all of these tags");
    command->add_option("--user", connection.user, "Of this user");
    command->add_option("--session", connection.session, "Of this session");
    command->add_option("--name", connection.trace_name, "Traces of this name");
    command->add_option("--version", connection.version, "Of this version");
  } else {
    command->add_option("--source-project", connection.source_project, "Phoenix's project")
        ->capture_default_str();
  }
  command->add_flag("--again", options->again, "Read everything again");
  command->add_flag("--dry-run", options->dry_run, "Only count");
  command->add_flag("--json", options->json, "Print the counts as JSON");
  command->callback([options, globals = &cli.globals, exit_code = &cli.exit_code] {
    *exit_code = Run(*globals, *options);
  });
  return command;
}

}  // namespace

void AddImport(const Cli& cli) {
  CLI::App* const command = cli.app.add_subcommand(
      "import", "Pull traces and their scores from Langfuse or Arize Phoenix into the store");
  command->require_subcommand(1);
  command->footer(
      "A second import reads what is new, and goes on where an interrupted one stopped.\n"
      "Examples:\n"
      "  LANGFUSE_PUBLIC_KEY=pk-... LANGFUSE_SECRET_KEY=sk-... halo-mcp import langfuse --from "
      "-7d\n"
      "  halo-mcp import langfuse --config halo.toml --connection prod --dry-run\n"
      "  halo-mcp import phoenix --url http://localhost:6006 --source-project default");
  AddService(*command, Service::kLangfuse,
             "From Langfuse: LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY, LANGFUSE_BASE_URL", cli)
      ->fallthrough();
  AddService(*command, Service::kPhoenix,
             "From Arize Phoenix: PHOENIX_API_KEY, PHOENIX_HOST or PHOENIX_COLLECTOR_ENDPOINT", cli)
      ->fallthrough();
  command->fallthrough();
}

}  // namespace halo
