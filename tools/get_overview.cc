// SPDX-License-Identifier: MIT
#include "schemas/get_overview.h"

#include <algorithm>
#include <utility>

#include "engine/model/reject_reasons.h"
#include "engine/pricing/price_table.h"
#include "engine/pricing/usage.h"
#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/calibration.h"
#include "tools/common/filters.h"
#include "tools/common/judged_detectors.h"
#include "tools/common/mode_view.h"
#include "tools/common/review_advice.h"
#include "tools/common/reviewed_modes.h"
#include "tools/common/time_text.h"
#include "tools/common/to_wire.h"
#include "tools/story/judged.h"
#include "tools/story/regressions.h"

namespace halo {
namespace {

using wire::GetOverviewInput;
using wire::GetOverviewOutput;

constexpr std::size_t kTopModes = 5;
constexpr std::size_t kTopNames = 10;

GetOverviewOutput::Dataset ToDataset(const OverviewStats& stats, Unit unit) {
  GetOverviewOutput::Dataset out;
  out.traces = stats.traces;
  out.spans = stats.spans;
  out.sessions = stats.sessions;
  out.open_traces = stats.open_traces;
  out.abandoned_traces = stats.abandoned_traces;
  out.runs = stats.units;
  out.unit = Words(UnitName(unit));
  out.llm_calls = stats.llm_calls;
  out.tool_calls = stats.tool_calls;
  out.failed_spans = stats.failed_spans;
  out.first = TimeText(stats.first_ns);
  out.last = TimeText(stats.last_ns);
  return out;
}

TokenUsage SettledUsage(const OverviewStats& stats) {
  TokenUsage usage = stats.usage;
  usage.input -= stats.open_usage.input;
  usage.output -= stats.open_usage.output;
  usage.cache_read -= stats.open_usage.cache_read;
  usage.cache_write -= stats.open_usage.cache_write;
  usage.reasoning -= stats.open_usage.reasoning;
  return usage;
}

UnknownCost OpenUnknown(const OverviewStats& stats) {
  return {stats.open_unpriced_calls, stats.open_calls_without_usage};
}

// The unknown cost of settled traces.
UnknownCost Unknown(const OverviewStats& stats) {
  return {stats.unpriced_calls - stats.open_unpriced_calls,
          stats.health.llm_without_tokens - stats.open_calls_without_usage};
}

std::optional<GetOverviewOutput::Open> ToOpen(const OverviewStats& stats) {
  if (stats.open_traces == 0) return {};
  return GetOverviewOutput::Open{stats.open_traces, stats.open_usage.total(),
                                 KnownMicroUsd(stats.open_nano_usd, OpenUnknown(stats)),
                                 stats.open_unpriced_calls};
}

GetOverviewOutput::Cost ToCost(const OverviewStats& stats, std::string_view price_date) {
  GetOverviewOutput::Cost out;
  out.micro_usd = KnownMicroUsd(stats.nano_usd - stats.open_nano_usd, Unknown(stats));
  out.unpriced_calls = stats.unpriced_calls - stats.open_unpriced_calls;
  out.reported_calls = stats.reported_costs;
  out.computed_calls = stats.computed_costs;
  out.mismatches = stats.cost_mismatches;
  out.prices = Words(price_date);
  for (const std::string& model : stats.unpriced_models) {
    if (out.unpriced_models.size() == kTopNames) {
      ++out.more_unpriced_models;
    } else {
      out.unpriced_models.emplace_back(model);
    }
  }
  for (std::size_t rule = 1; rule <= static_cast<std::size_t>(CacheRule::kDefaultInclusive);
       ++rule) {
    if (stats.cache_rules[rule] == 0) continue;
    out.cached_tokens.emplace(CacheRuleName(static_cast<CacheRule>(rule)), stats.cache_rules[rule]);
  }
  return out;
}

std::vector<GetOverviewOutput::Name> TopNames(const std::vector<NamedCount>& names,
                                              std::string_view what, std::vector<Prose>& notes) {
  std::vector<GetOverviewOutput::Name> out;
  for (const NamedCount& name : names) {
    if (out.size() == kTopNames) {
      notes.push_back(
          Cat(names.size() - kTopNames, " more ", what, "; narrow the filters to see them."));
      break;
    }
    out.push_back({TraceName(name.name), name.traces, name.spans});
  }
  return out;
}

// Adds the counts of defects in the data, with what each means for the reader.
void AddCounts(const OverviewStats& stats, std::vector<GetOverviewOutput::Health>& out) {
  const auto add = [&out](std::string_view issue, std::int64_t count, std::string_view means) {
    if (count > 0) out.push_back({Words(issue), Words(means), {}, count});
  };
  add("unpriced_calls", stats.unpriced_calls,
      "model calls without a known price: missing from every cost, never counted as free");
  add("cost_mismatch", stats.cost_mismatches,
      "the reported cost differs from tokens times price; the reported one counts");
  for (const HealthCount& each : kHealthCounts)
    add(each.issue, stats.health.*each.count, each.means);
  for (const ReadingText& text : kReadingTexts) {
    add(text.name, stats.readings[static_cast<std::size_t>(text.reading)], text.means);
  }
  add("open_trace", stats.open_traces,
      "traces still running: left out of every rate, of tokens and of cost");
  add("abandoned_trace", stats.abandoned_traces,
      "traces whose root never ended and that receive no more spans: counted as they are");
}

// What is missing from spans that should tell it; unknown_convention and its like explain each.
void AddMissing(const OverviewStats& stats, std::vector<GetOverviewOutput::Missing>& out) {
  const auto add = [&out](std::string_view what, std::int64_t count, std::int64_t of) {
    if (count > 0) out.push_back({Words(what), count, of});
  };
  add("kind", stats.health.unknown_convention, stats.spans);
  add("model", stats.health.llm_without_model, stats.llm_calls);
  add("tokens", stats.health.llm_without_tokens, stats.llm_calls);
  add("tool_name", stats.health.tools_named_by_span, stats.tool_calls);
}

void AddDamage(Engine& engine, std::vector<GetOverviewOutput::Health>& out) {
  const Result<Provenance> provenance = engine.CurrentProvenance();
  if (!provenance) return;
  for (const StoreDamage& damage : provenance->damage) {
    out.push_back({Words(damage.part),
                   "parts of the store that do not pass their checksum or are gone, left out of "
                   "every answer; halo-mcp doctor --repair, then ingest the same files again",
                   TraceText(damage.detail, 200), damage.count});
  }
}

// Adds what is missing because it could not be analysed, stored or read.
void AddFollowing(Engine& engine, std::vector<GetOverviewOutput::Health>& out) {
  const Result<Provenance> provenance = engine.CurrentProvenance();
  if (!provenance) return;
  if (provenance->stale_traces > 0 && !provenance->stale_why.empty()) {
    out.push_back(
        {"not_analysed",
         Cat("traces that wait for their analysis since ", TimeText(provenance->stale_since_ns),
             ", when the store could no longer be written: until then their previous analysis "
             "counts"),
         TraceText(provenance->stale_why, 200), provenance->stale_traces});
  }
  if (!provenance->not_receiving.empty()) {
    out.push_back({"not_received",
                   Cat("the port where this process would receive spans is not open since ",
                       TimeText(provenance->not_receiving_since_ns)),
                   TraceText(provenance->not_receiving, 300), 1});
  }
  GetOverviewOutput::Health paths{"not_followed", "", {}, provenance->following.more};
  for (const FollowTrouble& trouble : provenance->following.troubles) {
    if (trouble.path.empty()) {
      out.push_back({"not_stored",
                     Cat("nothing of the followed traces has been stored since ",
                         TimeText(trouble.since_ns), ": later spans are missing from the answers"),
                     TraceText(trouble.why, 200), 1});
    } else if (++paths.count; paths.means.empty()) {
      paths.means = Cat("followed files and folders that cannot be read; the first since ",
                        TimeText(trouble.since_ns));
      paths.example = TraceText(Cat(trouble.path, ": ", trouble.why), 200);
    }
  }
  if (paths.count > 0) out.push_back(std::move(paths));
}

void AddRejects(Engine& engine, std::vector<GetOverviewOutput::Health>& out) {
  const Result<std::vector<RejectCount>> rejects = engine.Rejects();
  if (!rejects) return;
  for (const RejectCount& reject : *rejects) {
    const std::string_view means = ExplainReject(reject.reason);
    out.push_back({CleanName(reject.reason),
                   std::string(means.empty() ? "parts of the input that could not be read" : means),
                   TraceText(RejectText(reject), 200), reject.count});
  }
}

// Lists the projects of an unbound program that did not ask for one, and says how to bind one.
void AddProjects(Engine& engine, const GetOverviewInput& in, const OverviewStats& stats,
                 GetOverviewOutput& out) {
  if (stats.projects.size() < 2 || engine.workspace().bound()) return;
  if (in.filters && (in.filters->project || in.filters->service)) return;
  out.projects = TopNames(stats.projects, "projects", out.notes);
  out.notes.push_back(
      Cat("These numbers mix ", stats.projects.size(),
          " projects. filters.project selects one; `projects = [\"NAME\"]` or `services = "
          "[\"NAME\"]` in a halo.toml at the top of a repository makes it the default for "
          "programs started in it."));
}

void AddModes(const ModeRanking& ranking, GetOverviewOutput& out) {
  const ModesInView view = ViewModes(ranking, {});
  out.modes = static_cast<std::int64_t>(view.modes.size());
  out.hidden_one_offs = view.one_offs;
  out.hidden_candidates = view.candidates;
  out.failed_without_mode = ranking.totals.failed_without_mode;
  for (const RankedMode* const mode : view.modes) {
    if (out.top_modes.size() == kTopModes) break;
    out.top_modes.push_back({ModeIdText(mode->stats.id),
                             std::string(GeneralityName(mode->generality)),
                             ToWire(mode->confidence), mode->title, OutcomeNote(*mode),
                             mode->stats.traces, mode->rate.value, ToWire(mode->stats.waste)});
  }
}

Prose Headline(const OverviewStats& stats, const GetOverviewOutput& out, Unit unit) {
  if (stats.traces == 0) return "No traces.";
  Prose text = Say(Plural(stats.units, UnitName(unit)), ": ", out.outcomes.success, " succeeded, ",
                   out.outcomes.failure, " failed, ", out.outcomes.unknown, " of unknown outcome");
  // What the numbers are worth.
  std::string rules;
  for (std::size_t rule = 1; rule < stats.outcome_rules.size(); ++rule) {
    if (stats.outcome_rules[rule] == 0) continue;
    rules.append(rules.empty() ? " (decided by " : ", ");
    rules.append(OutcomeRuleName(static_cast<OutcomeRule>(rule)));
  }
  if (!rules.empty()) text.Add(rules + ")");
  text.Add(". ");
  if (2 * stats.health.unknown_convention > stats.spans) {
    text.Add("Of ", stats.health.unknown_convention, " of ", Plural(stats.spans, "span"),
             " nothing but the status is understood: no failure of theirs that it does not say is "
             "counted. ");
  }
  text.Add(Plural(out.modes, "failure mode"));
  if (!out.top_modes.empty()) {
    text.Add("; first: ", out.top_modes.front().title, " (",
             Plural(out.top_modes.front().traces, "trace"), ")");
  }
  text.Add(
      ". In all ",
      SpendText(stats.nano_usd - stats.open_nano_usd, SettledUsage(stats).total(), Unknown(stats)),
      ".");
  if (stats.open_traces > 0) {
    text.Add(" ", Plural(stats.open_traces, "trace"), " still open: ",
             SpendText(stats.open_nano_usd, stats.open_usage.total(), OpenUnknown(stats)),
             " so far.");
  }
  return text;
}

std::vector<Words> NextCalls(const GetOverviewInput& in, const GetOverviewOutput& out) {
  const std::optional<std::string> filters = FiltersJson(in.filters);
  if (out.dataset.traces == 0) return {"get_overview {}"};
  std::vector<Words> next;
  if (filters) next.push_back(Cat("list_failure_modes {", *filters, "}"));
  if (!out.top_modes.empty()) {
    next.push_back(Cat(R"(get_failure_mode {"id":")", out.top_modes.front().id, "\"}"));
  }
  if (filters && out.top_modes.empty() && out.hidden_candidates > 0) {
    next.push_back(Cat(R"(list_failure_modes {"confidence":"candidate")",
                       filters->empty() ? "" : ",", *filters, "}"));
  }
  if (filters) next.push_back(Cat("get_expensive_spans {", *filters, "}"));
  return next;
}

using OverviewDraft = Draft<GetOverviewOutput>;

// Cuts one list; false if all are short. `said`: whether a note already says that names were cut.
bool Trim(OverviewDraft& draft, bool& said) {
  using Out = GetOverviewOutput;
  for (std::vector<Out::Name> Out::*const names :
       {&Out::unread_keys, &Out::dialects, &Out::services, &Out::tools, &Out::models, &Out::agents,
        &Out::projects}) {
    if (((*draft).*names).size() <= 3) continue;
    draft.Edit(names).resize(3);
    if (!std::exchange(said, true)) {
      draft.Edit(&Out::notes).push_back("Some names were cut to the first 3; narrow the filters.");
    }
    return true;
  }
  constexpr std::size_t kFewHealth = 8;
  if (draft->health.size() <= kFewHealth) return false;
  draft.Edit(&Out::notes)
      .push_back(Cat(draft->health.size() - kFewHealth,
                     " more points of health were cut; narrow the filters."));
  draft.Edit(&Out::health).resize(kFewHealth);
  return true;
}

Result<OverviewDraft> GetOverview(Engine& engine, const GetOverviewInput& input,
                                  const CallContext& context) {
  GetOverviewInput in = input;
  const Result<Question> question =
      MakeTraceQuestion(engine, in.filters, "get_overview", context.stop);
  if (!question) return question.error();
  Result<ModeRanking> ranking = engine.RankedModes(*question);
  if (!ranking) return ranking.error();
  const auto ranked = RankReviewed(engine, input.filters, *question, 0, *ranking);
  if (!ranked) return ranked.error();
  const OverviewStats& stats = ranking->totals;

  GetOverviewOutput out;
  out.dataset = ToDataset(stats, stats.unit);
  out.outcomes = ToWireOutcomes(stats);
  AddModes(*ranking, out);
  out.tokens = ToWire(SettledUsage(stats));
  out.open = ToOpen(stats);
  out.cost = ToCost(stats, engine.price_date());
  AddDamage(engine, out.health);
  AddFollowing(engine, out.health);
  AddCounts(stats, out.health);
  AddRejects(engine, out.health);
  NoteRegressions(engine, *question, out.notes);
  for (Prose& note : ProvenanceNotes(engine)) out.notes.push_back(std::move(note));
  for (Prose& note : LeftOutByTime(engine, *question)) out.notes.push_back(std::move(note));
  if (stats.traces == 0) {
    for (Prose& note : WhyEmpty(engine, in.filters)) out.notes.push_back(std::move(note));
  } else {
    out.notes.push_back(OutcomesSentence(stats, stats.unit));
    if (std::string advice = UnitAdvice(stats); !advice.empty()) {
      out.notes.push_back(std::move(advice));
    }
    if (Prose choice = UnitChoice(stats); !choice.empty()) out.notes.push_back(std::move(choice));
  }
  if (stats.units > 0 && out.modes == 0) {
    Judged judged = WhatWasJudged(stats);
    out.notes.push_back(Say("No failure mode was found: ", std::move(judged.checked), "."));
    for (Prose& gap : judged.not_judged) out.notes.push_back(Say("Not judged: ", gap));
  }
  AddProjects(engine, in, stats, out);
  AddMissing(stats, out.missing);
  out.dialects = TopNames(stats.dialects, "dialects", out.notes);
  out.unread_keys = TopNames(stats.unread_keys, "unread attribute keys", out.notes);
  out.agents = TopNames(stats.agents, "agents", out.notes);
  out.models = TopNames(stats.models, "models", out.notes);
  out.tools = TopNames(stats.tools, "tools", out.notes);
  out.services = TopNames(stats.services, "services", out.notes);
  if (!ranked->rows.empty()) out.notes.push_back(AgreementSentence(engine));
  AddJudged(engine, *question, out.judged, out.notes);
  out.headline = Headline(stats, out, stats.unit);
  out.next = NextCalls(in, out);
  PutFirst(ProposeReview(engine, input.filters, *question, stats), out.notes, out.next);
  OverviewDraft draft(std::move(out), context);
  bool said = false;
  draft.Fit(kDefaultAnswerBytes, [&](OverviewDraft& large) { return Trim(large, said); });
  return draft;
}

}  // namespace

Tool GetOverviewTool() {
  return MakeTool(
      ToolInfo{
          .name = "get_overview",
          .title = "Overview of the traces",
          .description =
              "What the stored agent traces hold: counts, time range, outcomes and how they were "
              "decided, tokens, cost, agents, models, tools, the top failure modes, and the health "
              "of the data, which bounds how far the numbers can be trusted. Call it first; it "
              "names the calls to make next.",
          .always_load = true,
          .search_hint = "agent traces telemetry summary runs cost outcomes",
      },
      &GetOverview);
}

}  // namespace halo
