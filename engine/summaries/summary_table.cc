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
    NumberMode(static_cast<std::uint32_t>(i));
    conditions_ += columns_.findings.condition[i] != 0;
  }
  {
    const std::scoped_lock lock(last_held_->mutex);
    last_held_->dropped.reset();
  }
  if (dead_ > 1024 && dead_ > columns_.size() / 2) DropDead();
}

void SummaryTable::NumberMode(std::uint32_t finding) {
  const FindingColumns& f = columns_.findings;
  const auto [mode, is_new] = modes_.try_emplace(f.mode[finding], mode_count());
  mode_of_finding_.push_back(mode->second);
  if (is_new) {
    mode_ids_.push_back(f.mode[finding]);
    finding_of_mode_.push_back(finding);
    faces_.emplace_back();
  } else if (f.tag[finding] == 0 || f.tag[finding_of_mode_[mode->second]] != 0) {
    return;
  }
  // Any finding with a tag gives the mode its tag, whichever came first.
  finding_of_mode_[mode->second] = finding;
  faces_[mode->second] = FaceOf(
      f.mode[finding], f.detector[finding], static_cast<SignatureKind>(f.signature_kind[finding]),
      Text(f.agent[finding]), Text(f.tool[finding]), Text(f.span_name[finding]),
      Text(f.signature[finding]), Text(f.tag[finding]));
  const std::scoped_lock lock(last_defects_->mutex);
  last_defects_->shown.clear();
}

std::optional<std::uint32_t> SummaryTable::FindMode(ModeId id) const {
  const auto found = modes_.find(id);
  return found == modes_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::uint32_t> SummaryTable::Defects(const std::vector<bool>& shown) const {
  const std::scoped_lock lock(last_defects_->mutex);
  if (!shown.empty() && last_defects_->shown == shown) return last_defects_->defects;
  std::vector<const ModeFace*> faces;
  std::vector<std::uint32_t> modes;
  for (std::uint32_t mode = 0; mode < mode_count(); ++mode) {
    if (!shown[mode]) continue;
    faces.push_back(&faces_[mode]);
    modes.push_back(mode);
  }
  const std::vector<std::uint32_t> groups = GroupVariants(faces);
  std::uint32_t next = groups.empty() ? 0 : *std::max_element(groups.begin(), groups.end()) + 1;
  std::vector<std::uint32_t> defects(mode_count());
  for (std::size_t i = 0; i < modes.size(); ++i) defects[modes[i]] = groups[i];
  for (std::uint32_t mode = 0; mode < mode_count(); ++mode) {
    if (!shown[mode]) defects[mode] = next++;
  }
  last_defects_->shown = shown;
  last_defects_->defects = defects;
  return defects;
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
  finding_of_mode_.clear();
  faces_.clear();
  conditions_ = 0;
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
