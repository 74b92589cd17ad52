// SPDX-License-Identifier: MIT
#include "engine/summaries/find_units.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "engine/model/kind.h"

namespace halo {
namespace {

using Row = SummaryTable::Row;

// Names of conventions.
constexpr std::string_view kWriteOwnWork[] = {"codex"};

// The traces of one service of a project, and what decides their unit.
struct Group {
  Unit unit = Unit::kAuto;
  bool writes_own_work = false;
  std::int64_t traces = 0, calls = 0;  // with a session and calls, without an agent; their calls
  std::int64_t others = 0;             // other traces with calls
  std::int64_t sessions = 0;
};

bool HasAgent(const SummaryColumns& c, Row row) {
  const auto kinds = c.operations.kind.begin();
  const auto end = kinds + c.operation_end[row];
  return std::find(kinds + c.operation_begin(row), end, static_cast<std::uint8_t>(Kind::kAgent)) !=
         end;
}

Unit UnitOf(const Group& group) {
  if (group.writes_own_work) return Unit::kTurn;
  const bool one_call =
      group.traces > group.others && group.calls <= group.traces + group.traces / 5;
  return one_call && group.traces >= 2 * group.sessions ? Unit::kSession : Unit::kTrace;
}

// Finds the group of each row, and looks at its traces.
class Groups {
 public:
  Groups(const SummaryTable& table, const UnitRule& rule)
      : c_(table.columns()), table_(table), seen_(table.session_count()) {
    for (const std::string_view name : kWriteOwnWork) {
      if (const auto id = c_.words.Find(name)) owners_.push_back(*id);
    }
    of_row_.resize(table.rows());
    Group* group = nullptr;
    std::pair<StringId, StringId> last;
    for (Row row = 0; row < table.rows(); ++row) {
      const std::pair key(c_.project[row], c_.service[row]);
      if (group == nullptr || key != last) {
        const auto [at, is_new] = groups_.try_emplace(key);
        group = &at->second;
        last = key;
        if (is_new) group->unit = rule.Of(table.Text(key.first));
      }
      of_row_[row] = group;
      if (group->unit == Unit::kAuto && table.live(row)) Look(row, *group);
    }
    for (auto& [key, each] : groups_) {
      if (each.unit == Unit::kAuto) each.unit = UnitOf(each);
    }
  }

  const std::vector<const Group*>& of_row() const { return of_row_; }

 private:
  void Look(Row row, Group& group) {
    for (const StringId dialect : c_.dialects.words[row]) {
      group.writes_own_work = group.writes_own_work ||
                              std::find(owners_.begin(), owners_.end(), dialect) != owners_.end();
    }
    const std::int64_t calls = c_.llm_calls[row] + c_.tool_calls[row];
    if (calls == 0) return;
    const std::uint32_t session = table_.session_of(row);
    if (session == 0 || HasAgent(c_, row)) {
      ++group.others;
      return;
    }
    ++group.traces;
    group.calls += calls;
    group.sessions += !seen_[session];
    seen_[session] = true;
  }

  const SummaryColumns& c_;
  const SummaryTable& table_;
  std::vector<bool> seen_;
  std::vector<StringId> owners_;
  std::map<std::pair<StringId, StringId>, Group> groups_;
  std::vector<const Group*> of_row_;
};

}  // namespace

RowUnits::RowUnits(const SummaryTable& table, const UnitRule& rule) : table_(table) {
  if (rule.projects.empty() && rule.unit != Unit::kAuto) {
    all_ = rule.unit;
    any_sessions_ = all_ == Unit::kSession;
    any_turns_ = all_ == Unit::kTurn;
    return;
  }
  const Groups groups(table, rule);
  of_row_.reserve(table.rows());
  for (const Group* const group : groups.of_row()) {
    of_row_.push_back(group->unit);
    any_sessions_ = any_sessions_ || group->unit == Unit::kSession;
    any_turns_ = any_turns_ || group->unit == Unit::kTurn;
  }
}

}  // namespace halo
