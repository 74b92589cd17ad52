// SPDX-License-Identifier: MIT
#include "engine/summaries/other_runs.h"

#include <algorithm>
#include <utility>

namespace halo {
namespace {

using Row = SummaryTable::Row;

constexpr std::int64_t kThousand = 1000;
// Fewer other runs, or calls, say nothing.
constexpr std::int64_t kFewestRuns = 3;
constexpr std::int64_t kFewestCalls = 5;
// An agent of whose runs more than a tenth are chats is no task agent.
constexpr std::int64_t kMostChats = 10;

template <class Value>
std::int64_t At(const std::map<std::int64_t, std::int64_t>& count, Value value) {
  const auto found = count.find(static_cast<std::int64_t>(value));
  return found == count.end() ? 0 : found->second;
}

}  // namespace

OtherRuns::OtherRuns(const SummaryTable& table)
    : table_(table),
      wants_name_(table.columns().words.size()),
      wants_calls_of_(table.columns().words.size()) {}

std::size_t OtherRuns::SubjectHash::operator()(const Subject& subject) const {
  std::uint64_t hash = subject.detector;
  for (const StringId part : {subject.project, subject.agent, subject.name}) {
    hash = (hash ^ part) * 0x9E3779B97F4A7C15ULL;
    hash ^= hash >> 29;
  }
  return static_cast<std::size_t>(hash);
}

void OtherRuns::Ask(const Subject& subject, Condition condition, std::int64_t value) {
  Shown& shown = shown_[subject];
  shown.condition = condition;
  if (condition == Condition::kTextOfFault) shown.texts.insert(value);
  wants_name_[subject.name] = true;
  if (condition == Condition::kOverMedian) {
    wants_calls_of_[subject.name] = static_cast<std::uint8_t>(subject.detector + 1);
  }
}

void OtherRuns::Count(const std::vector<Row>& rows) {
  const bool wants_calls = std::any_of(wants_calls_of_.begin(), wants_calls_of_.end(),
                                       [](std::uint8_t detector) { return detector != 0; });
  for (const Row row : rows) {
    CountMeasures(row);
    if (wants_calls) CountCalls(row);
  }
  for (auto& [subject, shown] : shown_) CountTalks(shown);
}

// An agent's traces in a session that has several are parts of a chat.
void OtherRuns::CountTalks(Shown& shown) {
  std::sort(shown.talks.begin(), shown.talks.end());
  for (std::size_t i = 0; i < shown.talks.size(); ++i) {
    const auto& [session, value] = shown.talks[i];
    const bool goes_on =
        session != 0 && ((i > 0 && shown.talks[i - 1].first == session) ||
                         (i + 1 < shown.talks.size() && shown.talks[i + 1].first == session));
    ++shown.count[goes_on ? static_cast<std::int64_t>(ChatOrCall::kIsChat) : value];
  }
}

void OtherRuns::CountMeasures(Row row) {
  const SummaryColumns& c = table_.columns();
  const MeasureColumns& m = c.measures;
  for (std::uint32_t i = c.measure_begin(row); i < c.measure_end[row]; ++i) {
    if (!wants_name_[m.name[i]]) continue;
    const auto found = shown_.find({m.detector[i], c.project[row], m.agent[i], m.name[i]});
    if (found == shown_.end()) continue;
    Shown& shown = found->second;
    const std::int64_t value = m.value[i];
    if (shown.condition == Condition::kOthersCall) {
      shown.talks.emplace_back(table_.session_of(row), value);
      continue;
    }
    const bool is_text = shown.condition == Condition::kTextOfFault &&
                         value > static_cast<std::int64_t>(TextKind::kDifferentTexts);
    if (is_text && !shown.texts.contains(value)) continue;
    shown.count[value] += m.count[i];
  }
}

void OtherRuns::CountCalls(Row row) {
  const SummaryColumns& c = table_.columns();
  for (std::uint32_t i = c.operation_begin(row); i < c.operation_end[row]; ++i) {
    const std::uint8_t detector = wants_calls_of_[c.operations.name[i]];
    if (detector == 0) continue;
    const auto found = shown_.find({static_cast<std::uint8_t>(detector - 1), c.project[row],
                                    c.operations.agent[i], c.operations.name[i]});
    if (found != shown_.end()) found->second.calls += c.operations.count[i];
  }
}

bool OtherRuns::Holds(const Subject& subject, Condition condition, std::int64_t value,
                      std::int64_t limit, bool is_counted) const {
  const auto found = shown_.find(subject);
  if (found == shown_.end()) return false;
  const Shown& shown = found->second;
  switch (condition) {
    case Condition::kNone:
      return true;
    case Condition::kOthersCall: {
      const std::int64_t calls = At(shown.count, ChatOrCall::kCalls);
      const std::int64_t chats = At(shown.count, ChatOrCall::kIsChat);
      const std::int64_t others =
          At(shown.count, ChatOrCall::kAnswersOnly) + calls + chats - is_counted;
      return others >= kFewestRuns && chats * kMostChats <= others &&
             calls * kThousand >= limit * others;
    }
    case Condition::kOverMedian: {
      std::int64_t longer = 0;  // calls that are too long for this one to be an outlier
      for (const auto& [ns, count] : shown.count) {
        if (static_cast<double>(ns) * static_cast<double>(limit) >=
            static_cast<double>(value) * static_cast<double>(kThousand)) {
          longer += count;
        }
      }
      return shown.calls >= kFewestCalls && 2 * longer < shown.calls;
    }
    case Condition::kTextOfFault: {
      const std::int64_t different = At(shown.count, TextKind::kDifferentTexts);
      const std::int64_t others = different + At(shown.count, TextKind::kOneText) - is_counted;
      return At(shown.count, value) == 0 && different > 0 &&
             different * kThousand >= limit * others;
    }
  }
  return false;
}

}  // namespace halo
