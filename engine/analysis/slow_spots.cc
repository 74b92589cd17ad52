// SPDX-License-Identifier: MIT
#include "engine/analysis/slow_spots.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "engine/analysis/operations.h"

namespace halo {
namespace {

constexpr std::int64_t kShortestNs = 100'000'000;
constexpr std::size_t kFewestInRow = 5;
constexpr std::int64_t kGapShare = 20;  // a twentieth of the critical path

struct Saved {
  std::int64_t sum_ns = 0, longest_ns = 0;

  void Add(std::int64_t ns) {
    sum_ns += ns;
    longest_ns = std::max(longest_ns, ns);
  }
  std::int64_t ns() const { return sum_ns - longest_ns; }
};

class Finder {
 public:
  explicit Finder(const Trace& trace) : trace_(trace) {}

  std::vector<SlowSpot> Find() {
    FindSerial();
    FindOneByOne();
    FindGaps();
    std::vector<SlowSpot> out;
    for (auto& [key, spot] : spots_) out.push_back(std::move(spot));
    std::sort(out.begin(), out.end(), [](const SlowSpot& a, const SlowSpot& b) {
      return std::tie(b.ns, a.kind, a.agent, a.name, a.after) <
             std::tie(a.ns, b.kind, b.agent, b.name, b.after);
    });
    if (out.size() > kMostSlowSpots) out.resize(kMostSlowSpots);
    return out;
  }

 private:
  using Key = std::tuple<SlowKind, StringId, StringId, StringId>;

  void Add(SlowKind kind, SpanIndex at, StringId name, StringId after, std::size_t count,
           std::int64_t ns) {
    if (ns < kShortestNs) return;
    const StringId agent = trace_.agent[at];
    const auto [known, is_new] = spots_.try_emplace(Key(kind, agent, name, after));
    SlowSpot& spot = known->second;
    if (is_new) {
      spot = {kind,
              std::string(trace_.Text(agent)),
              std::string(trace_.Text(name)),
              std::string(trace_.Text(after)),
              std::string(trace_.Text(trace_.spans[at].span_id)),
              0,
              0};
    }
    spot.count += static_cast<std::int32_t>(count);
    spot.ns += ns;
  }

  std::int64_t LengthOf(SpanIndex i) const {
    return LengthNs(trace_.spans[i].start_ns, trace_.spans[i].end_ns);
  }
  bool IsTimedCall(const Turn& turn) const {
    if (turn.kind != ActionKind::kTool || turn.action == -1 || turn.tool == 0) return false;
    const SpanFacts& span = trace_.spans[turn.action];
    return !span.human_wait && PlausibleNs(span.start_ns, span.end_ns) > 0;
  }

  void FindSerial() {
    serial_.assign(trace_.turns.all.size(), false);
    const std::vector<Turn>& all = trace_.turns.all;
    for (const PromptStep& step : trace_.turns.prompts) {
      const auto asked = trace_.turns.AskedBy(step.span);
      if (asked.size() < 2) continue;
      std::vector<std::int32_t> calls;
      for (const std::int32_t turn : asked) {
        const Turn& call = all[static_cast<std::size_t>(turn)];
        // Calls that the answer is known to hold: all together, not one after another.
        if (IsTimedCall(call) && call.call != -1) calls.push_back(turn);
      }
      bool serial = calls.size() >= 2;
      Saved saved;
      SpanIndex before = -1;
      for (const std::int32_t turn : calls) {
        const SpanIndex action = all[static_cast<std::size_t>(turn)].action;
        if (before != -1)
          serial = serial && StartsAfter(trace_.spans[action], trace_.spans[before]);
        before = action;
        saved.Add(LengthOf(action));
      }
      if (!serial) continue;
      for (const std::int32_t turn : calls) serial_[static_cast<std::size_t>(turn)] = true;
      const Turn& first = all[static_cast<std::size_t>(calls.front())];
      Add(SlowKind::kSerialCalls, first.action, first.tool, 0, calls.size(), saved.ns());
    }
  }

  // Calls of one tool in a row, by scope.
  void FindOneByOne() {
    struct Row {
      StringId tool = 0;
      SpanIndex first = -1, last = -1;
      Saved saved;
      std::unordered_set<std::uint64_t> requests;
    };
    std::map<std::int32_t, Row> rows;
    const auto end = [&](Row& row) {
      if (row.requests.size() >= kFewestInRow) {
        Add(SlowKind::kOneByOne, row.first, row.tool, 0, row.requests.size(), row.saved.ns());
      }
      row = Row();
    };
    for (std::size_t i = 0; i < trace_.turns.all.size(); ++i) {
      const Turn& turn = trace_.turns.all[i];
      if (turn.tool == 0) continue;
      Row& row = rows[turn.scope];
      const bool counts = IsTimedCall(turn) && turn.request != 0 && !turn.failed && !serial_[i];
      const bool goes_on = counts && row.tool == turn.tool &&
                           !row.requests.contains(turn.request) &&
                           StartsAfter(trace_.spans[turn.action], trace_.spans[row.last]);
      if (!goes_on) end(row);
      if (!counts) continue;
      if (row.tool == 0) {
        row.tool = turn.tool;
        row.first = turn.action;
      }
      row.last = turn.action;
      row.requests.insert(turn.request);
      row.saved.Add(LengthOf(turn.action));
    }
    for (auto& [scope, row] : rows) end(row);
  }

  void FindGaps() {
    std::int64_t path_ns = 0;
    for (const std::int64_t ns : trace_.critical_ns) path_ns += ns;
    for (const PathGap& gap : trace_.gaps) {
      if (gap.ns * kGapShare < path_ns) continue;
      // What runs inside a call, and what waits for a person, is its own business.
      if (gap.span != -1 && IsCall(trace_.spans[gap.span])) continue;
      const SpanFacts& before = trace_.spans[gap.before];
      const SpanFacts& after = trace_.spans[gap.after];
      if (before.human_wait || after.human_wait) continue;
      Add(SlowKind::kGap, gap.span != -1 ? gap.span : gap.before, LabelOf(before), LabelOf(after),
          1, gap.ns);
    }
  }

  static bool IsCall(const SpanFacts& span) {
    return span.kind == Kind::kLlm || span.kind == Kind::kTool;
  }

  const Trace& trace_;
  std::vector<bool> serial_;  // by turn
  std::map<Key, SlowSpot> spots_;
};

}  // namespace

std::vector<SlowSpot> FindSlowSpots(const Trace& trace) { return Finder(trace).Find(); }

}  // namespace halo
