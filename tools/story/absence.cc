// SPDX-License-Identifier: MIT
#include "tools/story/absence.h"

#include <cmath>

#include "engine/analysis/statistics.h"
#include "tools/answer/phrases.h"

namespace halo {
namespace {

bool HasFilter(const TraceFilter& f) {
  return f.project || f.service || f.agent || f.model || f.tool || f.session || f.task || f.user ||
         f.environment || f.version || f.tag || f.trace_id || f.outcome || f.has_error ||
         f.no_mode || f.failure_mode || f.since_ns || f.until_ns || f.min_nano_usd ||
         f.min_duration_ns;
}

// Rounded up, so that it is still an upper bound.
std::string BoundText(double share) {
  const double tenths = std::ceil(share * 1000 - 1e-9);
  const auto whole = static_cast<std::int64_t>(tenths);
  return whole % 10 == 0 ? Cat(whole / 10, " %") : Cat(whole / 10, ".", whole % 10, " %");
}

std::string Spread(std::int64_t units, std::int64_t eligible, const Share& rate) {
  return Cat(units, " of ", Plural(eligible, "run"), " that could show it (",
             PercentText(rate.value), ", 95 % interval ", PercentText(rate.low), " to ",
             PercentText(rate.high), ")");
}

}  // namespace

Result<ModeInQuestion> FindMode(Engine& engine, const Question& question, ModeId id) {
  ModeInQuestion out;
  out.id = id;
  const Result<StoreInfo> info = engine.Info();
  if (!info) return info.error();
  Result<RankedMode> mode = engine.Mode(question, id);
  if (!mode && (mode.error().code != Code::kNotFound || info->traces == 0)) return mode.error();
  if (mode) {
    out.mode = std::move(*mode);
  } else {
    out.unknown = mode.error().message;
  }
  Result<OverviewStats> totals = engine.Overview(question);
  if (!totals) return totals.error();
  out.totals = std::move(*totals);
  out.all_units = out.totals.units;
  if (!HasFilter(question.filter)) return out;
  Question everything = question;
  everything.filter = {};
  everything.filter.bound_projects = question.filter.bound_projects;
  everything.filter.bound_services = question.filter.bound_services;
  const Result<OverviewStats> all = engine.Overview(everything);
  if (!all) return all.error();
  out.all_units = all->units;
  if (Result<RankedMode> overall = engine.Mode(everything, id)) out.overall = std::move(*overall);
  return out;
}

wire::AbsentMode DescribeAbsence(const ModeInQuestion& found) {
  wire::AbsentMode out;
  out.id = ModeIdText(found.id);
  out.known = found.mode.has_value();
  out.eligible_traces = found.mode ? found.mode->stats.eligible_units : found.totals.units;
  out.counted = found.mode ? "eligible: settled runs in the filter that could show it"
                           : "all settled runs in the filter: the store has never seen this mode, "
                             "so which runs could show it is not known";
  out.bound = "upper end of the 95 % Wilson interval";
  out.rate_high = found.mode ? found.mode->rate.high : WilsonInterval(0, out.eligible_traces).high;
  std::string statement;
  if (out.eligible_traces == 0) {
    statement = found.mode ? "0 of 0 runs: no settled run in the filter could show it, so "
                             "nothing can be said of its rate."
                           : "0 of 0 runs: no settled run passes the filter, so nothing can "
                             "be said of its rate.";
  } else {
    statement = Cat("0 of ", Plural(out.eligible_traces, "run"), ", at most ",
                    BoundText(out.rate_high), " (95 %).");
  }
  if (found.overall) {
    const ModeStats& all = found.overall->stats;
    const Share& rate = found.overall->rate;
    out.without_filter = wire::AbsentMode::Unfiltered{all.traces, all.eligible_units, rate.value,
                                                      rate.low, rate.high};
    statement.append(
        Cat(" Without the filter: ", Spread(all.units, all.eligible_units, rate), "."));
  } else if (!found.mode && found.all_units != found.totals.units) {
    out.without_filter = wire::AbsentMode::Unfiltered{0, found.all_units, 0, 0,
                                                      WilsonInterval(0, found.all_units).high};
    statement.append(Cat(" Without the filter: 0 of ", Plural(found.all_units, "run"), "."));
  }
  out.statement = std::move(statement);
  return out;
}

std::string RateSentence(const ModeInQuestion& found) {
  if (found.absent()) return DescribeAbsence(found).statement.str();
  std::string out =
      Spread(found.mode->stats.units, found.mode->stats.eligible_units, found.mode->rate) + ".";
  if (found.overall) {
    out.append(Cat(" Without the filter: ",
                   Spread(found.overall->stats.units, found.overall->stats.eligible_units,
                          found.overall->rate),
                   "."));
  }
  return out;
}

}  // namespace halo
