// SPDX-License-Identifier: MIT
#include "schemas/compare_traces.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/analysis/compare_cohorts.h"
#include "engine/detectors/all_detectors.h"
#include "engine/model/cohorts.h"
#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/filters.h"
#include "tools/common/ids.h"
#include "tools/common/sides.h"
#include "tools/common/to_wire.h"
#include "tools/story/behaviour_text.h"
#include "tools/story/setup_drift.h"
#include "tools/story/turn_rows.h"

namespace halo {
namespace {

using wire::CompareTracesInput;
using wire::CompareTracesOutput;
using Out = CompareTracesOutput;
using CompareDraft = Draft<Out>;

constexpr std::int64_t kFewestOutcomes = 5;
constexpr double kDiscovery = 0.05;
constexpr std::size_t kOffered = 3;  // entries, where outcomes are too few

double Round(double value) { return std::round(value * 10'000) / 10'000; }
// Two digits, so that small ones do not become 0.
double RoundP(double p) {
  if (p <= 0) return p;
  const double scale = std::pow(10, std::ceil(-std::log10(p)) + 1);
  return std::round(p * scale) / scale;
}
std::optional<double> Finite(double value) {
  return std::isfinite(value) ? std::optional(Round(value)) : std::nullopt;
}

Out::Rate ToWire(const RateContrast& rate) {
  Out::Rate out;
  out.a_hits = rate.hits[0];
  out.a_runs = rate.runs[0];
  out.b_hits = rate.hits[1];
  out.b_runs = rate.runs[1];
  out.difference = Round(rate.difference.difference);
  out.low = Round(rate.difference.low);
  out.high = Round(rate.difference.high);
  out.q = RoundP(rate.q);
  return out;
}

Out::Side ToWire(const Cohort& cohort, Prose what) {
  Out::Side side;
  side.what = std::move(what);
  side.traces = cohort.traces;
  side.runs = static_cast<std::int64_t>(cohort.runs.size());
  for (const CohortRun& run : cohort.runs) {
    side.success += run.outcome == Outcome::kSuccess;
    side.failure += run.outcome == Outcome::kFailure;
  }
  return side;
}

// What the two sides of a call are.
struct Sides {
  CohortQuestion question;
  Prose a, b;
  bool by_outcome = false;  // the default
  bool by_model = false;
};

Prose Describe(const std::map<std::string, std::string>& given) {
  Prose out;
  for (const auto& [name, value] : given) {
    out.Add(out.empty() ? "" : ", ", Words(OneLine(name)), "=", TraceName(value));
  }
  return out;
}

Result<Sides> ReadSides(Engine& engine, CompareTracesInput& in, const CallContext& context) {
  if (in.a.empty() && !in.b.empty()) {
    return Error{Code::kInvalidArgument,
                 "$.a: missing; b is what a is compared with. Give both, or only a, which is then "
                 "compared with all other runs"};
  }
  const Result<Question> base =
      MakeTraceQuestion(engine, in.filters, "compare_traces", context.stop);
  if (!base) return base.error();
  Sides sides;
  sides.question.base = *base;
  sides.by_outcome = in.a.empty();
  if (sides.by_outcome) {
    if (base->filter.outcome) {
      return Error{Code::kInvalidArgument,
                   "$.filters.outcome: leaves one of the two sides empty, which are the failed and "
                   "the successful runs by default; give a and b, or no outcome"};
    }
    sides.a = "failed runs";
    sides.b = "successful runs";
    sides.question.a = base->filter;
    sides.question.a.outcome = Outcome::kFailure;
    sides.question.b = base->filter;
    sides.question.b->outcome = Outcome::kSuccess;
    return sides;
  }
  const auto read = [&](const std::map<std::string, std::string>& given,
                        std::string_view side) -> Result<TraceFilter> {
    Result<std::optional<wire::Filters>> filters = SideFilters(in.filters, given, side);
    if (!filters) return filters.error();
    Result<Question> question = MakeTraceQuestion(engine, *filters, "compare_traces", context.stop);
    if (!question) return OfSide(question.error(), side);
    return question->filter;
  };
  const Result<TraceFilter> a = read(in.a, "a");
  if (!a) return a.error();
  sides.question.a = *a;
  sides.a = Describe(in.a);
  sides.b = "all other runs";
  sides.by_model = in.a.contains("model") || in.b.contains("model");
  // Both sides lie in the base; a project or service that a side names is one that it may see.
  if (in.a.contains("project") || in.a.contains("service") || in.b.contains("project") ||
      in.b.contains("service")) {
    sides.question.base.filter.bound_projects.clear();
    sides.question.base.filter.bound_services.clear();
  }
  if (in.b.empty()) return sides;
  const Result<TraceFilter> b = read(in.b, "b");
  if (!b) return b.error();
  sides.question.b = *b;
  sides.b = Describe(in.b);
  return sides;
}

Words AmountName(std::string_view name) {
  return name == "nano_usd" ? "micro_usd" : name == "duration_ns" ? "ms" : "tokens";
}

void AddAmounts(const CohortComparison& found, Out& out) {
  for (const AmountContrast& amount : found.amounts) {
    Out::Amount row;
    row.what = AmountName(amount.name);
    const auto shown = [&](std::int64_t value) {
      return amount.name == "nano_usd"      ? MicroUsd(value)
             : amount.name == "duration_ns" ? Ms(value)
                                            : value;
    };
    row.a = shown(amount.median[0]);
    row.b = shown(amount.median[1]);
    row.a_known = amount.known[0];
    row.b_known = amount.known[1];
    if (amount.ratio) row.ratio = Finite(*amount.ratio);
    if (amount.low) row.low = Finite(*amount.low);
    if (amount.high) row.high = Finite(*amount.high);
    out.amounts.push_back(std::move(row));
  }
}

void AddRows(const Cohorts& cohorts, const CohortComparison& found, std::size_t limit, Out& out) {
  for (const ModeContrast& mode : found.modes) {
    if (out.modes.size() == limit) break;
    const CohortMode& given = cohorts.modes[mode.mode];
    const TraceDetector* const detector = FindTraceDetector(given.detector);
    Out::Mode row;
    row.id = ModeIdText(given.id);
    if (detector != nullptr) {
      row.title = TitleOf(*detector, given.locus, given.signature);
      row.confidence = Words(ConfidenceName(detector->confidence));
    }
    row.rate = ToWire(mode.rate);
    out.modes.push_back(std::move(row));
  }
  out.modes_total = static_cast<std::int64_t>(found.modes.size());
  for (const BehaviourContrast& behaviour : found.behaviours) {
    if (out.behaviours.size() == limit) break;
    Out::Behaviour row;
    row.what = BehaviourProse(behaviour.what);
    row.ratio = Finite(behaviour.ratio);
    row.low = Finite(behaviour.low);
    row.high = Finite(behaviour.high);
    row.rate = ToWire(behaviour.rate);
    const auto key = [&](std::size_t side) {
      const std::optional<std::uint32_t> run = behaviour.example[side];
      return run ? TraceId(cohorts.sides[side].runs[*run].trace.trace_id) : TraceId();
    };
    row.a_trace = key(0);
    row.b_trace = key(1);
    out.behaviours.push_back(std::move(row));
  }
  out.behaviours_total = static_cast<std::int64_t>(found.behaviours.size());
}

void AddDrift(const Cohorts& cohorts, const CohortComparison& found, Out& out) {
  const auto most = [](const std::vector<NamedCount>& counts) {
    return TraceName(counts.empty() ? std::string_view() : counts.front().name);
  };
  for (const Drift& drift : found.drift) {
    Out::Drift row;
    row.what = Words(drift.what);
    if (drift.variation) row.variation = Round(*drift.variation);
    row.limits = drift.limits;
    const auto name = [&](std::vector<NamedCount> Cohort::*counts) {
      row.a = most(cohorts.sides[0].*counts);
      row.b = most(cohorts.sides[1].*counts);
    };
    if (drift.what == "model") name(&Cohort::models);
    if (drift.what == "version") name(&Cohort::versions);
    if (drift.what == "prompt") name(&Cohort::prompts);
    if (drift.what == "tool_set") name(&Cohort::tool_sets);
    out.drift.push_back(std::move(row));
    if (!drift.limits) continue;
    out.notes.push_back(Cat("The sides differ in their ", drift.what, "s by ",
                            PercentText(*drift.variation),
                            ", more than 30 %: a difference may be due to that. Filter both to the "
                            "same ",
                            drift.what, "s."));
  }
}

bool HasRuns(Engine& engine, const CohortQuestion& question) {
  const Result<OverviewStats> stats = engine.Overview(question.base);
  return stats && stats->units > 0;
}

// Entries to divide the runs by, where their outcomes cannot.
Result<void> OfferEntries(Engine& engine, const CohortQuestion& question,
                          const std::optional<wire::Filters>& filters, Out& out) {
  const Result<ModeRanking> ranking = engine.RankedModes(question.base);
  if (!ranking) return ranking.error();
  const std::optional<std::string> shared = FiltersJson(filters);
  for (const RankedMode& mode : ranking->modes) {
    if (!shared || out.next.size() >= kOffered) break;
    if (mode.stats.units < kFewestOutcomes || mode.stats.units == ranking->totals.units) continue;
    out.next.push_back(Cat(R"(compare_traces {"a":{"failure_mode":")", ModeIdText(mode.stats.id),
                           "\"}", shared->empty() ? "" : ",", *shared, "}"));
  }
  out.notes.push_back(Cat(
      "Only ", Plural(out.a.runs, "failed run"), " and ", Plural(out.b.runs, "successful run"),
      " are known; with fewer than ", kFewestOutcomes, " a side nothing can be told from them. ",
      out.next.empty() ? "" : "The calls in `next` compare runs with and without an entry. ",
      "label_runs gives outcomes."));
  return {};
}

std::int64_t CountDiscoveries(const CohortComparison& found) {
  const auto is = [](const auto& row) { return row.rate.q <= kDiscovery; };
  return std::count_if(found.modes.begin(), found.modes.end(), is) +
         std::count_if(found.behaviours.begin(), found.behaviours.end(), is);
}

Prose Headline(const CohortComparison& found, const Out& out) {
  Prose text = Say(Plural(out.a.runs, "run"), " (", out.a.what, ") against ",
                   Plural(out.b.runs, "run"), " (", out.b.what, "). ");
  if (!found.comparable) text.Add("Not comparable: see drift. ");
  const auto first = [](const auto& rows) { return !rows.empty() && rows.front().rate.q <= 0.05; };
  if (CountDiscoveries(found) == 0) {
    return text.Add("No difference stands out among ", found.tested,
                    " entries and behaviours that were compared.");
  }
  if (first(out.behaviours)) {
    const Out::Behaviour& row = out.behaviours.front();
    text.Add("Side ", row.rate.difference > 0 ? "a" : "b", " more often: ", row.what, " (",
             row.rate.a_hits, " of ", row.rate.a_runs, " against ", row.rate.b_hits, " of ",
             row.rate.b_runs, "). ");
  }
  if (first(out.modes)) {
    const Out::Mode& row = out.modes.front();
    text.Add("Entry ", row.id, ": ", row.title, " (", row.rate.a_hits, " of ", row.rate.a_runs,
             " against ", row.rate.b_hits, " of ", row.rate.b_runs, ").");
  }
  return text;
}

void AddNotes(const Cohorts& cohorts, const CohortComparison& found, Out& out) {
  if (cohorts.in_both > 0) {
    out.notes.push_back(Cat(Plural(cohorts.in_both, "run"),
                            cohorts.in_both == 1 ? " passes" : " pass",
                            " the filters of both sides and count on neither."));
  }
  const std::int64_t open = cohorts.sides[0].open_traces + cohorts.sides[1].open_traces;
  if (open > 0) {
    out.notes.push_back(Cat(Plural(open, "trace"),
                            " that still run, or are no run of an agent, are "
                            "left out."));
  }
  if (cohorts.rare_modes > 0) {
    out.notes.push_back(Cat("Not compared, as fewer than ", kFewestSupport,
                            " of these runs show them: ", CountText(cohorts.rare_modes),
                            " of the entries."));
  }
  if (found.one_sided_modes > 0) {
    out.notes.push_back(
        Cat("Not compared, as no run of one side could show them (an agent or tool "
            "that it does not use): ",
            CountText(found.one_sided_modes), " of the entries."));
  }
  if (out.a.runs > 0 && out.b.runs > 0 && std::min(out.a.runs, out.b.runs) < kFewestOutcomes) {
    out.notes.push_back(
        Cat("With fewer than ", kFewestOutcomes, " runs on a side little can be told."));
  }
  if (found.tested > 0) {
    out.notes.push_back(Cat(
        "q is p corrected for all rows; p by ",
        found.matched_tasks ? "permutations within the tasks that both sides ran"
                            : "permutations of whole tasks or sessions (exact where none repeats)",
        "; rows with q over 0.05 may be chance. Behaviours are compared among runs of like length; "
        "they say what goes together, not why."));
  }
}

// No runs on a side: says why, and what to call.
void ExplainEmpty(Engine& engine, const Cohorts& cohorts, const CompareTracesInput& in, Out& out) {
  const bool none = out.a.runs == 0 && out.b.runs == 0;
  out.headline = Say(
      none ? Prose("Neither side has a settled run: ")
           : Say("Nothing to compare: side ", out.a.runs == 0 ? "a" : "b", " has no settled run: "),
      out.a.what, " against ", out.b.what, ".");
  AddNotes(cohorts, {}, out);
  if (none) {
    for (Prose& note : WhyEmpty(engine, in.filters)) out.notes.push_back(std::move(note));
  }
  out.next.emplace_back("get_overview {}");
}

// Says which lists are only a page, and how to see the rest.
void TellCut(const CompareTracesInput& in, CompareDraft& draft) {
  std::string cut;
  const auto tell = [&](std::string_view what, std::size_t shown, std::int64_t total) {
    if (shown == static_cast<std::size_t>(total)) return;
    cut.append(cut.empty() ? "" : " ");
    cut.append(PageText(what, 0, shown, static_cast<std::size_t>(total)));
  };
  tell("entries", draft->modes.size(), draft->modes_total);
  tell("behaviours", draft->behaviours.size(), draft->behaviours_total);
  if (cut.empty()) return;
  draft.Edit(&Out::notes)
      .push_back(Cat(cut, in.limit <= 10 ? " More: the same call with \"limit\":50." : ""));
}

Result<CompareDraft> CompareCohortsOf(Engine& engine, CompareTracesInput& in,
                                      const CallContext& context) {
  Result<Sides> sides = ReadSides(engine, in, context);
  if (!sides) return sides.error();
  const Result<Cohorts> cohorts = engine.Compare(sides->question);
  if (!cohorts) return cohorts.error();
  Out out;
  out.a = ToWire(cohorts->sides[0], std::move(sides->a));
  out.b = ToWire(cohorts->sides[1], std::move(sides->b));
  const bool too_few = sides->by_outcome && std::min(out.a.runs, out.b.runs) < kFewestOutcomes;
  const bool any = too_few && HasRuns(engine, sides->question);
  if (any) {
    out.headline =
        Say("Too few outcomes: ", out.a.runs, " failed and ", out.b.runs, " successful runs.");
    if (const Result<void> offered = OfferEntries(engine, sides->question, in.filters, out);
        !offered) {
      return offered.error();
    }
  } else if (out.a.runs == 0 || out.b.runs == 0) {
    ExplainEmpty(engine, *cohorts, in, out);
  } else {
    const CohortComparison found = CompareCohorts(*cohorts, sides->by_model, context.stop);
    if (context.stop.stop_requested()) return Error{Code::kCancelled, "cancelled"};
    out.comparable = found.comparable;
    if (found.failures && !sides->by_outcome) out.failures = ToWire(*found.failures);
    AddAmounts(found, out);
    AddRows(*cohorts, found, static_cast<std::size_t>(in.limit), out);
    AddDrift(*cohorts, found, out);
    AddNotes(*cohorts, found, out);
    out.headline = Headline(found, out);
    if (!out.behaviours.empty()) {
      const Out::Behaviour& first = out.behaviours.front();
      if (IsPlainId(first.a_trace.raw()) && IsPlainId(first.b_trace.raw())) {
        out.next.push_back(Cat(R"(compare_traces {"traces":[")", first.a_trace.raw(), "\",\"",
                               first.b_trace.raw(), "\"]}"));
      }
    }
    if (!out.modes.empty()) {
      out.next.push_back(Cat(R"(get_failure_mode {"id":")", out.modes.front().id, "\"}"));
    }
  }
  for (Prose& note : ProvenanceNotes(engine)) out.notes.push_back(std::move(note));
  const std::size_t budget = in.limit > 10 ? kLargeAnswerBytes : kDefaultAnswerBytes;
  CompareDraft draft(std::move(out), context);
  draft.Fit(budget, [](CompareDraft& page) {  // the longer list first
    if (page->modes.empty() && page->behaviours.empty()) return false;
    if (page->modes.size() > page->behaviours.size()) {
      page.Edit(&Out::modes).pop_back();
    } else {
      page.Edit(&Out::behaviours).pop_back();
    }
    return true;
  });
  TellCut(in, draft);
  return draft;
}

Result<CompareDraft> CompareTwo(Engine& engine, const CompareTracesInput& in,
                                const CallContext& context) {
  if (in.traces.size() != 2 || !in.a.empty() || !in.b.empty()) {
    return Error{Code::kInvalidArgument,
                 "$.traces: expected the ids of two traces, and neither a nor b; for sets of runs "
                 "give a and b without traces"};
  }
  const std::string project =
      in.filters && in.filters->project && *in.filters->project != kAnyProject
          ? *in.filters->project
          : std::string();
  const Result<TraceReading> a = ReadTraceById(engine, {project, in.traces[0]}, context.stop);
  if (!a) return a.error();
  const Result<TraceReading> b = ReadTraceById(engine, {project, in.traces[1]}, context.stop);
  if (!b) return b.error();
  Out out;
  const auto side = [](const TraceReading& reading) {
    const TraceSummary& summary = reading.summary;
    Out::Side found;
    found.what = Say(TraceId(summary.trace_id), ": ", Plural(summary.steps, "step"), ", ",
                     Plural(summary.usage.total(), "token"), ", ",
                     DurationText(LengthNs(summary.start_ns, summary.end_ns)), ", outcome ",
                     Words(OutcomeName(summary.outcome)));
    found.traces = found.runs = 1;
    found.success = summary.outcome == Outcome::kSuccess;
    found.failure = summary.outcome == Outcome::kFailure;
    return found;
  };
  out.a = side(*a);
  out.b = side(*b);
  out.comparable = a->summary.task.empty() || a->summary.task == b->summary.task;
  if (!out.comparable) out.notes.emplace_back("The two runs are of different tasks.");
  out.drift = SetupDrift(a->summary, b->summary);
  TurnRows turns = MakeTurnRows(a->trace, b->trace);
  out.turns = std::move(turns.rows);
  out.turns_total = static_cast<std::int64_t>(out.turns.size());
  const auto first = std::find_if(out.turns.begin(), out.turns.end(),
                                  [](const Out::Turn& turn) { return turn.match != "same"; });
  out.headline = Say(Plural(turns.same, "turn"), " the same, ", turns.different, " different");
  if (first != out.turns.end()) {
    out.headline.Add("; they first differ at ", first->kind, " ", first->name, " (", first->match,
                     ")");
  }
  out.headline.Add(".");
  if (turns.cut) out.notes.emplace_back("Only the first 1,000 turns of each run are aligned.");
  for (const TraceReading* reading : {&*a, &*b}) {
    AddCall(out.next, "explain_trace", "trace_id", TraceId(reading->summary.trace_id));
  }
  for (Prose& note : ProvenanceNotes(engine)) out.notes.push_back(std::move(note));
  const std::size_t all = out.turns.size();
  CompareDraft draft(std::move(out), context);
  draft.FitList(&Out::turns, in.limit > 10 ? kLargeAnswerBytes : kDefaultAnswerBytes,
                [](CompareDraft&, std::size_t) {});
  if (draft->turns.size() < all) {
    draft.Edit(&Out::notes)
        .push_back(Cat(PageText("rows of turns", 0, draft->turns.size(), all),
                       in.limit > 10 ? "" : " More: the same call with \"limit\":50."));
  }
  return draft;
}

Result<CompareDraft> CompareTraces(Engine& engine, const CompareTracesInput& input,
                                   const CallContext& context) {
  CompareTracesInput in = input;
  if (!in.traces.empty()) return CompareTwo(engine, in, context);
  return CompareCohortsOf(engine, in, context);
}

}  // namespace

Tool CompareTracesTool() {
  return MakeTool(
      ToolInfo{
          .name = "compare_traces",
          .title = "Compare two sets of runs, or two traces",
          .description =
              "How two sets of runs differ: failed against successful ones by default, or any two "
              "sets of filters (versions, models, with and without an entry). Entries, failures, "
              "tokens, cost and time with intervals that heed repeated tasks; behaviours that one "
              "side shows more (tools, pairs of tools, repeats, endings), each with an example; "
              "and whether the sides are comparable. With two trace ids: their turns side by side.",
          .search_hint = "diff regression a/b versions failed passed contrast",
      },
      &CompareTraces);
}

}  // namespace halo
