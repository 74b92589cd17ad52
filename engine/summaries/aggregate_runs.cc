// SPDX-License-Identifier: MIT
#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>

#include "engine/summaries/aggregates.h"
#include "engine/summaries/eligibility.h"
#include "engine/summaries/eligible_units.h"
#include "engine/summaries/entries.h"
#include "engine/summaries/find_units.h"
#include "engine/summaries/population.h"
#include "engine/summaries/selection.h"

namespace halo {
namespace {

using Row = SummaryTable::Row;

// What the answer is, by unit.
class RunsAnswer {
 public:
  RunsAnswer(const SummaryTable& table, const Question& question,
             std::span<const FixTarget> targets)
      : table_(table),
        c_(table.columns()),
        row_units_(table, question.units),
        population_(table, question, row_units_),
        entries_(table, question),
        targets_(targets.first(std::min(targets.size(), kMaxFixTargets))) {}

  ObservedRuns Answer(const std::vector<Row>& after) {
    Describe(after);
    AddFindings();
    AddEligible();
    return std::move(out_);
  }

 private:
  void Describe(const std::vector<Row>& after) {
    const std::vector<Row>& rows = population_.rows();
    const Units units = MakeUnits(table_, rows, row_units_);
    const UnitFacts facts = FactsOfUnits(table_, rows, units);
    const std::unordered_set<Row> is_after(after.begin(), after.end());
    std::vector<bool> unpriced(units.count), without_usage(units.count), known(units.count);
    out_.runs.resize(units.count);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Row row = rows[i];
      const std::uint32_t unit = population_.unit(i);
      ObservedRun& run = out_.runs[unit];
      const bool first =
          !known[unit] || std::pair(c_.start_ns[row], table_.TraceId(row)) <
                              std::pair(run.start_ns, std::string_view(run.key.trace_id));
      if (first) DescribeFirst(row, run);
      known[unit] = true;
      run.arrived_ns = std::max(run.arrived_ns, c_.arrived_ns[row]);
      run.after = run.after || is_after.contains(row);
      run.tokens += c_.usage.input[row] + c_.usage.output[row];
      run.nano_usd += c_.nano_usd[row];
      run.duration_ns += LengthNs(c_.start_ns[row], c_.end_ns[row]);
      without_usage[unit] =
          without_usage[unit] || c_.Health(&HealthCounts::llm_without_tokens)[row] > 0;
      unpriced[unit] = unpriced[unit] || c_.unpriced_calls[row] > 0;
    }
    for (std::uint32_t unit = 0; unit < units.count; ++unit) {
      ObservedRun& run = out_.runs[unit];
      run.outcome = facts.outcome[unit];
      if (without_usage[unit]) run.tokens = kUnknownAmount;
      if (unpriced[unit] || without_usage[unit]) run.nano_usd = kUnknownAmount;
      if (run.duration_ns <= 0) run.duration_ns = kUnknownAmount;
    }
  }

  void DescribeFirst(Row row, ObservedRun& run) const {
    run.key = table_.Key(row);
    run.start_ns = c_.start_ns[row];
    run.task = table_.IdText(c_.task[row]);
    run.session = table_.IdText(c_.session[row]);
    run.name = table_.IdText(c_.name[row]);
    run.version = table_.Text(c_.version[row]);
    run.models.clear();
    for (const StringId model : c_.models[row]) {
      run.models.append(run.models.empty() ? "" : ", ").append(table_.Text(model));
    }
  }

  void AddFindings() {
    std::vector<std::uint64_t> own(table_.mode_count()), foreseen(own), in_entry(entries_.size());
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      const std::uint64_t bit = std::uint64_t{1} << i;
      out_.entries.push_back(0);
      const auto mark = [&](const std::vector<ModeId>& modes, std::vector<std::uint64_t>& bits) {
        for (const ModeId id : modes) {
          if (const auto mode = table_.FindMode(id)) bits[*mode] |= bit;
        }
      };
      mark(targets_[i].modes, own);
      mark(targets_[i].effects, foreseen);
      for (const ModeId id : targets_[i].modes) {
        const std::optional<std::uint32_t> entry = entries_.Find(id);
        if (!entry) continue;
        in_entry[*entry] |= bit;
        if (out_.entries[i] == 0) out_.entries[i] = entries_.Id(*entry);
      }
    }
    const std::vector<Row>& rows = population_.rows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ObservedRun& run = out_.runs[population_.unit(i)];
      for (std::uint32_t f = c_.finding_begin(rows[i]); f < c_.finding_end[rows[i]]; ++f) {
        const std::uint32_t mode = table_.mode_of(f), entry = entries_.Of(mode);
        run.affected |= own[mode];
        if (!entries_.IsEffect(mode)) run.varied |= in_entry[entry] & ~own[mode] & ~foreseen[mode];
        const ModeId id = entries_.Id(entry);
        const bool is_new =
            std::find(run.entries.begin(), run.entries.end(), id) == run.entries.end();
        if (is_new) run.entries.push_back(id);
      }
    }
    for (ObservedRun& run : out_.runs) std::sort(run.entries.begin(), run.entries.end());
  }

  // As for the rates of entries: a run that shows the target is eligible, whatever its detector
  // says.
  void AddEligible() {
    std::vector<std::uint32_t> findings;
    for (const FixTarget& target : targets_) {
      for (const ModeId id : target.modes) {
        if (const auto mode = table_.FindMode(id)) findings.push_back(table_.finding_of(*mode));
      }
    }
    const Eligibility eligibility(population_, findings);
    const Clusters clusters(population_);
    EligibleUnits eligible(population_, clusters);
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      std::vector<EligibleSlot> slots;
      EligibleBy by{};
      for (const ModeId id : targets_[i].modes) {
        if (const auto mode = table_.FindMode(id)) {
          slots.push_back(eligibility.Of(table_.finding_of(*mode), by));
        }
      }
      eligible.Set(eligibility, slots);
      const std::uint64_t bit = std::uint64_t{1} << i;
      for (std::uint32_t unit = 0; unit < out_.runs.size(); ++unit) {
        ObservedRun& run = out_.runs[unit];
        if (eligible.Has(unit) || (run.affected & bit) != 0) run.eligible |= bit;
      }
    }
  }

  const SummaryTable& table_;
  const SummaryColumns& c_;
  const RowUnits row_units_;
  const Population population_;
  const Entries entries_;
  const std::span<const FixTarget> targets_;
  ObservedRuns out_;
};

}  // namespace

ObservedRuns AnswerRuns(const SummaryTable& table, const Question& question,
                        const TraceFilter& after, std::span<const FixTarget> targets) {
  Question with = question;
  with.filter = after;
  return RunsAnswer(table, question, targets).Answer(MatchingRows(table, with));
}

}  // namespace halo
