// SPDX-License-Identifier: MIT
#include "engine/summaries/entries.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_map>

#include "engine/summaries/doubts.h"
#include "engine/summaries/find_units.h"
#include "engine/summaries/selection.h"

namespace halo {
namespace {

using Row = SummaryTable::Row;
constexpr std::uint32_t kNone = UINT32_MAX;

// All runs that the question may see.
Question ScopeOf(const Question& question) {
  Question scope = question;
  scope.filter = {};
  scope.filter.project = question.filter.project;
  scope.filter.bound_projects = question.filter.bound_projects;
  scope.filter.bound_services = question.filter.bound_services;
  return scope;
}

// The surest finding of each mode in these traces; that of any of its findings if none shows it.
std::vector<Confidence> SureModes(const SummaryTable& table, const Doubts& doubts,
                                  const HeldFindings& held, const std::vector<Row>& rows) {
  const SummaryColumns& c = table.columns();
  std::vector<Confidence> out(table.mode_count());
  for (std::uint32_t mode = 0; mode < table.mode_count(); ++mode) {
    out[mode] = static_cast<Confidence>(c.findings.confidence[table.finding_of(mode)]);
  }
  if (!doubts.any()) return out;  // a mode is of one detector
  std::vector<bool> seen(out.size());
  for (const Row row : rows) {
    for (std::uint32_t f = c.finding_begin(row); f < c.finding_end[row]; ++f) {
      if (!held.Has(f)) continue;
      const std::uint32_t mode = table.mode_of(f);
      const Confidence sure = doubts.Of(row, f);
      out[mode] = seen[mode] ? std::min(out[mode], sure) : sure;
      seen[mode] = true;
    }
  }
  return out;
}

// Findings of one defect in the turns of another.
struct Shared {
  std::int64_t findings = 0;
  std::int64_t preceded = 0;  // that the other one precedes
};

class Turns {
 public:
  Turns(const SummaryTable& table, const HeldFindings& held, const std::vector<Confidence>& sure,
        const std::vector<std::uint32_t>& defect_of, std::uint32_t defects)
      : table_(table),
        held_(held),
        c_(table.columns()),
        defect_of_(defect_of),
        findings_(defects),
        candidate_(defects, true) {
    for (std::uint32_t mode = 0; mode < table.mode_count(); ++mode) {
      if (sure[mode] != Confidence::kCandidate) candidate_[defect_of[mode]] = false;
    }
  }

  void Add(Row row) {
    const std::uint32_t begin = c_.finding_begin(row), end = c_.finding_end[row];
    for (std::uint32_t f = begin; f < end; ++f) {
      if (!held_.Has(f)) continue;
      const std::uint32_t defect = defect_of_[table_.mode_of(f)];
      ++findings_[defect];
      others_.clear();
      for (const std::uint32_t mate : c_.findings.lies_in[f]) {
        if (mate / 2 >= end - begin) continue;  // of damaged data
        if (!held_.Has(begin + mate / 2)) continue;
        const std::uint32_t other = defect_of_[table_.mode_of(begin + mate / 2)];
        if (other == defect) continue;
        const auto known = std::find_if(others_.begin(), others_.end(),
                                        [&](const auto& each) { return each.first == other; });
        if (known == others_.end()) {
          others_.emplace_back(other, mate % 2 == 1);
        } else {
          known->second = known->second || mate % 2 == 1;
        }
      }
      for (const auto& [other, preceded] : others_) {
        Shared& shared = shared_[std::uint64_t{defect} << 32 | other];
        ++shared.findings;
        shared.preceded += preceded;
      }
    }
  }

  // The cause of each defect, or kNone. `before`: the order of defects in which ties are broken.
  std::vector<std::uint32_t> Causes(const std::vector<std::uint32_t>& before) const {
    struct Candidate {
      std::uint32_t effect, cause;
      Shared shared;
    };
    std::vector<Candidate> candidates;
    for (const auto& [pair, shared] : shared_) {
      const auto effect = static_cast<std::uint32_t>(pair >> 32);
      const auto cause = static_cast<std::uint32_t>(pair);
      if (!LiesIn(effect, shared) || !MayCause(cause, effect)) continue;
      const auto back = shared_.find(std::uint64_t{cause} << 32 | effect);
      if (back != shared_.end() && LiesIn(cause, back->second) && MayCause(effect, cause)) {
        const bool follows = shared.preceded != back->second.preceded
                                 ? shared.preceded > back->second.preceded
                                 : before[cause] < before[effect];
        if (!follows) continue;
      }
      candidates.push_back({effect, cause, shared});
    }
    std::sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
      return std::tuple(before[a.effect], -a.shared.findings, -a.shared.preceded, before[a.cause]) <
             std::tuple(before[b.effect], -b.shared.findings, -b.shared.preceded, before[b.cause]);
    });
    std::vector<std::uint32_t> cause_of(findings_.size(), kNone);
    for (const Candidate& candidate : candidates) {
      if (cause_of[candidate.effect] != kNone) continue;
      std::uint32_t top = candidate.cause;
      while (cause_of[top] != kNone) top = cause_of[top];
      if (top != candidate.effect) cause_of[candidate.effect] = candidate.cause;
    }
    return cause_of;
  }

 private:
  bool MayCause(std::uint32_t cause, std::uint32_t effect) const {
    return !candidate_[cause] || candidate_[effect];
  }

  bool LiesIn(std::uint32_t effect, const Shared& shared) const {
    return shared.findings * 5 >= findings_[effect] * 4;
  }

  const SummaryTable& table_;
  const HeldFindings& held_;
  const SummaryColumns& c_;
  const std::vector<std::uint32_t>& defect_of_;
  std::vector<std::int64_t> findings_;                  // by defect
  std::vector<bool> candidate_;                         // by defect
  std::unordered_map<std::uint64_t, Shared> shared_;    // by effect and cause
  std::vector<std::pair<std::uint32_t, bool>> others_;  // of one finding
};

}  // namespace

Entries::Entries(const SummaryTable& table, const Question& question)
    : table_(table), held_(table, question) {
  const SummaryColumns& c = table.columns();
  const Question scope = ScopeOf(question);
  const RowUnits units(table, question.units);
  const std::vector<Row> rows =
      RunsAmong(table, SettledRows(table, MatchingRows(table, scope), scope, units), units);
  const std::uint32_t modes = table.mode_count();
  std::vector<std::int64_t> first_ns(modes, INT64_MAX);
  std::vector<bool> shown(modes);
  for (const Row row : rows) {
    for (std::uint32_t f = c.finding_begin(row); f < c.finding_end[row]; ++f) {
      if (!held_.Has(f)) continue;
      const std::uint32_t mode = table.mode_of(f);
      shown[mode] = true;
      if (c.start_ns[row] > 0) first_ns[mode] = std::min(first_ns[mode], c.start_ns[row]);
    }
  }
  const std::vector<std::uint32_t> defect_of = table.Defects(shown);
  const std::uint32_t defects =
      modes == 0 ? 0 : *std::max_element(defect_of.begin(), defect_of.end()) + 1;

  // Modes are numbered in the order of arrival, which must not matter: defects are compared by
  // their smallest id.
  std::vector<ModeId> id_of(defects, UINT64_MAX);
  for (std::uint32_t mode = 0; mode < modes; ++mode) {
    ModeId& id = id_of[defect_of[mode]];
    id = std::min(id, table.mode_id(mode));
  }
  std::vector<std::uint32_t> order(defects), before(defects);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return id_of[a] < id_of[b]; });
  for (std::uint32_t i = 0; i < defects; ++i) before[order[i]] = i;

  sure_ = SureModes(table, Doubts(table, question), held_, rows);
  Turns turns(table, held_, sure_, defect_of, defects);
  for (const Row row : rows) turns.Add(row);
  Number(defect_of, turns.Causes(before), first_ns);
}

void Entries::Number(const std::vector<std::uint32_t>& defect_of,
                     const std::vector<std::uint32_t>& cause,
                     const std::vector<std::int64_t>& first_ns) {
  const auto modes = static_cast<std::uint32_t>(defect_of.size());
  std::vector<std::uint32_t> entry_of_top(cause.size(), kNone);
  entry_of_.resize(modes);
  is_effect_.resize(modes);
  for (std::uint32_t mode = 0; mode < modes; ++mode) {
    std::uint32_t top = defect_of[mode];
    while (cause[top] != kNone) top = cause[top];
    is_effect_[mode] = top != defect_of[mode];
    if (entry_of_top[top] == kNone) {
      entry_of_top[top] = size();
      heads_.push_back(kNone);
      confidence_.push_back(Confidence::kCandidate);
    }
    entry_of_[mode] = entry_of_top[top];
    if (!is_effect_[mode]) {
      Confidence& surest = confidence_[entry_of_[mode]];
      surest = std::min(surest, sure_[mode]);
    }
    std::uint32_t& head = heads_[entry_of_[mode]];
    const auto seen = [&](std::uint32_t m) { return std::pair(first_ns[m], table_.mode_id(m)); };
    if (!is_effect_[mode] && (head == kNone || seen(mode) < seen(head))) head = mode;
  }
  counts_.resize(modes);
  for (std::uint32_t mode = 0; mode < modes; ++mode) {
    counts_[mode] = sure_[mode] != Confidence::kCandidate ||
                    confidence_[entry_of_[mode]] == Confidence::kCandidate;
  }
  begin_.assign(heads_.size() + 1, 0);
  for (const std::uint32_t entry : entry_of_) ++begin_[entry + 1];
  std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
  members_.resize(modes);
  std::vector<std::uint32_t> at(begin_.begin(), begin_.end() - 1);
  for (std::uint32_t mode = 0; mode < modes; ++mode) members_[at[entry_of_[mode]]++] = mode;
}

std::optional<std::uint32_t> Entries::Find(ModeId id) const {
  const std::optional<std::uint32_t> mode = table_.FindMode(id);
  if (!mode) return std::nullopt;
  return entry_of_[*mode];
}

std::vector<Row> RowsOfEntry(const SummaryTable& table, const Question& question, ModeId id,
                             std::vector<Row> rows) {
  const Entries entries(table, question);
  const std::optional<std::uint32_t> entry = entries.Find(id);
  const SummaryColumns& c = table.columns();
  std::erase_if(rows, [&](Row row) {
    if (!entry) return true;
    for (std::uint32_t f = c.finding_begin(row); f < c.finding_end[row]; ++f) {
      const std::uint32_t mode = table.mode_of(f);
      if (entries.Holds(f) && entries.Of(mode) == *entry && entries.Counts(mode)) return false;
    }
    return true;
  });
  return rows;
}

}  // namespace halo
