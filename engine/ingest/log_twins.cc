// SPDX-License-Identifier: MIT
#include "engine/ingest/log_twins.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <tuple>

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
    std::map<Usage, std::vector<std::size_t>> by_usage;
    std::vector<std::size_t> failed;
    for (const std::size_t i : Select(Kind::kLlm, false)) {
      if (spans_[i].has_usage) by_usage[UsageOf(spans_[i])].push_back(i);
      if (spans_[i].failed) failed.push_back(i);
    }
    bool found = false;
    for (const std::size_t log : Select(Kind::kLlm, true)) {
      const SpanFacts& call = spans_[log];
      const bool has_usage = call.has_usage && call.usage.total() > 0;
      if (!has_usage && !call.failed) continue;
      const auto at = by_usage.find(UsageOf(call));
      if (has_usage && at == by_usage.end()) continue;
      const std::size_t best = Nearest(has_usage ? at->second : failed, [&](const SpanFacts& span) {
        const std::int64_t apart = std::abs(End(span) - End(call));
        return has_usage || apart <= kSameMomentNs ? apart : kNever;
      });
      if (best == spans_.size()) continue;
      taken_[best] = true;
      found = Relabel(log, best);
    }
    return found;
  }

  // Several records of one turn have the same id.
  bool MatchTurns() {
    const std::vector<std::size_t> own = Select(Kind::kAgent, false);
    bool found = false;
    for (const std::size_t log : Select(Kind::kAgent, true)) {
      const SpanFacts& turn = spans_[log];
      const bool is_known = std::any_of(
          own.begin(), own.end(), [&](std::size_t i) { return spans_[i].span_id == turn.span_id; });
      if (is_known) continue;
      const std::size_t best = Nearest(own, [&](const SpanFacts& span) {
        if (span.session == 0 || span.session != turn.session) return kNever;
        return std::abs(span.start_ns - turn.start_ns);
      });
      if (best != spans_.size()) found = Relabel(log, best);
    }
    return found;
  }

 private:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

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

  // The first of the nearest that is not taken; the number of spans if there is none.
  template <class Distance>
  std::size_t Nearest(const std::vector<std::size_t>& among, Distance distance) const {
    std::size_t best = spans_.size();
    std::int64_t least = kNever;
    for (const std::size_t i : among) {
      if (taken_[i]) continue;
      const std::int64_t apart = distance(spans_[i]);
      if (apart >= least) continue;
      least = apart;
      best = i;
    }
    return best;
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
