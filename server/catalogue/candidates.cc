// SPDX-License-Identifier: MIT
#include <functional>
#include <utility>

#include "server/catalogue/halo_catalogue.h"
#include "tools/answer/phrases.h"
#include "tools/common/filters.h"

namespace halo {
namespace {

using Others = std::map<std::string, std::string>;

// Traces considered for completion; the newest ones.
constexpr std::size_t kMaxTraces = 1000;

// The question selected by the arguments chosen so far; the whole store if they are not valid.
Question QuestionFor(Engine& engine, const Others& others) {
  std::optional<wire::Filters> filters(std::in_place);
  const auto set = [&](const char* name, std::optional<std::string>& field) {
    const auto found = others.find(name);
    if (found != others.end() && !found->second.empty()) field = found->second;
  };
  set("agent", filters->agent);
  set("project", filters->project);
  set("since", filters->since);
  const Result<Question> question = MakeQuestion(engine, filters);
  if (question) return *question;
  std::optional<wire::Filters> none;
  return *MakeQuestion(engine, none);
}

Candidates Names(Engine& engine, std::vector<NamedCount> OverviewStats::*names) {
  return [&engine, names](std::string_view, const Others& others) {
    Others context = others;
    if (names == &OverviewStats::agents) context.erase("agent");
    std::vector<std::string> out;
    const Result<OverviewStats> stats = engine.Overview(QuestionFor(engine, context));
    if (!stats) return out;
    for (const NamedCount& one : (*stats).*names) {
      if (IsPlainName(one.name)) out.push_back(one.name);
    }
    return out;
  };
}

}  // namespace

Candidates ModeCandidates(Engine& engine) {
  return [&engine](std::string_view, const Others& others) {
    std::vector<std::string> out;
    const Result<ModeRanking> ranking = engine.RankedModes(QuestionFor(engine, others));
    if (!ranking) return out;
    for (const RankedMode& mode : ranking->modes) out.push_back(ModeIdText(mode.stats.id));
    return out;
  };
}

Candidates TraceCandidates(Engine& engine) {
  return [&engine](std::string_view, const Others& others) {
    std::vector<std::string> out;
    const Result<TracePage> page =
        engine.Traces(QuestionFor(engine, others), TraceSort::kNewest, kMaxTraces, {});
    if (!page) return out;
    for (const TraceRow& row : page->rows) {
      if (IsPlainId(row.key.trace_id)) out.push_back(row.key.trace_id);
    }
    return out;
  };
}

Candidates AgentCandidates(Engine& engine) { return Names(engine, &OverviewStats::agents); }

Candidates ModelCandidates(Engine& engine) { return Names(engine, &OverviewStats::models); }

Candidates ProjectCandidates(Engine& engine) {
  return [&engine](std::string_view, const Others&) {
    std::vector<std::string> projects;
    const Result<OverviewStats> stats = engine.Overview(WholeStore(engine));
    if (!stats) return projects;
    for (const NamedCount& project : stats->projects) {
      if (IsPlainName(project.name)) projects.push_back(project.name);
    }
    return projects;
  };
}

Candidates TimeCandidates() {
  return [](std::string_view, const Others&) {
    return std::vector<std::string>{"-1h", "-24h", "-7d", "-30d"};
  };
}

}  // namespace halo
