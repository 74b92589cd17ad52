// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "engine/base/hash.h"
#include "engine/model/duration_bucket.h"
#include "engine/summaries/aggregates.h"
#include "engine/summaries/selection.h"

namespace halo {
namespace {

using Row = SummaryTable::Row;

// Operations with equal keys are counted together. Parts that the group ignores are 0.
struct GroupKey {
  Kind kind = Kind::kSpan;
  StringId agent = 0, name = 0, model = 0;

  bool operator==(const GroupKey&) const = default;
};

struct GroupHash {
  std::size_t operator()(const GroupKey& key) const {
    std::uint64_t hash = static_cast<std::uint64_t>(key.kind);
    for (const StringId word : {key.agent, key.name, key.model}) hash = MixHash(hash, word);
    return hash;
  }
};

// Sets `key` to the group of an operation. Returns false if it belongs to none.
bool GroupOf(const OperationColumns& c, std::size_t i, OperationGroup group, GroupKey& key) {
  const Kind kind = static_cast<Kind>(c.kind[i]);
  switch (group) {
    case OperationGroup::kOperation:
      key = {kind, c.agent[i], c.name[i], c.model[i]};
      return true;
    case OperationGroup::kModel:
      key = {Kind::kSpan, 0, 0, c.model[i]};
      return c.model[i] != 0 || c.nano_usd[i] > 0 || c.usage.input[i] + c.usage.output[i] > 0 ||
             c.kind[i] == static_cast<std::uint8_t>(Kind::kLlm);
    case OperationGroup::kTool:
      key = {Kind::kTool, 0, c.name[i], 0};
      return kind == Kind::kTool;
    case OperationGroup::kAgent:
      key = {Kind::kSpan, c.agent[i], 0, 0};
      return c.agent[i] != 0;
  }
  return false;
}

// Durations of a group: exact while they are few and all known exactly, else by bucket. The choice
// depends only on the set of durations, not on their order.
class Durations {
 public:
  void Add(std::int64_t entry, std::int64_t count) {
    total_ += count;
    all_exact_ = all_exact_ && IsExactDuration(entry);
    if (all_exact_ && exact_.size() < kMostExact) {
      exact_.emplace_back(DurationOf(entry), count);
      return;
    }
    all_exact_ = false;
    Flush();
    AddBucket(IsExactDuration(entry) ? DurationBucket(DurationOf(entry)) : entry, count);
  }

  // By nearest rank. A bucket counts as its middle, but at most as `max_ns`.
  std::int64_t Percentile(std::int64_t percent, std::int64_t max_ns) {
    if (total_ == 0) return 0;
    const std::int64_t rank = (total_ * percent + 99) / 100;
    std::int64_t seen = 0;
    std::sort(exact_.begin(), exact_.end());
    for (const auto& [ns, count] : exact_) {
      seen += count;
      if (seen >= rank) return ns;
    }
    for (const auto& [bucket, count] : buckets_) {
      seen += count;
      if (seen < rank) continue;
      const double ns = 1000 * std::pow(1.05, static_cast<double>(bucket) + 0.5);
      return ns < static_cast<double>(max_ns) ? static_cast<std::int64_t>(ns) : max_ns;
    }
    return max_ns;
  }

 private:
  static constexpr std::size_t kMostExact = 512;  // entries

  void Flush() {
    for (const auto& [ns, count] : exact_) AddBucket(DurationBucket(ns), count);
    exact_.clear();
  }
  void AddBucket(std::int64_t bucket, std::int64_t count) { buckets_[bucket] += count; }

  bool all_exact_ = true;
  std::int64_t total_ = 0;
  std::vector<std::pair<std::int64_t, std::int64_t>> exact_;  // ns, how often
  std::map<std::int64_t, std::int64_t> buckets_;
};

struct Sums {
  OperationStats stats;
  Durations durations;
  Row last_row = UINT32_MAX;
  Row slowest = UINT32_MAX;
};

bool KeyLess(const SummaryTable& table, Row a, Row b) {
  const std::vector<StringId>& project = table.columns().project;
  if (project[a] != project[b]) return table.Text(project[a]) < table.Text(project[b]);
  return table.TraceId(a) < table.TraceId(b);
}

// An agent's runs contain all its other spans, and spans that only carry the rest of a sum contain
// model calls. So only the runs and calls themselves are counted and timed; usage, cost, errors and
// critical time are summed over all spans.
bool IsTimed(const SummaryColumns& c, Row row, std::size_t i, OperationGroup group) {
  if (group == OperationGroup::kModel) return CountsAsModelCall(c, row, i);
  return group != OperationGroup::kAgent ||
         c.operations.kind[i] == static_cast<std::uint8_t>(Kind::kAgent);
}

void Add(const SummaryTable& table, Row row, std::size_t i, bool timed, Sums& sums) {
  const OperationColumns& c = table.columns().operations;
  OperationStats& out = sums.stats;
  if (sums.last_row != row) ++out.traces;
  sums.last_row = row;
  out.errors += c.errors[i];
  out.unpriced += c.unpriced[i];
  out.usage += UsageAt(c.usage, i);
  out.nano_usd += c.nano_usd[i];
  out.critical_ns += c.critical_ns[i];
  if (!timed) return;
  out.count += c.count[i];
  out.duration_ns += c.duration_ns[i];
  for (std::uint32_t b = c.buckets.begin(i); b < c.buckets.end(i); ++b) {
    sums.durations.Add(c.buckets.items[b], c.bucket_counts[b]);
    out.timed += c.bucket_counts[b];
  }
  const bool slower = sums.slowest == UINT32_MAX || c.max_ns[i] > out.max_ns ||
                      (c.max_ns[i] == out.max_ns && KeyLess(table, row, sums.slowest));
  if (slower) {
    out.max_ns = c.max_ns[i];
    sums.slowest = row;
  }
}

}  // namespace

std::vector<OperationStats> AnswerOperations(const SummaryTable& table, const Question& question,
                                             OperationGroup group) {
  const SummaryColumns& c = table.columns();
  std::unordered_map<GroupKey, Sums, GroupHash> groups;
  for (const Row row : MatchingRows(table, question)) {
    for (std::uint32_t i = c.operation_begin(row); i < c.operation_end[row]; ++i) {
      GroupKey key;
      if (!GroupOf(c.operations, i, group, key)) continue;
      const bool timed = IsTimed(c, row, i, group);
      Add(table, row, i, timed, groups[key]);
    }
  }
  std::vector<OperationStats> out;
  out.reserve(groups.size());
  for (auto& [key, sums] : groups) {
    OperationStats& stats = out.emplace_back(std::move(sums.stats));
    stats.kind = key.kind;
    stats.agent = table.Text(key.agent);
    stats.name = table.Text(key.name);
    stats.model = table.Text(key.model);
    stats.p50_ns = sums.durations.Percentile(50, stats.max_ns);
    stats.p95_ns = sums.durations.Percentile(95, stats.max_ns);
    if (sums.slowest != UINT32_MAX) stats.slowest = table.Key(sums.slowest);
  }
  std::sort(out.begin(), out.end(), [](const OperationStats& a, const OperationStats& b) {
    return std::tie(a.kind, a.agent, a.name, a.model) < std::tie(b.kind, b.agent, b.name, b.model);
  });
  return out;
}

}  // namespace halo
