// SPDX-License-Identifier: MIT
#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "engine/base/hash.h"
#include "engine/summaries/aggregates.h"
#include "engine/summaries/duration_sums.h"
#include "engine/summaries/selection.h"
#include "engine/summaries/stalls.h"

namespace halo {
namespace {

using Row = SummaryTable::Row;

// Operations with equal keys are counted together. Parts that the group ignores are 0.
struct GroupKey {
  Kind kind = Kind::kSpan;
  StringId agent = 0, name = 0, model = 0;
  std::uint8_t role = 0;
  std::uint32_t prompt = 0;

  bool operator==(const GroupKey&) const = default;
};

struct GroupHash {
  std::size_t operator()(const GroupKey& key) const {
    std::uint64_t hash = static_cast<std::uint64_t>(key.kind);
    for (const StringId word : {key.agent, key.name, key.model}) hash = MixHash(hash, word);
    return MixHash(MixHash(hash, key.role), key.prompt);
  }
};

// Sets `key` to the group of an operation. Returns false if it belongs to none.
bool GroupOf(const OperationColumns& c, std::size_t i, OperationGroup group, GroupKey& key) {
  const Kind kind = static_cast<Kind>(c.kind[i]);
  switch (group) {
    case OperationGroup::kOperation:
      key = {kind, c.agent[i], c.name[i], c.model[i], c.role[i], 0};
      return true;
    case OperationGroup::kModel:
      key = {Kind::kSpan, 0, 0, c.model[i], 0, 0};
      return c.model[i] != 0 || c.nano_usd[i] > 0 || c.usage.input[i] + c.usage.output[i] > 0 ||
             c.kind[i] == static_cast<std::uint8_t>(Kind::kLlm);
    case OperationGroup::kTool:
      key = {Kind::kTool, 0, c.name[i], 0, 0, 0};
      return kind == Kind::kTool;
    case OperationGroup::kAgent:
      key = {Kind::kSpan, c.agent[i], 0, 0, 0, 0};
      return c.agent[i] != 0;
    case OperationGroup::kRole:
      key = {kind, 0, 0, 0, c.role[i], 0};
      return c.role[i] != 0;
    case OperationGroup::kPrompt:
      key = {kind, 0, 0, 0, 0, c.prompt[i]};
      return c.role[i] != 0;
    case OperationGroup::kTrace:
    case OperationGroup::kSession:
    case OperationGroup::kTask:
      break;
  }
  return false;
}

struct Sums {
  OperationStats stats;
  DurationSums durations;
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
  out.self_ns += c.self_ns[i];
  out.wasted += Waste{c.wasted_tokens[i], c.wasted_nano_usd[i], c.wasted_ns[i]};
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
  if (group >= OperationGroup::kTrace) return AnswerRunGroups(table, question, group);
  const SummaryColumns& c = table.columns();
  const Stalls stalls(table, question);
  std::unordered_map<GroupKey, Sums, GroupHash> groups;
  for (const Row row : MatchingRows(table, question)) {
    for (std::uint32_t i = c.operation_begin(row); i < c.operation_end[row]; ++i) {
      GroupKey key;
      if (!GroupOf(c.operations, i, group, key)) continue;
      Sums& sums = groups[key];
      Add(table, row, i, IsTimed(c, row, i, group), sums);
      stalls.Add(row, i, sums.stats);
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
    stats.role = static_cast<CallRole>(key.role);
    stats.prompt = key.prompt;
    stats.p50_ns = sums.durations.Percentile(50, stats.max_ns);
    stats.p95_ns = sums.durations.Percentile(95, stats.max_ns);
    if (sums.slowest != UINT32_MAX) stats.slowest = table.Key(sums.slowest);
  }
  std::sort(out.begin(), out.end(), [](const OperationStats& a, const OperationStats& b) {
    return std::tie(a.kind, a.agent, a.name, a.model, a.role, a.prompt) <
           std::tie(b.kind, b.agent, b.name, b.model, b.role, b.prompt);
  });
  return out;
}

}  // namespace halo
