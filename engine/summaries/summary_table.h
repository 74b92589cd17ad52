// SPDX-License-Identifier: MIT
// The newest summary of every trace, in memory. The store fills and updates it; questions
// (aggregates.h) read it. Thread-compatible: many readers or one writer.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/question.h"
#include "engine/summaries/mode_variants.h"
#include "engine/summaries/summary_codec.h"
#include "engine/summaries/summary_columns.h"

namespace halo {

class SummaryTable {
 public:
  using Row = std::uint32_t;

  // kRead also loads the timings of operations, which are most of the stored bytes.
  enum class Timings : bool { kSkip, kRead };
  explicit SummaryTable(Timings timings = Timings::kSkip) : timings_(timings) {}
  bool has_timings() const { return timings_ == Timings::kRead; }

  // The detail of the blocks that Add takes.
  Detail detail() const { return has_timings() ? Detail::kTimings : Detail::kCore; }
  // Adds the summaries of a block, replacing those of traces that are already present.
  Result<void> Add(const ColumnBlock& block);
  // Reserves memory for this many traces in all. Call it after adding the first block.
  void Reserve(std::size_t traces) { halo::Reserve(traces, columns_); }
  // Records that a trace got more spans, which are not analysed yet. Ignores unknown traces.
  void Grow(std::int64_t trace, std::int64_t arrived_ns, std::int64_t source_set);
  // Sets, by id, which sets of sources have been read to their end.
  void SetCompleteSources(std::vector<bool> complete) { complete_ = std::move(complete); }
  // Outcomes that the user decided, by trace id; an empty project means any.
  struct Label {
    std::string project;
    Outcome outcome = Outcome::kUnknown;  // kUnknown takes back those with smaller numbers
    std::int64_t number = 0;              // larger is later
  };
  using Labels = std::unordered_multimap<std::string, Label>;
  void SetLabels(Labels labels);

  const SummaryColumns& columns() const { return columns_; }
  // The trace must be present.
  Row RowOfTrace(std::int64_t trace) const {
    return row_of_trace_[static_cast<std::size_t>(trace)] - 1;
  }
  std::size_t rows() const { return columns_.size(); }
  std::size_t live_rows() const { return rows() - dead_; }
  bool live(Row row) const { return live_[row]; }
  RunState State(Row row, const Question& question) const;
  // With labels applied.
  Outcome outcome(Row row) const { return outcome_[row]; }
  OutcomeRule outcome_rule(Row row) const { return outcome_rule_[row]; }

  std::string_view Text(StringId word) const { return columns_.words[word]; }
  std::string_view IdText(StringId id) const { return columns_.ids[id]; }
  std::string_view TraceId(Row row) const { return TextAt(columns_.trace_id, row); }
  TraceKey Key(Row row) const {
    return {std::string(Text(columns_.project[row])), std::string(TraceId(row))};
  }

  // Failure modes, numbered from 0.
  std::uint32_t mode_count() const { return static_cast<std::uint32_t>(mode_ids_.size()); }
  ModeId mode_id(std::uint32_t mode) const { return mode_ids_[mode]; }
  std::uint32_t mode_of(std::uint32_t finding) const { return mode_of_finding_[finding]; }
  // Any finding of a mode.
  std::uint32_t finding_of(std::uint32_t mode) const { return finding_of_mode_[mode]; }
  std::optional<std::uint32_t> FindMode(ModeId id) const;
  // The number of the defect of each mode, given which modes are shown; any other mode is a defect
  // of its own.
  std::vector<std::uint32_t> Defects(const std::vector<bool>& shown) const;
  // Whether some findings depend on what other runs show, and the last answer of HeldFindings.
  bool has_conditions() const { return conditions_ > 0; }
  struct LastHeld {
    std::mutex mutex;
    std::vector<Row> settled;                          // the runs that decided it
    std::shared_ptr<const std::vector<bool>> dropped;  // by finding; null: not known
  };
  LastHeld& last_held() const { return *last_held_; }
  // Sessions, numbered from 1 across projects; 0: the trace has none.
  std::uint32_t session_count() const { return sessions_ + 1; }
  std::uint32_t session_of(Row row) const { return session_of_row_[row]; }
  // Distinct sets of eligible detectors, numbered from 0.
  std::uint32_t eligible_count() const { return static_cast<std::uint32_t>(eligible_.size()); }
  std::uint64_t eligible(std::uint32_t set) const { return eligible_[set]; }
  std::uint32_t eligible_of(Row row) const { return eligible_of_row_[row]; }

 private:
  void Extend();
  std::uint32_t NumberSession(Row row);
  void NumberMode(std::uint32_t finding);
  void ApplyLabel(Row row);
  void DropDead();

  Timings timings_;
  SummaryColumns columns_;
  std::vector<bool> complete_;
  Labels labels_;

  std::vector<bool> live_;
  std::size_t dead_ = 0;
  std::vector<Row> row_of_trace_;  // row + 1 by the store's number of the trace; 0: none
  std::vector<Outcome> outcome_;
  std::vector<OutcomeRule> outcome_rule_;
  std::unordered_map<ModeId, std::uint32_t> modes_;
  std::vector<ModeId> mode_ids_;
  std::vector<std::uint32_t> mode_of_finding_;
  std::vector<std::uint32_t> finding_of_mode_;
  std::vector<ModeFace> faces_;  // by mode
  // The last answer of Defects, which many questions ask for in turn.
  struct LastDefects {
    std::mutex mutex;
    std::vector<bool> shown;
    std::vector<std::uint32_t> defects;
  };
  std::unique_ptr<LastDefects> last_defects_ = std::make_unique<LastDefects>();
  std::size_t conditions_ = 0;
  std::unique_ptr<LastHeld> last_held_ = std::make_unique<LastHeld>();
  // An id is nearly always a session of a single project.
  struct SessionNumber {
    StringId project = 0;
    std::uint32_t number = 0;
  };
  std::uint32_t sessions_ = 0;
  std::vector<SessionNumber> session_of_id_;
  std::unordered_map<std::uint64_t, std::uint32_t> other_sessions_;  // by project and id
  std::vector<std::uint32_t> session_of_row_;
  std::vector<std::int64_t> last_start_ns_;  // of the traces of each session
  std::unordered_map<std::uint64_t, std::uint32_t> eligible_numbers_;
  std::vector<std::uint64_t> eligible_;
  std::vector<std::uint32_t> eligible_of_row_;
};

}  // namespace halo
