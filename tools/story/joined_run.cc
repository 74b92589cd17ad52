// SPDX-License-Identifier: MIT
#include "tools/story/joined_run.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "engine/session_runs.h"

namespace halo {
namespace {

// Of a session, this many traces at either end are read.
constexpr std::size_t kEnd = 20;

}  // namespace

Result<JoinedRun> ReadJoinedRun(Engine& engine, TraceReading trace, std::stop_token stop) {
  const TraceKey key = trace.stored.key;
  const Result<std::vector<TraceKey>> keys = TracesOfRun(engine, key);
  if (!keys) return keys.error();
  JoinedRun out;
  const std::size_t all = keys->size();
  for (std::size_t i = 0; i < all; ++i) {
    const TraceKey& next = (*keys)[i];
    if (i >= kEnd && i + kEnd < all && next != key) {
      ++out.left_out;
    } else if (next == key) {
      out.traces.push_back(std::move(trace));
    } else if (Result<TraceReading> read = engine.ReadTrace(next, stop)) {
      out.traces.push_back(std::move(*read));
    } else if (stop.stop_requested()) {
      return read.error();
    }  // else it was removed meanwhile
  }
  return out;
}

JoinedRun OneTrace(TraceReading trace) {
  JoinedRun out;
  out.traces.push_back(std::move(trace));
  return out;
}

void ReadText(Engine& engine, JoinedRun& run) {
  std::set<std::string> said;  // by users
  for (std::size_t i = 0; i < run.traces.size(); ++i) {
    for (const RunItem& item : run.text.items) {
      if (item.kind == RunItem::Kind::kUser) said.insert(item.text);
    }
    RunText text = ReadRun(engine, run.traces[i]);
    if (i == 0) {
      run.text = std::move(text);
      run.trace_of.assign(run.text.items.size(), 0);
      continue;
    }
    // The prompt of its first call may hold what was said in the traces before. Its last message by
    // a user is new, even if he said the same before.
    const auto begin = std::find_if(text.items.begin(), text.items.end(), [](const RunItem& item) {
      return item.kind != RunItem::Kind::kUser && !item.earlier;
    });
    const auto prompt = static_cast<std::size_t>(begin - text.items.begin());
    for (std::size_t at = 0; at < text.items.size(); ++at) {
      RunItem& item = text.items[at];
      const bool is_said =
          item.kind == RunItem::Kind::kUser && at + 1 < prompt && said.contains(item.text);
      if (item.earlier || is_said) continue;
      run.text.items.push_back(std::move(item));
      run.trace_of.push_back(i);
    }
    for (std::string& tool : text.tools) {
      std::vector<std::string>& known = run.text.tools;
      if (std::find(known.begin(), known.end(), tool) == known.end()) {
        known.push_back(std::move(tool));
      }
    }
    if (run.text.system.empty()) run.text.system = std::move(text.system);
    run.text.skipped += text.skipped;
  }
}

std::pair<Outcome, OutcomeRule> OutcomeOfRun(std::span<const TraceReading> traces) {
  std::pair<Outcome, OutcomeRule> out{Outcome::kUnknown, OutcomeRule::kNone};
  for (const TraceReading& trace : traces) {
    const TraceSummary& summary = trace.summary;
    if (summary.outcome == Outcome::kUnknown) continue;
    const bool stronger = summary.outcome_rule > out.second;
    const bool fails = summary.outcome_rule == out.second && summary.outcome == Outcome::kFailure;
    if (stronger || fails) out = {summary.outcome, summary.outcome_rule};
  }
  return out;
}

}  // namespace halo
