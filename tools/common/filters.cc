// SPDX-License-Identifier: MIT
#include "tools/common/filters.h"

#include <algorithm>
#include <cmath>

#include "engine/base/clock.h"
#include "engine/model/behaviour_name.h"
#include "engine/model/reject_reasons.h"
#include "engine/text/agent_name.h"
#include "schemas/fence.h"
#include "schemas/json.h"
#include "schemas/nearest.h"
#include "tools/answer/about.h"
#include "tools/answer/phrases.h"
#include "tools/common/fill_store.h"
#include "tools/common/ids.h"
#include "tools/common/time_text.h"

namespace halo {
namespace {

constexpr std::size_t kMaxNames = 5;  // of projects or services in a note

Result<void> ResolveTime(std::optional<std::string>& text, std::optional<std::int64_t>& out,
                         std::int64_t now_ns, std::string_view field) {
  if (!text) return {};
  const Result<std::int64_t> time = ParseTime(*text, now_ns, field);
  if (!time) return time.error();
  out = *time;
  // An absolute time keeps its own digits; a relative one is fixed to the millisecond.
  if (!text->empty() && (text->front() == '-' || text->front() == '+')) {
    out = *time - *time % 1'000'000;
    text = TimeText(*out);
  }
  return {};
}

std::optional<Outcome> ToOutcome(const std::optional<wire::Outcome>& outcome) {
  if (!outcome) return std::nullopt;
  switch (*outcome) {
    case wire::Outcome::kSuccess:
      return Outcome::kSuccess;
    case wire::Outcome::kFailure:
      return Outcome::kFailure;
    case wire::Outcome::kUnknown:
      break;
  }
  return Outcome::kUnknown;
}

bool IsPlainBehaviour(const std::string& name) {
  const Result<Behaviour> behaviour = ParseBehaviourName(name);
  const auto plain = [](const std::string& part) { return part.empty() || IsPlainName(part); };
  return behaviour && plain(behaviour->a) && plain(behaviour->b);
}

// The names of one kind in the data, to distinguish a typo from a filter that matches nothing.
std::vector<std::string_view> KnownNames(const OverviewStats& stats, std::string_view field) {
  const std::vector<NamedCount>* names = field.ends_with("agent")  ? &stats.agents
                                         : field == "model"        ? &stats.models
                                         : field.ends_with("tool") ? &stats.tools
                                         : field == "service"      ? &stats.services
                                                                   : nullptr;
  std::vector<std::string_view> out;
  if (names) {
    for (const NamedCount& name : *names) out.push_back(name.name);
  }
  return out;
}

// Explains a store that is empty because everything ingested was refused; empty if nothing was.
std::string AllRefused(Engine& engine, const StoreInfo& info) {
  const Result<std::vector<RejectCount>> rejects = engine.Rejects();
  if (!rejects || rejects->empty()) return {};
  std::string out =
      Cat("The store ", info.url, " holds no traces, because everything ingested was refused: ");
  for (std::size_t i = 0; i < rejects->size(); ++i) {
    const RejectCount& reject = (*rejects)[i];
    const std::string_view means = ExplainReject(reject.reason);
    out.append(Cat(i > 0 ? "; " : "", CountText(reject.count), " times ", Quoted(reject.reason),
                   means.empty() ? "" : " (", means, means.empty() ? "" : ")", ", first in ",
                   Quoted(reject.source)));
  }
  return out.append(". `halo-mcp ingest PATH...` lists the accepted formats.");
}

// The projects of the store, for a program that is bound to others.
Prose NoneIsBound(Engine& engine) {
  const Result<OverviewStats> stats = engine.Overview(WholeStore(engine));
  if (!stats) return {};
  Prose note = Say("None of the store's ", Plural(stats->traces, "trace"),
                   " belongs to what halo.toml names and passes the filters. ");
  const auto add = [&note](std::string_view what, const std::vector<NamedCount>& names) {
    for (std::size_t i = 0; i < names.size() && i < kMaxNames; ++i) {
      note.Add(i == 0 ? Cat("The store's ", what, ": ") : std::string(", "),
               TraceName(names[i].name), " (", names[i].traces, ")");
    }
    if (names.size() > kMaxNames) note.Add(" and ", names.size() - kMaxNames, " more");
    if (!names.empty()) note.Add(". ");
  };
  add("projects", stats->projects);
  add("services", stats->services);
  return note;
}

// Models may send back a name with the fence in which an answer showed it.
void TakeNamesAsShown(wire::Filters& filters) {
  ForEachField<wire::Filters>([&](const auto& field) {
    auto& value = filters.*field.member;
    if constexpr (std::same_as<std::remove_cvref_t<decltype(value)>, std::optional<std::string>>) {
      if (value) value = std::string(Unfenced(*value));
    }
  });
}

// The number of traces without this one filter, and similar names.
Prose WithoutField(Engine& engine, const wire::Filters& filters, std::string_view field,
                   const std::string& value) {
  std::optional<wire::Filters> rest = filters;
  ForEachField<wire::Filters>([&](const auto& known) {
    if (known.name == field) (*rest).*known.member = {};
  });
  const Result<Question> question = MakeQuestion(engine, rest);
  if (!question) return {};
  const Result<OverviewStats> stats = engine.Overview(*question);
  if (!stats) return {};
  Prose out = Say("Without the filter ", Words(field), "=", TraceName(value), ": ",
                  Plural(stats->traces, "trace"), ".");
  const std::vector<std::string_view> known = KnownNames(*stats, field);
  if (stats->traces > 0 && !known.empty() &&
      std::find(known.begin(), known.end(), value) == known.end()) {
    out.Add(" No trace has this ", Words(field), SuggestWord(value, PlainNames(known)), ".");
  }
  return out;
}

}  // namespace

Result<Question> MakeQuestion(const Engine& engine, std::optional<wire::Filters>& filters,
                              std::stop_token stop) {
  Question question = WholeStore(engine, std::move(stop));
  question.filter.bound_projects = engine.workspace().projects;
  question.filter.bound_services = engine.workspace().services;
  if (!filters) return question;
  TakeNamesAsShown(*filters);
  TraceFilter& out = question.filter;
  if (filters->project != kAnyProject) out.project = filters->project;
  out.service = filters->service;
  if (filters->project || filters->service) {
    out.bound_projects.clear();
    out.bound_services.clear();
  }
  // A full name stands for all instances of the agent, which are kept under one name.
  if (filters->agent) out.agent = MaskAgentName(*filters->agent);
  if (filters->not_agent) out.not_agent = MaskAgentName(*filters->not_agent);
  out.tool = filters->tool;
  out.not_tool = filters->not_tool;
  out.ends_with_tool = filters->ends_with_tool;
  out.trace_id = filters->trace_id;
  out.min_calls = filters->min_calls;
  out.max_calls = filters->max_calls;
  if (out.min_calls && out.max_calls && *out.min_calls > *out.max_calls) {
    return Error{Code::kInvalidArgument, "$.filters.min_calls: must not be above max_calls"};
  }
  if (out.tool && out.tool == out.not_tool) {
    return Error{Code::kInvalidArgument, "$.filters.not_tool: must not be the same as tool"};
  }
  out.model = filters->model;
  out.session = filters->session;
  out.task = filters->task;
  out.user = filters->user;
  out.environment = filters->environment;
  out.version = filters->version;
  out.tag = filters->tag;
  out.outcome = ToOutcome(filters->outcome);
  out.has_error = filters->has_error;
  out.no_mode = filters->no_mode;
  for (std::size_t i = 0; i < filters->behaviours.size(); ++i) {
    std::string& name = filters->behaviours[i];
    name = std::string(Unfenced(name));
    const Result<Behaviour> behaviour = ParseBehaviourName(name);
    if (!behaviour) {
      return Error{Code::kInvalidArgument, Cat("$.filters.behaviours[", i, "]: ", Quoted(name), " ",
                                               behaviour.error().message)};
    }
    out.behaviours.push_back(
        BehaviourText(behaviour->kind, behaviour->n, behaviour->a, behaviour->b));
  }
  if (filters->min_cost) {
    out.min_nano_usd = static_cast<std::int64_t>(std::llround(*filters->min_cost * 1e9));
  }
  if (filters->min_duration_ms) out.min_duration_ns = *filters->min_duration_ms * 1'000'000;
  if (filters->failure_mode) {
    out.failure_mode = ModeIdIn(*filters->failure_mode);
    if (!out.failure_mode) {
      return Error{Code::kInvalidArgument,
                   "$.filters.failure_mode: expected an id such as \"fm_0123456789ab\", as "
                   "list_failure_modes gives them; got " +
                       Quoted(*filters->failure_mode) + OtherIdKind(*filters->failure_mode)};
    }
    filters->failure_mode = ModeIdText(*out.failure_mode);
  }
  auto time = ResolveTime(filters->since, out.since_ns, question.now_ns, "$.filters.since");
  if (time) time = ResolveTime(filters->until, out.until_ns, question.now_ns, "$.filters.until");
  if (!time) return time.error();
  if (out.since_ns && out.until_ns && *out.since_ns >= *out.until_ns) {
    return Error{Code::kInvalidArgument, "$.filters.since: must be earlier than until"};
  }
  return question;
}

Question WholeStore(const Engine& engine, std::stop_token stop) {
  Question question;
  question.stop = std::move(stop);
  question.units = engine.config().units;
  question.now_ns = NowNs();
  return question;
}

Result<Question> MakeTraceQuestion(const Engine& engine, std::optional<wire::Filters>& filters,
                                   std::string_view tool, std::stop_token stop) {
  if (filters && filters->status) {
    return Error{
        Code::kInvalidArgument,
        Cat("$.filters.status: is the status of failure modes, and ", tool,
            " counts traces; use it in list_failure_modes, or filter by failure_mode here")};
  }
  return MakeQuestion(engine, filters, std::move(stop));
}

std::optional<std::string> FiltersJson(const std::optional<wire::Filters>& filters) {
  if (!filters) return std::string();
  const boost::json::value json = Write(*filters);
  for (const auto& member : json.get_object()) {
    const boost::json::string* text = member.value().if_string();
    if (text && !IsPlainName(*text) && !IsPlainId(*text)) return std::nullopt;
  }
  if (!std::all_of(filters->behaviours.begin(), filters->behaviours.end(), IsPlainBehaviour)) {
    return std::nullopt;
  }
  return json.get_object().empty() ? std::string() : "\"filters\":" + Serialise(json);
}

std::vector<Prose> LeftOutByTime(Engine& engine, const Question& question) {
  if (!question.filter.since_ns && !question.filter.until_ns) return {};
  Question timeless = question;
  timeless.filter.since_ns = timeless.filter.until_ns = std::nullopt;
  timeless.filter.without_start = true;
  const Result<OverviewStats> stats = engine.Overview(timeless);
  if (!stats || stats->traces == 0) return {};
  return {Prose(Cat("since and until left out ", Plural(stats->traces, "trace"),
                    stats->traces == 1 ? " that records" : " that record",
                    " no times. Filter by version instead, or ingest later runs into a project of "
                    "their own (`halo-mcp ingest --project NAME`) and filter by it."))};
}

std::vector<Prose> WhyEmpty(Engine& engine, const std::optional<wire::Filters>& filters) {
  const Result<StoreInfo> info = engine.Info();
  if (!info) return {Words(info.error().message)};
  if (info->traces == 0) {
    if (std::string refused = AllRefused(engine, *info); !refused.empty()) {
      return {Prose(std::move(refused))};
    }
    std::vector<Prose> notes{Cat("The store ", info->url, " holds no traces yet.")};
    for (Prose& note : HowToFill(engine.workspace())) notes.push_back(std::move(note));
    return notes;
  }
  std::vector<Prose> notes{
      Cat("The store holds ", Plural(info->traces, "trace"), "; none passes the filters.")};
  const bool by_default = !filters || (!filters->project && !filters->service);
  if (engine.workspace().bound() && by_default) notes = {NoneIsBound(engine)};
  if (!filters) return notes;
  const boost::json::value json = Write(*filters);
  for (const auto& member : json.get_object()) {
    const boost::json::string* text = member.value().if_string();
    const std::string value = text ? std::string(*text) : Serialise(member.value());
    Prose note = WithoutField(engine, *filters, member.key(), value);
    if (!note.empty()) notes.push_back(std::move(note));
  }
  return notes;
}

std::vector<Prose> WhyNoSpan(Engine& engine, const std::optional<wire::Filters>& filters,
                             const std::optional<std::string>& agent,
                             const std::optional<std::string>& tool) {
  std::vector<Prose> notes;
  const auto explain = [&](std::string_view field, const std::optional<std::string>& value,
                           std::optional<std::string> wire::Filters::*member) {
    if (!value) return;
    std::optional<wire::Filters> with = filters ? *filters : wire::Filters{};
    (*with).*member = value;
    const Result<Question> question = MakeQuestion(engine, with);
    if (!question) return;
    const Result<OverviewStats> stats = engine.Overview(*question);
    if (stats && stats->traces == 0) notes.push_back(WithoutField(engine, *with, field, *value));
  };
  explain("agent", agent, &wire::Filters::agent);
  explain("tool", tool, &wire::Filters::tool);
  return notes;
}

}  // namespace halo
