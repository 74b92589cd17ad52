// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "engine/model/bottlenecks.h"
#include "engine/model/duration_bucket.h"
#include "engine/model/kind.h"
#include "engine/summaries/aggregates.h"
#include "engine/summaries/selection.h"

namespace halo {
namespace {

using Row = SummaryTable::Row;

constexpr std::int64_t kStallFactor = 10;
constexpr std::int64_t kShortestStallNs = 60'000'000'000;
constexpr std::int64_t kFewestCalls = 5;  // for a median that a call can be compared with

using OperationKey = std::tuple<Kind, StringId, StringId, StringId>;  // kind, agent, name, model
using PatternKey = std::tuple<std::uint8_t, StringId, StringId, StringId>;

struct Sums {
  SlowOperation out;
  std::int64_t timed = 0;
  std::vector<std::pair<std::int64_t, std::int64_t>> lengths;  // ns, how often
  Row last_row = UINT32_MAX;
  std::vector<std::pair<Row, std::uint32_t>> longest;  // of each trace: row, operation
};

// The middle of a bucket of 5 % width stands for its values.
std::int64_t LengthOf(std::int64_t entry) {
  if (IsExactDuration(entry)) return DurationOf(entry);
  return static_cast<std::int64_t>(1000 * std::pow(1.05, static_cast<double>(entry) + 0.5));
}

std::int64_t MedianOf(Sums& sums) {
  std::sort(sums.lengths.begin(), sums.lengths.end());
  std::int64_t seen = 0;
  for (const auto& [ns, count] : sums.lengths) {
    seen += count;
    if (2 * seen >= sums.timed) return ns;
  }
  return 0;
}

class BottleneckAnswer {
 public:
  BottleneckAnswer(const SummaryTable& table, const Question& question)
      : table_(table), c_(table.columns()), rows_(MatchingRows(table, question)) {}

  Bottlenecks Answer() {
    for (const Row row : rows_) {
      ++out_.traces;
      const std::int64_t ns = PlausibleNs(c_.start_ns[row], c_.end_ns[row]);
      if (ns < 0) continue;
      ++out_.timed_traces;
      out_.duration_ns += ns;
      out_.critical_ns += c_.critical_ns[row];
      AddOperations(row);
      AddSpots(row);
    }
    Finish();
    return std::move(out_);
  }

 private:
  void AddOperations(Row row) {
    const OperationColumns& o = c_.operations;
    for (std::uint32_t i = c_.operation_begin(row); i < c_.operation_end[row]; ++i) {
      Sums& sums = operations_[{static_cast<Kind>(o.kind[i]), o.agent[i], o.name[i], o.model[i]}];
      SlowOperation& out = sums.out;
      out.traces += std::exchange(sums.last_row, row) != row;
      out.calls += o.count[i];
      out.critical_ns += o.critical_ns[i];
      out.drag_ns += o.drag_ns[i];
      out.self_ns += o.self_ns[i];
      for (std::uint32_t b = o.buckets.begin(i); b < o.buckets.end(i); ++b) {
        sums.lengths.emplace_back(LengthOf(o.buckets.items[b]), o.bucket_counts[b]);
        sums.timed += o.bucket_counts[b];
      }
      const bool longer =
          o.max_ns[i] > out.max_ns ||
          (o.max_ns[i] == out.max_ns && o.max_ns[i] > 0 && table_.Key(row) < out.slowest);
      if (longer) {
        out.max_ns = o.max_ns[i];
        out.slowest = table_.Key(row);
      }
      if (o.max_ns[i] > kShortestStallNs) sums.longest.emplace_back(row, i);
    }
  }

  void AddSpots(Row row) {
    const SlowSpotColumns& s = c_.slow_spots;
    for (std::uint32_t i = s.begin(row); i < s.ends[row]; ++i) {
      SlowPattern& pattern = patterns_[{s.kind[i], s.agent[i], s.name[i], s.after[i]}];
      ++pattern.traces;
      pattern.count += s.count[i];
      pattern.ns += s.ns[i];
      const bool larger = s.ns[i] > pattern.example_ns ||
                          (s.ns[i] == pattern.example_ns && table_.Key(row) < pattern.example);
      if (!larger) continue;
      pattern.example_ns = s.ns[i];
      pattern.example = table_.Key(row);
      pattern.span_id = table_.IdText(s.span[i]);
    }
  }

  void Finish() {
    for (auto& [key, sums] : operations_) {
      SlowOperation& out = sums.out;
      out.kind = std::get<0>(key);
      out.agent = table_.Text(std::get<1>(key));
      out.name = table_.Text(std::get<2>(key));
      out.model = table_.Text(std::get<3>(key));
      out.p50_ns = MedianOf(sums);
      FindStalls(sums);
      if (out.critical_ns > 0 || out.drag_ns > 0) out_.operations.push_back(std::move(out));
    }
    std::sort(out_.operations.begin(), out_.operations.end(), [](const auto& a, const auto& b) {
      return std::tie(b.critical_ns, a.kind, a.agent, a.name, a.model) <
             std::tie(a.critical_ns, b.kind, b.agent, b.name, b.model);
    });
    for (auto& [key, pattern] : patterns_) {
      pattern.kind = static_cast<SlowKind>(std::get<0>(key));
      pattern.agent = table_.Text(std::get<1>(key));
      pattern.name = table_.Text(std::get<2>(key));
      pattern.after = table_.Text(std::get<3>(key));
      out_.patterns.push_back(std::move(pattern));
    }
    std::sort(out_.patterns.begin(), out_.patterns.end(), [](const auto& a, const auto& b) {
      return std::tie(b.ns, a.kind, a.agent, a.name, a.after) <
             std::tie(a.ns, b.kind, b.agent, b.name, b.after);
    });
    JoinStalls();
  }

  struct StalledCall {
    std::int64_t start_ns, end_ns;
    Row row;
    std::string name;
  };

  // Calls only: what contains a stalled call is as long as it.
  void FindStalls(const Sums& sums) {
    const Kind kind = sums.out.kind;
    const bool is_call = kind != Kind::kAgent && kind != Kind::kChain && kind != Kind::kSpan;
    if (!is_call || sums.timed < kFewestCalls) return;
    const OperationColumns& o = c_.operations;
    for (const auto& [row, i] : sums.longest) {
      if (o.max_ns[i] <= kStallFactor * sums.out.p50_ns || o.max_start_ns[i] <= 0) continue;
      stalled_.push_back({o.max_start_ns[i], o.max_start_ns[i] + o.max_ns[i], row, sums.out.name});
    }
  }

  void JoinStalls() {
    std::sort(stalled_.begin(), stalled_.end(), [&](const StalledCall& a, const StalledCall& b) {
      if (a.start_ns != b.start_ns) return a.start_ns < b.start_ns;
      return std::tuple(-a.end_ns, table_.Key(a.row), std::string_view(a.name)) <
             std::tuple(-b.end_ns, table_.Key(b.row), std::string_view(b.name));
    });
    std::set<Row> traces;
    std::set<std::string> names;
    const auto close = [&] {
      if (out_.stalls.empty()) return;
      Stall& stall = out_.stalls.back();
      stall.traces = static_cast<std::int64_t>(traces.size());
      stall.names.assign(names.begin(), names.end());
      traces.clear();
      names.clear();
    };
    for (const StalledCall& call : stalled_) {
      if (out_.stalls.empty() || call.start_ns >= out_.stalls.back().end_ns) {
        close();
        out_.stalls.emplace_back().start_ns = call.start_ns;
      }
      Stall& stall = out_.stalls.back();
      ++stall.calls;
      stall.end_ns = std::max(stall.end_ns, call.end_ns);
      traces.insert(call.row);
      names.insert(call.name);
      if (call.end_ns - call.start_ns > stall.longest_ns) {
        stall.longest_ns = call.end_ns - call.start_ns;
        stall.example = table_.Key(call.row);
      }
    }
    close();
    std::stable_sort(out_.stalls.begin(), out_.stalls.end(), [](const Stall& a, const Stall& b) {
      return a.calls != b.calls ? a.calls > b.calls : a.longest_ns > b.longest_ns;
    });
  }

  const SummaryTable& table_;
  const SummaryColumns& c_;
  const std::vector<Row> rows_;
  std::map<OperationKey, Sums> operations_;
  std::map<PatternKey, SlowPattern> patterns_;
  std::vector<StalledCall> stalled_;
  Bottlenecks out_;
};

}  // namespace

Bottlenecks AnswerBottlenecks(const SummaryTable& table, const Question& question) {
  return BottleneckAnswer(table, question).Answer();
}

}  // namespace halo
