// SPDX-License-Identifier: MIT
#include "engine/summaries/summary_table.h"

#include <algorithm>

#include "engine/model/reading.h"

namespace halo {

Result<void> SummaryTable::Add(const ColumnBlock& block) {
  Result<void> added = AppendColumns(block, columns_);
  if (added) Extend();
  return added;
}

// Updates the derived members for new rows.
void SummaryTable::Extend() {
  for (std::size_t i = live_.size(); i < columns_.size(); ++i) {
    const Row row = static_cast<Row>(i);
    live_.push_back(true);
    const auto trace = static_cast<std::size_t>(columns_.trace_row[row]);
    if (trace >= row_of_trace_.size()) row_of_trace_.resize(trace * 2 + 64, 0);
    if (const Row before = row_of_trace_[trace]; before != 0) {
      live_[before - 1] = false;
      ++dead_;
    }
    row_of_trace_[trace] = row + 1;

    outcome_.push_back(Outcome::kUnknown);
    outcome_rule_.push_back(OutcomeRule::kNone);
    ApplyLabel(row);

    session_of_row_.push_back(NumberSession(row));
    last_start_ns_.resize(sessions_ + std::size_t{1}, 0);
    std::int64_t& last_ns = last_start_ns_[session_of_row_.back()];
    last_ns = std::max(last_ns, columns_.start_ns[row]);
    const auto [set, is_new] =
        eligible_numbers_.try_emplace(columns_.eligible[row], eligible_count());
    if (is_new) eligible_.push_back(columns_.eligible[row]);
    eligible_of_row_.push_back(set->second);
  }
  for (std::size_t i = mode_of_finding_.size(); i < columns_.findings.size(); ++i) {
    const ModeId id = columns_.findings.mode[i];
    const auto [mode, is_new] = modes_.try_emplace(id, mode_count());
    if (is_new) mode_ids_.push_back(id);
    mode_of_finding_.push_back(mode->second);
  }
  if (dead_ > 1024 && dead_ > columns_.size() / 2) DropDead();
}

std::uint32_t SummaryTable::NumberSession(Row row) {
  const StringId id = columns_.session[row], project = columns_.project[row];
  if (id == 0) return 0;
  if (id >= session_of_id_.size()) session_of_id_.resize(columns_.ids.size());
  SessionNumber& first = session_of_id_[id];
  if (first.number == 0) first = {project, ++sessions_};
  if (first.project == project) return first.number;
  const auto [other, is_new] =
      other_sessions_.try_emplace(std::uint64_t{project} << 32 | id, sessions_ + 1);
  if (is_new) ++sessions_;
  return other->second;
}

void SummaryTable::DropDead() {
  SummaryColumns all = std::exchange(columns_, {});
  const std::vector<bool> keep = std::exchange(live_, {});
  AppendRows(all, keep, columns_);
  dead_ = 0;
  row_of_trace_.clear();
  outcome_.clear();
  outcome_rule_.clear();
  modes_.clear();
  mode_ids_.clear();
  mode_of_finding_.clear();
  sessions_ = 0;
  session_of_id_.clear();
  other_sessions_.clear();
  session_of_row_.clear();
  last_start_ns_.clear();
  eligible_numbers_.clear();
  eligible_.clear();
  eligible_of_row_.clear();
  Extend();
}

void SummaryTable::Grow(std::int64_t trace, std::int64_t arrived_ns, std::int64_t source_set) {
  const auto index = static_cast<std::size_t>(trace);
  if (index >= row_of_trace_.size() || row_of_trace_[index] == 0) return;
  const Row row = row_of_trace_[index] - 1;
  columns_.arrived_ns[row] = arrived_ns;
  columns_.source_set[row] = source_set;
}

void SummaryTable::SetLabels(Labels labels) {
  labels_ = std::move(labels);
  for (std::size_t row = 0; row < columns_.size(); ++row) ApplyLabel(static_cast<Row>(row));
}

void SummaryTable::ApplyLabel(Row row) {
  outcome_[row] = static_cast<Outcome>(columns_.outcome[row]);
  outcome_rule_[row] = static_cast<OutcomeRule>(columns_.outcome_rule[row]);
  if (labels_.empty()) return;
  const std::string_view project = Text(columns_.project[row]);
  const auto [begin, end] = labels_.equal_range(std::string(TraceId(row)));
  const Label* last = nullptr;
  for (auto it = begin; it != end; ++it) {
    const Label& label = it->second;
    if (!label.project.empty() && label.project != project) continue;
    if (last == nullptr || label.number > last->number) last = &label;
  }
  if (last == nullptr || last->outcome == Outcome::kUnknown) return;
  outcome_[row] = last->outcome;
  outcome_rule_[row] = OutcomeRule::kLabel;
}

RunState SummaryTable::State(Row row, const Question& question) const {
  const auto set = static_cast<std::size_t>(columns_.source_set[row]);
  const bool is_complete = set < complete_.size() && complete_[set];
  constexpr auto kFromLog = static_cast<std::size_t>(Reading::kFromLog);
  if (columns_.readings[kFromLog][row] == columns_.span_count[row]) {
    const std::uint32_t session = session_of_row_[row];
    const bool has_next = session != 0 && last_start_ns_[session] > columns_.start_ns[row];
    return LogStateOf(has_next, is_complete, columns_.arrived_ns[row], question.now_ns,
                      question.settle);
  }
  return StateOf(columns_.root_ended[row] != 0, is_complete, columns_.arrived_ns[row],
                 question.now_ns, question.settle);
}

}  // namespace halo
