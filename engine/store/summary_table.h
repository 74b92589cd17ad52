// SPDX-License-Identifier: MIT
// The newest summary of every trace, in memory, ready for questions. The store fills it from what
// it keeps and tells it what changed; questions (aggregates.h) read it. Thread-compatible: many
// readers, or one writer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/store/question.h"
#include "engine/store/summary_columns.h"

namespace halo {

class SummaryTable {
 public:
  using Row = std::uint32_t;

  // Adds the summaries of an encoded block. A trace that is already there is replaced.
  Result<void> Add(std::string_view block);
  // A trace got more spans that are not analysed yet. Unknown ones are left out.
  void Grow(std::int64_t trace, std::int64_t arrived_ns, std::int64_t source_set);
  // Sets of sources of which all have been read to their end, by id. Replaces what was known.
  void SetCompleteSources(std::vector<bool> complete) { complete_ = std::move(complete); }
  // Outcomes decided by the user, by trace id; an empty project means any. Replaces what was known.
  using Labels = std::unordered_multimap<std::string, std::pair<std::string, Outcome>>;
  void SetLabels(Labels labels);

  const SummaryColumns& columns() const { return columns_; }
  // Of a trace that is there.
  Row RowOfTrace(std::int64_t trace) const {
    return row_of_trace_[static_cast<std::size_t>(trace)] - 1;
  }
  std::size_t rows() const { return columns_.size(); }
  bool live(Row row) const { return live_[row]; }
  bool Settled(Row row, std::int64_t now_ns) const;
  // With labels applied.
  Outcome outcome(Row row) const { return outcome_[row]; }
  OutcomeRule outcome_rule(Row row) const { return outcome_rule_[row]; }

  std::string_view Text(Word word) const { return columns_.words[word]; }
  std::string_view TraceId(Row row) const { return TextAt(columns_.trace_id, row); }
  TraceKey Key(Row row) const {
    return {std::string(Text(columns_.project[row])), std::string(TraceId(row))};
  }

  // Failure modes by a small number in place of their id.
  std::uint32_t mode_count() const { return static_cast<std::uint32_t>(mode_ids_.size()); }
  ModeId mode_id(std::uint32_t mode) const { return mode_ids_[mode]; }
  std::uint32_t mode_of(std::uint32_t finding) const { return mode_of_finding_[finding]; }
  // The same of sessions of a project; 0: the trace has no session.
  std::uint32_t session_count() const { return static_cast<std::uint32_t>(sessions_.size()) + 1; }
  std::uint32_t session_of(Row row) const { return session_of_row_[row]; }

 private:
  void Extend();
  void ApplyLabel(Row row);
  void DropDead();

  SummaryColumns columns_;
  std::vector<bool> complete_;
  Labels labels_;

  std::vector<bool> live_;
  std::size_t dead_ = 0;
  std::vector<Row> row_of_trace_;  // by the store's number of the trace, + 1; 0: none
  std::vector<Outcome> outcome_;
  std::vector<OutcomeRule> outcome_rule_;
  std::unordered_map<ModeId, std::uint32_t> modes_;
  std::vector<ModeId> mode_ids_;
  std::vector<std::uint32_t> mode_of_finding_;
  std::unordered_map<std::uint64_t, std::uint32_t> sessions_;  // by project and session
  std::vector<std::uint32_t> session_of_row_;
};

}  // namespace halo
