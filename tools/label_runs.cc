// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>

#include "schemas/common.h"
#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/filters.h"
#include "tools/common/ids.h"
#include "tools/common/time_text.h"
#include "tools/common/to_wire.h"

namespace halo {
namespace {

constexpr std::size_t kMostLabels = 500;
constexpr std::size_t kMaxReason = 1000;
constexpr std::size_t kMaxWho = 64;
constexpr std::size_t kNamedErrors = 5;
constexpr std::size_t kShownReplaced = 20;

struct LabelRunsInput {
  struct Item {
    std::string trace_id;
    wire::Outcome outcome = wire::Outcome::kUnknown;
    std::string reason;

    static constexpr auto Fields() {
      return std::tuple{Field("trace_id", &Item::trace_id, "or a unique prefix"),
                        Field("outcome", &Item::outcome, "unknown takes the label back"),
                        Option("reason", &Item::reason, "what was checked, and what it showed")};
    }
  };

  std::vector<Item> labels;
  std::string who = "agent";
  std::optional<std::string> project;

  static constexpr auto Fields() {
    using Self = LabelRunsInput;
    return std::tuple{
        Field("labels", &Self::labels, "1 to 500")
            .Example(R"([{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","outcome":"failure",)"
                     R"("reason":"no refund was issued"}])"),
        Option("who", &Self::who, "the person or agent that checked"),
        Option("project", &Self::project)};
  }
};

struct LabelRunsOutput {
  // A run that had another outcome by an earlier label.
  struct Replaced {
    TraceId trace_id;
    Words before, at;
    TraceName who;

    static constexpr auto Fields() {
      using Self = Replaced;
      return std::tuple{Field("trace_id", &Self::trace_id), Field("before", &Self::before),
                        Field("who", &Self::who), Field("at", &Self::at)};
    }
  };

  std::int64_t labelled = 0, taken_back = 0, replaced_total = 0;
  std::vector<Replaced> replaced;
  wire::Outcomes outcomes;
  std::vector<Prose> notes;
  std::vector<Words> next;

  static constexpr auto Fields() {
    using Self = LabelRunsOutput;
    return std::tuple{Field("labelled", &Self::labelled),
                      Option("taken_back", &Self::taken_back),
                      Option("replaced", &Self::replaced, "earlier labels that no longer count"),
                      Option("replaced_total", &Self::replaced_total),
                      Field("outcomes", &Self::outcomes, "of all settled runs now"),
                      Option("notes", &Self::notes),
                      Option("next", &Self::next)};
  }
};

Error Invalid(std::string message) {
  return {Code::kInvalidArgument, std::move(message) + " Nothing was stored."};
}

std::string ItemPath(std::size_t index) { return Cat("$.labels[", index, "]"); }

Outcome ToOutcome(wire::Outcome outcome) {
  switch (outcome) {
    case wire::Outcome::kSuccess:
      return Outcome::kSuccess;
    case wire::Outcome::kFailure:
      return Outcome::kFailure;
    case wire::Outcome::kUnknown:
      break;
  }
  return Outcome::kUnknown;
}

// The traces that the labels name. The error names each that does not exist, with the nearest id.
Result<std::vector<LabelledTrace>> FindAll(Engine& engine, const LabelRunsInput& in) {
  std::vector<TraceKey> keys;
  for (const LabelRunsInput::Item& item : in.labels) {
    keys.push_back({in.project.value_or(""), item.trace_id});
  }
  Result<std::vector<Result<LabelledTrace>>> found = engine.FindTraces(keys);
  if (!found) return found.error();
  std::vector<LabelledTrace> traces;
  std::string message;
  std::size_t unknown = 0;
  for (std::size_t i = 0; i < found->size(); ++i) {
    Result<LabelledTrace>& trace = (*found)[i];
    if (trace) {
      traces.push_back(std::move(*trace));
      continue;
    }
    if (trace.error().code != Code::kNotFound) return trace.error();
    if (++unknown > kNamedErrors) continue;
    const std::string other = ModeIdIn(keys[i].trace_id) ? OtherIdKind(keys[i].trace_id) : "";
    message.append(Cat(ItemPath(i), ".trace_id: ", trace.error().message, other, ". "));
  }
  if (unknown == 0) return traces;
  if (unknown > kNamedErrors) message.append(Cat("So are ", unknown - kNamedErrors, " more. "));
  return Error{Code::kNotFound, message + "Nothing was stored."};
}

Result<std::vector<Label>> ToLabels(const LabelRunsInput& in,
                                    const std::vector<LabelledTrace>& traces) {
  std::vector<Label> labels;
  std::map<TraceKey, std::size_t> seen;
  for (std::size_t i = 0; i < traces.size(); ++i) {
    const LabelRunsInput::Item& item = in.labels[i];
    const auto [first, is_new] = seen.emplace(traces[i].key, i);
    if (!is_new && in.labels[first->second].outcome != item.outcome) {
      return Invalid(
          Cat(ItemPath(first->second), " and ", ItemPath(i), " give one run different outcomes."));
    }
    if (!is_new) continue;
    labels.push_back({traces[i].key, ToOutcome(item.outcome), OneLine(in.who, kMaxWho),
                      OneLine(item.reason, kMaxReason)});
  }
  return labels;
}

// Counts what the labels change of the labels before.
void AddChanges(const std::vector<Label>& labels, const std::vector<LabelledTrace>& traces,
                LabelRunsOutput& out) {
  std::map<TraceKey, const LabelledTrace*> before;
  for (const LabelledTrace& trace : traces) before.emplace(trace.key, &trace);
  for (const Label& label : labels) {
    ++(label.outcome == Outcome::kUnknown ? out.taken_back : out.labelled);
    const std::optional<Label>& old = before.at(label.key)->label;
    if (!old || old->outcome == label.outcome) continue;
    ++out.replaced_total;
    if (out.replaced.size() == kShownReplaced) continue;
    out.replaced.push_back({TraceId(label.key.trace_id), Words(OutcomeName(old->outcome)),
                            TimeText(old->at_ns), TraceName(old->who)});
  }
}

Result<LabelRunsOutput> LabelRuns(Engine& engine, const LabelRunsInput& in,
                                  const CallContext& context) {
  if (in.labels.empty() || in.labels.size() > kMostLabels) {
    return Invalid(Cat("$.labels: expected 1 to ", kMostLabels, " labels; got ", in.labels.size(),
                       "; label more with several calls, or with `halo-mcp label FILE`."));
  }
  const Result<std::vector<LabelledTrace>> traces = FindAll(engine, in);
  if (!traces) return traces.error();
  const Result<std::vector<Label>> labels = ToLabels(in, *traces);
  if (!labels) return labels.error();
  if (context.stop.stop_requested()) return Error{Code::kCancelled, "cancelled"};
  if (const Result<std::int64_t> put = engine.PutLabels(*labels); !put) return put.error();

  LabelRunsOutput out;
  AddChanges(*labels, *traces, out);
  const Result<OverviewStats> stats = engine.Overview(WholeStore(engine));
  if (!stats) return stats.error();
  out.outcomes = ToWireOutcomes(*stats);
  out.notes = ProvenanceNotes(engine);
  if (out.labelled > 0) out.next.push_back("list_failure_modes {}");
  return out;
}

}  // namespace

Tool LabelRunsTool() {
  return MakeTool(
      ToolInfo{
          .name = "label_runs",
          .title = "Say how checked runs ended",
          .description =
              "Sets the outcome of runs that you or the user checked: success, failure, or "
              "unknown, "
              "which takes an earlier label back. A label overrides every other sign of an "
              "outcome, so failure modes are then judged by whether affected runs really fail. "
              "Label only what was checked (read the run, ran the tests, asked the user), say how "
              "in reason, and label successes too. The last label of a run counts; earlier ones "
              "are kept and explain_trace shows them.",
          .annotations = {.read_only = false},
          .search_hint = "outcome success failure grade annotate feedback verdict",
      },
      &LabelRuns);
}

}  // namespace halo
