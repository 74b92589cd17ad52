// SPDX-License-Identifier: MIT
#include "engine/ingest/log_twins.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "engine/ingest/nearest_in_time.h"
#include "engine/model/reading.h"

namespace halo {
namespace {

constexpr std::int64_t kSameMomentNs = 1'000'000'000;

bool IsFromLog(const SpanFacts& span) { return (span.readings & BitOf(Reading::kFromLog)) != 0; }

// Model calls with these in common may be one.
using Usage = std::tuple<std::int64_t, std::int64_t, std::int64_t>;
Usage UsageOf(const SpanFacts& span) {
  const TokenUsage& usage = span.usage;
  return {usage.input, usage.output, usage.cache_read};
}

class Matcher {
 public:
  Matcher(std::span<SpanFacts> spans, const StringPool& words) : spans_(spans), words_(words) {
    order_.resize(spans.size());
    for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = i;
    std::sort(order_.begin(), order_.end(),
              [&](std::size_t a, std::size_t b) { return Key(spans_[a]) < Key(spans_[b]); });
    taken_.resize(spans.size());
  }

  bool MatchTools(const CallIdsOf& call_ids) {
    const std::vector<std::size_t> logs = Select(Kind::kTool, true);
    const std::vector<std::size_t> own = Select(Kind::kTool, false);
    if (logs.empty() || own.empty()) return false;
    const std::vector<std::string> own_ids = call_ids(own), log_ids = call_ids(logs);
    if (own_ids.size() != own.size() || log_ids.size() != logs.size()) return false;
    std::map<std::string_view, std::size_t> span_of;  // the earliest: the others are parts of it
    for (std::size_t i = 0; i < own.size(); ++i) {
      if (!own_ids[i].empty()) span_of.try_emplace(own_ids[i], own[i]);
    }
    bool found = false;
    for (std::size_t i = 0; i < logs.size(); ++i) {
      const auto at = span_of.find(log_ids[i]);
      if (at == span_of.end()) continue;
      found = Relabel(logs[i], at->second);
    }
    return found;
  }

  bool MatchCalls() {
    std::map<Usage, NearestInTime> by_usage;
    NearestInTime failed;
    for (const std::size_t i : Select(Kind::kLlm, false)) {
      if (spans_[i].has_usage) by_usage[UsageOf(spans_[i])].Add(End(spans_[i]), i);
      if (spans_[i].failed) failed.Add(End(spans_[i]), i);
    }
    bool found = false;
    for (const std::size_t log : Select(Kind::kLlm, true)) {
      const SpanFacts& call = spans_[log];
      const bool has_usage = call.has_usage && call.usage.total() > 0;
      if (!has_usage && !call.failed) continue;
      const auto at = by_usage.find(UsageOf(call));
      if (has_usage && at == by_usage.end()) continue;
      const std::optional<std::size_t> best =
          (has_usage ? at->second : failed).Find(End(call), taken_);
      if (!best) continue;
      const bool is_near = std::abs(End(spans_[*best]) - End(call)) <= kSameMomentNs;
      if (!has_usage && !is_near) continue;
      taken_[*best] = true;
      found = Relabel(log, *best);
    }
    return found;
  }

  // Several records of one turn have the same id.
  bool MatchTurns() {
    std::set<StringId> known;
    std::map<StringId, NearestInTime> by_session;
    for (const std::size_t i : Select(Kind::kAgent, false)) {
      known.insert(spans_[i].span_id);
      if (spans_[i].session != 0) by_session[spans_[i].session].Add(spans_[i].start_ns, i);
    }
    bool found = false;
    for (const std::size_t log : Select(Kind::kAgent, true)) {
      const SpanFacts& turn = spans_[log];
      if (known.contains(turn.span_id)) continue;
      const auto of_session = by_session.find(turn.session);
      if (of_session == by_session.end()) continue;
      const std::optional<std::size_t> best = of_session->second.Find(turn.start_ns, taken_);
      if (best) found = Relabel(log, *best);
    }
    return found;
  }

 private:
  std::tuple<std::int64_t, std::string_view, std::uint64_t> Key(const SpanFacts& span) const {
    return {span.start_ns, words_[span.span_id], span.content_hash};
  }
  static std::int64_t End(const SpanFacts& span) {
    return span.end_ns > 0 ? span.end_ns : span.start_ns;
  }

  std::vector<std::size_t> Select(Kind kind, bool from_log) const {
    std::vector<std::size_t> out;
    for (const std::size_t i : order_) {
      if (spans_[i].kind == kind && IsFromLog(spans_[i]) == from_log) out.push_back(i);
    }
    return out;
  }

  bool Relabel(std::size_t log, std::size_t span) {
    spans_[log].span_id = spans_[span].span_id;
    return true;
  }

  std::span<SpanFacts> spans_;
  const StringPool& words_;
  std::vector<std::size_t> order_;  // by start, id and content
  std::vector<bool> taken_;
};

}  // namespace

bool HasLogs(std::span<const SpanFacts> spans) {
  constexpr Readings kLogs = BitOf(Reading::kFromLog) | BitOf(Reading::kWithLog);
  return std::any_of(spans.begin(), spans.end(),
                     [](const SpanFacts& span) { return (span.readings & kLogs) != 0; });
}

bool AreFromLogs(std::span<const SpanFacts> spans) {
  return !spans.empty() && std::all_of(spans.begin(), spans.end(), IsFromLog);
}

bool MayHaveLogTwins(std::span<const SpanFacts> spans) {
  bool has_log = false, has_own = false;
  for (const SpanFacts& span : spans) (IsFromLog(span) ? has_log : has_own) = true;
  return has_log && has_own;
}

bool RelabelLogTwins(std::span<SpanFacts> spans, const StringPool& words,
                     const CallIdsOf& call_ids) {
  if (!MayHaveLogTwins(spans)) return false;
  Matcher matcher(spans, words);
  const bool tools = matcher.MatchTools(call_ids);
  const bool calls = matcher.MatchCalls();
  const bool turns = matcher.MatchTurns();
  return tools || calls || turns;
}

}  // namespace halo
