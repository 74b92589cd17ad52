// SPDX-License-Identifier: MIT
// What other runs show at the places of findings that depend on them; see Condition. Only what was
// asked for is counted, in one pass over the measures of the runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/summaries/summary_table.h"

namespace halo {

// What is compared: a place, as a detector sees it.
struct Subject {
  std::uint8_t detector = 0;
  StringId project = 0, agent = 0, name = 0;

  bool operator==(const Subject&) const = default;
};

class OtherRuns {
 public:
  explicit OtherRuns(const SummaryTable& table);

  // All must be asked for before Count.
  void Ask(const Subject& subject, Condition condition, std::int64_t value);
  // `rows`: the settled runs.
  void Count(const std::vector<SummaryTable::Row>& rows);
  // Whether a finding holds. `is_counted`: its own run is among those that were counted. Where too
  // few other runs are known it does not.
  bool Holds(const Subject& subject, Condition condition, std::int64_t value, std::int64_t limit,
             bool is_counted) const;

 private:
  struct SubjectHash {
    std::size_t operator()(const Subject& subject) const;
  };
  struct Shown {
    Condition condition = Condition::kNone;
    std::set<std::int64_t> texts;                               // that were asked for
    std::map<std::int64_t, std::int64_t> count;                 // by value
    std::int64_t calls = 0;                                     // for kOverMedian
    std::vector<std::pair<std::uint32_t, std::int64_t>> talks;  // for kOthersCall: session, value
  };
  void CountMeasures(SummaryTable::Row row);
  void CountCalls(SummaryTable::Row row);
  static void CountTalks(Shown& shown);

  const SummaryTable& table_;
  std::unordered_map<Subject, Shown, SubjectHash> shown_;
  std::vector<bool> wants_name_;              // by word, of measures
  std::vector<std::uint8_t> wants_calls_of_;  // by word: the detector + 1 that needs all calls
};

}  // namespace halo
