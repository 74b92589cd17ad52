// SPDX-License-Identifier: MIT
#include <algorithm>

#include "engine/base/clock.h"
#include "engine/engine.h"
#include "engine/ingest/importing.h"
#include "engine/model/reject_reasons.h"
#include "schemas/json_string.h"
#include "schemas/nearest.h"
#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/time_text.h"

namespace halo {
namespace {

constexpr std::size_t kShownRefused = 10;
constexpr std::size_t kMaxRefused = 400;

struct ImportTracesInput {
  std::optional<std::string> path, connection, project, since;
  bool dry_run = false;

  static constexpr auto Fields() {
    using Self = ImportTracesInput;
    return std::tuple{
        Option("path", &Self::path, "a file or folder under an allowed folder")
            .Example("\"traces/run-1.jsonl\""),
        Option("connection", &Self::connection, "a name under [connections] in halo.toml"),
        Option("project", &Self::project, "namespace to store it in"),
        Option("since", &Self::since, "of a connection: RFC 3339 or -7d; default all that is new")
            .Example("\"-7d\""),
        Option("dry_run", &Self::dry_run, "only count, store nothing")};
  }
};

struct ImportTracesOutput {
  struct Rejected {
    Words reason, meaning;
    std::int64_t count = 0;

    static constexpr auto Fields() {
      using Self = Rejected;
      return std::tuple{Field("reason", &Self::reason), Field("count", &Self::count),
                        Field("meaning", &Self::meaning)};
    }
  };

  Words summary;
  std::int64_t new_traces = 0, grown_traces = 0, new_spans = 0, repeated_spans = 0;
  std::int64_t files = 0, unchanged_files = 0, passed_over = 0;
  std::optional<std::int64_t> found_traces, found_spans;
  std::vector<Rejected> rejects;
  std::vector<TraceText> refused;
  std::vector<Words> notes, next;

  static constexpr auto Fields() {
    using Self = ImportTracesOutput;
    return std::tuple{Field("summary", &Self::summary),
                      Field("new_traces", &Self::new_traces),
                      Field("grown_traces", &Self::grown_traces),
                      Field("new_spans", &Self::new_spans),
                      Field("repeated_spans", &Self::repeated_spans, "stored before"),
                      Option("files", &Self::files),
                      Option("unchanged_files", &Self::unchanged_files),
                      Option("passed_over", &Self::passed_over, "files without traces"),
                      Option("found_traces", &Self::found_traces, "by a dry run"),
                      Option("found_spans", &Self::found_spans),
                      Option("rejects", &Self::rejects),
                      Option("refused", &Self::refused, "files, each with the reason"),
                      Option("notes", &Self::notes),
                      Field("next", &Self::next)};
  }
};

Error Invalid(std::string message) { return {Code::kInvalidArgument, std::move(message)}; }

void SetStored(ImportTracesOutput& out, const AppendReceipt& stored,
               const std::map<std::string, std::int64_t>& rejects) {
  out.new_traces = stored.new_traces;
  out.grown_traces = stored.grown_traces;
  out.new_spans = stored.new_spans;
  out.repeated_spans = stored.repeated_spans;
  for (const auto& [reason, count] : rejects) {
    out.rejects.push_back({Words(reason), Words(ExplainReject(reason)), count});
  }
}

void SetNext(ImportTracesOutput& out) {
  out.next = {"get_overview {}"};
  if (out.new_spans + out.repeated_spans > 0) out.next.push_back("list_failure_modes {}");
}

std::string StoredText(const ImportTracesOutput& out) {
  return Cat(Plural(out.new_traces, "new trace"), ", ", Plural(out.new_spans, "new span"), ", ",
             Plural(out.repeated_spans, "span"), " stored before.");
}

// Reading and analysing count different things; a call's progress never goes back.
Progress Forward(const CallContext& context) {
  if (!context.progress) return {};
  return [progress = context.progress, last = 0.0](double done, double total,
                                                   std::string_view what) mutable {
    if (done < last) return;
    last = done;
    progress(done, total, what);
  };
}

Result<ImportTracesOutput> ImportPath(Engine& engine, const ImportTracesInput& in,
                                      const CallContext& context) {
  IngestOptions options;
  options.project = in.project.value_or("");
  options.stop = context.stop;
  options.progress = Forward(context);
  options.dry_run = in.dry_run;
  const std::vector<std::string> roots =
      context.roots ? context.roots() : std::vector<std::string>();
  const Result<IngestReport> report = engine.importing().Beneath(roots, *in.path, options);
  if (!report) return Error{report.error().code, Cat("$.path: ", report.error().message)};

  ImportTracesOutput out;
  SetStored(out, in.dry_run ? AppendReceipt() : report->spans, report->rejects);
  out.files = report->files;
  out.unchanged_files = report->unchanged_files;
  out.passed_over = static_cast<std::int64_t>(report->passed_over.size());
  for (std::size_t i = 0; i < std::min(report->refused.size(), kShownRefused); ++i) {
    out.refused.emplace_back(report->refused[i], kMaxRefused);
  }
  if (report->refused.size() > kShownRefused) {
    out.notes.push_back(Cat(report->refused.size() - kShownRefused, " more files were refused."));
  }
  out.summary = Cat("Read ", Plural(out.files, "file"), ": ", StoredText(out));
  if (in.dry_run) {
    out.found_traces = report->spans.grown_traces;
    out.found_spans = report->spans.new_spans;
    out.summary = Cat("Found ", Plural(*out.found_traces, "trace"), " with ",
                      Plural(*out.found_spans, "span"), " in ", Plural(out.files, "file"),
                      ". Nothing was imported.");
  }
  if (report->stopped) {
    out.notes.push_back(in.dry_run ? "Stopped; the rest was not counted."
                                   : "Stopped; what was read so far is stored.");
  }
  if (out.unchanged_files > 0) {
    out.notes.push_back(
        Cat(Plural(out.unchanged_files, "file"), " had not changed since an earlier import."));
  }
  if (in.dry_run) {
    std::string call = R"(import_traces {"path":)";
    AppendJsonString(*in.path, call);
    out.next.push_back(call + "}");
    return out;
  }
  SetNext(out);
  return out;
}

Result<ServiceConnection> FindConnection(Engine& engine, const std::string& name) {
  const std::vector<ServiceConnection>& known = engine.importing().connections();
  std::vector<std::string_view> names;
  for (const ServiceConnection& connection : known) {
    if (connection.name == name) return connection;
    names.push_back(connection.name);
  }
  if (names.empty()) {
    return Invalid(
        "$.connection: this server has none. Connections are in a halo.toml, as [connections.NAME] "
        "with type = \"langfuse\" or \"phoenix\", which the server is started with: --config "
        "halo.toml. The user can also run `halo-mcp import langfuse` or `phoenix`");
  }
  std::string all;
  for (const std::string_view each : names) all.append(all.empty() ? "" : ", ").append(each);
  return Invalid(Cat("$.connection: unknown connection ", Quoted(name), SuggestWord(name, names),
                     ". Known: ", all));
}

Result<ImportTracesOutput> ImportConnection(Engine& engine, const ImportTracesInput& in,
                                            const CallContext& context) {
  Result<ServiceConnection> connection = FindConnection(engine, *in.connection);
  if (!connection) return connection.error();
  if (in.project) connection->project = *in.project;
  PullOptions options;
  options.dry_run = in.dry_run;
  options.stop = context.stop;
  options.progress = Forward(context);
  if (in.since) {
    const Result<std::int64_t> since = ParseTime(*in.since, NowNs(), "$.since");
    if (!since) return since.error();
    options.from_ns = *since;
  }
  const Result<PullReport> report = engine.importing().Pull(*connection, options);
  if (!report) return report.error();

  ImportTracesOutput out;
  SetStored(out, report->stored, report->rejects);
  for (const std::string& note : report->notes) out.notes.push_back(Words(note));
  const std::string since = report->from_ns > 0 ? " since " + TimeText(report->from_ns) : "";
  if (in.dry_run) {
    out.found_traces = report->found.traces;
    out.found_spans = report->found.spans;
    out.summary = Cat("There ",
                      !out.found_traces        ? "is an unknown number of traces"
                      : *out.found_traces == 1 ? "is 1 trace"
                                               : "are " + CountText(*out.found_traces) + " traces",
                      since, ". Nothing was imported.");
    std::string call = R"(import_traces {"connection":)";
    AppendJsonString(connection->name, call);
    out.next.push_back(call + "}");
    return out;
  }
  out.summary = Cat("Read ", Plural(report->traces, "trace"), since, ": ", StoredText(out));
  if (report->broken) {
    out.notes.push_back(Cat("It ended early: ", report->broken->message,
                            ". What was read is stored; the same call goes on from there."));
  }
  if (report->stopped) {
    out.notes.push_back("Stopped; what was read is stored, and the same call goes on from there.");
  }
  if (report->resumed) out.notes.push_back("Older traces were imported before.");
  SetNext(out);
  return out;
}

// What could be imported.
ImportTracesOutput Choices(Engine& engine, const CallContext& context) {
  ImportTracesOutput out;
  out.summary = "Nothing was imported: give $.path or $.connection.";
  std::string folders, connections;
  for (const std::string& root : context.roots ? context.roots() : std::vector<std::string>()) {
    folders.append(folders.empty() ? "" : ", ").append(root);
  }
  for (const ServiceConnection& known : engine.importing().connections()) {
    connections.append(connections.empty() ? "" : ", ").append(known.name);
  }
  out.notes.push_back(Cat("Folders: ", folders.empty() ? "none" : folders, "."));
  out.notes.push_back(Cat("Connections: ", connections.empty() ? "none" : connections, "."));
  SetNext(out);
  return out;
}

Result<ImportTracesOutput> ImportTraces(Engine& engine, const ImportTracesInput& in,
                                        const CallContext& context) {
  if (in.path && in.connection) {
    return Invalid(
        "Give one of $.path (a file or folder) and $.connection (a name under [connections] in "
        "halo.toml), not both");
  }
  if (!in.path && !in.connection) return Choices(engine, context);
  if (in.connection) return ImportConnection(engine, in, context);
  if (in.since) return Invalid("$.since is for a connection, not for a path");
  return ImportPath(engine, in, context);
}

}  // namespace

Tool ImportTracesTool() {
  return MakeTool(
      ToolInfo{
          .name = "import_traces",
          .title = "Import traces",
          .description =
              "Imports traces from a file or folder (any supported format, also compressed), or "
              "from Langfuse or Phoenix through a connection named in halo.toml. Importing twice "
              "changes nothing: only what is new is stored. A path must lie under the project's "
              "folder, one of the client's roots, or a --traces path of the server; a URL is never "
              "read. Answers with counts of what was stored, and of what was refused and why.",
          .annotations = {.read_only = false, .open_world = true},
          .search_hint = "load ingest pull traces file folder langfuse phoenix",
          .may_take_minutes = true,
      },
      &ImportTraces);
}

}  // namespace halo
