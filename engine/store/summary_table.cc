// SPDX-License-Identifier: MIT
#include "engine/store/summary_table.h"

namespace halo {

Result<void> SummaryTable::Add(std::string_view block) {
  const Result<void> decoded = DecodeColumns(block, Evidence::kSkip, columns_);
  if (decoded) Extend();
  return decoded;
}

// Derives what depends on rows that are new.
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

    std::uint32_t session = 0;
    if (columns_.session[row] != 0) {
      const std::uint64_t key = std::uint64_t{columns_.project[row]} << 32 | columns_.session[row];
      session = sessions_.try_emplace(key, static_cast<std::uint32_t>(sessions_.size()) + 1)
                    .first->second;
    }
    session_of_row_.push_back(session);
  }
  for (std::size_t i = mode_of_finding_.size(); i < columns_.findings.size(); ++i) {
    const ModeId id = columns_.findings.mode[i];
    const auto [mode, is_new] = modes_.try_emplace(id, mode_count());
    if (is_new) mode_ids_.push_back(id);
    mode_of_finding_.push_back(mode->second);
  }
  if (dead_ > 1024 && dead_ > columns_.size() / 2) DropDead();
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
  sessions_.clear();
  session_of_row_.clear();
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
  // A label that names the project comes before one that does not.
  bool named = false;
  for (auto label = begin; label != end; ++label) {
    const auto& [of_project, outcome] = label->second;
    if (of_project != project && (!of_project.empty() || named)) continue;
    named = named || of_project == project;
    outcome_[row] = outcome;
    outcome_rule_[row] = OutcomeRule::kLabel;
  }
}

bool SummaryTable::Settled(Row row, std::int64_t now_ns) const {
  const auto set = static_cast<std::size_t>(columns_.source_set[row]);
  if (set < complete_.size() && complete_[set]) return true;
  return columns_.root_ended[row] != 0 && now_ns - columns_.arrived_ns[row] >= kSettleNs;
}

}  // namespace halo
