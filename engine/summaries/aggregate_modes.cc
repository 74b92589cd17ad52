// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <utility>

#include "engine/base/parallel.h"
#include "engine/summaries/aggregates.h"
#include "engine/summaries/eligibility.h"
#include "engine/summaries/entries.h"
#include "engine/summaries/find_units.h"
#include "engine/summaries/mode_members.h"
#include "engine/summaries/population.h"
#include "engine/summaries/selection.h"
#include "engine/summaries/stretches.h"
#include "engine/summaries/tallies.h"

namespace halo {
namespace {

using Row = SummaryTable::Row;

constexpr std::size_t kExamples = 5;
constexpr std::size_t kRowsForThreads = 4096;

// A finding in a settled row, with the fields that are summed. Findings are read once in the order
// of the columns, and then processed entry by entry.
struct Hit {
  std::uint32_t index;  // into the rows
  std::uint32_t mode, finding;
  Waste waste;
  std::int32_t occurrences;
  StringId tag;
  StoredFinding::Decided decided;
};

Hit HitOf(const FindingColumns& f, std::uint32_t index, std::uint32_t finding, std::uint32_t mode) {
  return {index,
          mode,
          finding,
          {f.waste_tokens[finding], f.waste_nano_usd[finding], f.waste_critical_ns[finding]},
          f.occurrences[finding],
          f.tag[finding],
          static_cast<StoredFinding::Decided>(f.decided_outcome[finding])};
}

// What the answers for all entries share.
struct Whole {
  const Population& population;
  const Entries& entries;
  const Eligibility& eligibility;
  const EligibleUnits& units;  // all
};

// Answers for one entry.
class ModeAnswer {
 public:
  ModeAnswer(const Whole& whole, std::uint32_t entry, Tallies& tallies, std::vector<Hit> hits,
             std::vector<std::uint32_t> aside)
      : whole_(whole),
        population_(whole.population),
        table_(population_.table()),
        c_(table_.columns()),
        entry_(entry),
        tallies_(tallies),
        hits_(std::move(hits)),
        aside_(std::move(aside)) {}

  // tallies.eligible must hold the units that are eligible for the entry.
  ModeStats Answer() {
    GroupByUnit();
    ModeMember head = DescribeMode(table_, whole_.entries.Head(entry_));
    out_.id = head.id;
    out_.confidence = whole_.entries.ConfidenceOf(entry_);
    out_.detector = head.detector;
    out_.locus = std::move(head.locus);
    out_.signature = std::move(head.signature);
    CountTraces();
    CountStretches();
    AddMembers();
    CountUnits();
    CountEligible();
    CountOutcomes();
    ChooseExamples();
    return std::move(out_);
  }

 private:
  struct UnitHit {
    std::uint32_t unit;
    Waste waste;
    bool decided = false;
    bool only_effects = true;
  };

  void GroupByUnit() {
    if (!population_.single()) {
      std::stable_sort(hits_.begin(), hits_.end(), [&](const Hit& a, const Hit& b) {
        return population_.unit(a.index) < population_.unit(b.index);
      });
    }
    for (const Hit& hit : hits_) {
      const std::uint32_t unit = population_.unit(hit.index);
      if (units_.empty() || units_.back().unit != unit) units_.push_back({unit, {}});
      UnitHit& last = units_.back();
      last.waste += hit.waste;
      // Effects count only where the defect itself has no finding.
      const bool is_effect = whole_.entries.IsEffect(hit.mode);
      if (is_effect && !last.only_effects) continue;
      if (!is_effect && std::exchange(last.only_effects, false)) last.decided = false;
      // A label overrides an outcome decided by the trace's own spans.
      last.decided = last.decided || hit.decided == StoredFinding::Decided::kByEvaluator ||
                     (hit.decided == StoredFinding::Decided::kBySpan &&
                      population_.rule(unit) != OutcomeRule::kLabel);
    }
  }

  void CountTraces() {
    tallies_.Clear();
    for (const std::uint32_t mode : aside_) tallies_.modes.Add(mode + 1);
    std::uint32_t last = UINT32_MAX;
    out_.first_ns = INT64_MAX;
    out_.last_ns = INT64_MIN;
    for (const Hit& hit : hits_) {
      out_.occurrences += hit.occurrences;
      tallies_.modes.Add(hit.mode + 1);
      if (!whole_.entries.IsEffect(hit.mode)) {
        tallies_.tags.Add(hit.tag);
        untagged_ += hit.tag == 0;
      }
      if (hit.index == last) continue;
      last = hit.index;
      traces_.push_back(hit.index);
      const Run& run = population_.run(hit.index);
      if (run.start_ns > 0) out_.first_ns = std::min(out_.first_ns, run.start_ns);
      out_.last_ns = std::max(out_.last_ns, run.start_ns);
      tallies_.tasks.Add(run.task);
      tallies_.versions.Add(run.version);
      tallies_.sessions.Add(run.session);
      const Row row = population_.rows()[hit.index];
      for (const StringId agent : c_.agents[row]) tallies_.agents.Add(agent);
      for (const StringId model : c_.models[row]) tallies_.models.Add(model);
    }
    out_.traces = static_cast<std::int64_t>(traces_.size());
    out_.tasks = tallies_.tasks.distinct();
    out_.versions = tallies_.versions.distinct();
    out_.sessions = tallies_.sessions.distinct();
    out_.agents = tallies_.agents.distinct();
    out_.models = MostFirst(tallies_.models);
    out_.tag = MostFrequentTag();
  }

  void CountStretches() {
    std::vector<std::pair<std::int64_t, std::int64_t>> calls;
    for (const Hit& hit : hits_) {
      const std::int64_t at_ns = c_.findings.at_ns[hit.finding];
      if (at_ns > 0) calls.emplace_back(at_ns, at_ns + c_.findings.value[hit.finding]);
    }
    const Stretches found = FindStretches(std::move(calls));
    out_.stretches = found.count;
    out_.largest_stretch = found.largest;
  }

  // Findings without a tag count for the empty tag.
  std::string MostFrequentTag() const {
    const auto by_count = MostFirst(tallies_.tags);
    if (by_count.empty() || untagged_ >= by_count.front().second) return {};
    return by_count.front().first;
  }

  std::vector<std::pair<std::string, std::int64_t>> MostFirst(const Tally& tally) const {
    std::vector<std::pair<std::string, std::int64_t>> sorted;
    for (const StringId word : tally.seen()) {
      sorted.emplace_back(std::string(table_.Text(word)), tally[word]);
    }
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    return sorted;
  }

  // A mode has at most one finding in a trace.
  void AddMembers() {
    AddMembersTo(out_, whole_.entries, entry_, table_,
                 [&](std::uint32_t mode) { return tallies_.modes[mode + 1]; });
  }

  void CountUnits() {
    out_.units = static_cast<std::int64_t>(units_.size());
    out_.trend_all = population_.trend();
    out_.trend_from_ns = population_.first_ns();
    out_.trend_last_ns = population_.last_ns();
    out_.trend_part_ns = population_.part_ns();
    std::vector<std::int64_t> tokens, nano_usd, critical_ns;
    for (const UnitHit& unit : units_) {
      if (const std::size_t part = population_.part(unit.unit); part < kTimeParts)
        ++out_.trend[part];
      out_.waste += unit.waste;
      if (unit.waste.tokens >= 0) tokens.push_back(unit.waste.tokens);
      if (unit.waste.nano_usd >= 0) nano_usd.push_back(unit.waste.nano_usd);
      if (unit.waste.critical_ns >= 0) critical_ns.push_back(unit.waste.critical_ns);
    }
    // Medians over runs whose waste is known.
    out_.median = {tokens.empty() ? kUnknownAmount : Median(tokens),
                   nano_usd.empty() ? kUnknownAmount : Median(nano_usd),
                   critical_ns.empty() ? kUnknownAmount : Median(critical_ns)};
  }

  // A unit that shows the entry counts as eligible, even if the detector disagrees.
  void CountEligible() {
    const EligibleUnits& eligible = *tallies_.eligible;
    std::vector<std::uint32_t> hits;
    out_.eligible_units = eligible.count();
    for (const UnitHit& each : units_) {
      hits.push_back(each.unit);
      out_.ineligible_units += !eligible.Has(each.unit);
    }
    out_.eligible_units += out_.ineligible_units;
    whole_.eligibility.Of(table_.finding_of(whole_.entries.Head(entry_)), out_.eligible_by);
    out_.eligible_clusters = eligible.Count(hits);
    out_.clusters = whole_.units.Count(hits);
  }

  void CountOutcomes() {
    std::array<OutcomeTable, 4> strata = population_.outcomes();
    for (const UnitHit& unit : units_) {
      OutcomeTable& stratum = strata[population_.StratumOf(unit.unit)];
      population_.Count(unit.unit, stratum.other_failure, stratum.other_success, -1);
      out_.decided_units += unit.decided;
      if (!unit.decided) {
        population_.Count(unit.unit, stratum.mode_failure, stratum.mode_success);
      }
    }
    for (const OutcomeTable& stratum : strata) {
      const bool empty = stratum.mode_failure + stratum.mode_success + stratum.other_failure +
                             stratum.other_success ==
                         0;
      if (!empty) out_.outcomes.push_back(stratum);
    }
  }

  // The trace whose waste is nearest to the median comes first, then the newest ones that add a new
  // task, session or part of the time range; an unknown task or session adds nothing.
  void ChooseExamples() {
    std::vector<Candidate> candidates = Candidates();
    const auto typical = [&](const Candidate& a, const Candidate& b) {
      if (a.usd != b.usd) return a.usd < b.usd;
      if (a.critical != b.critical) return a.critical < b.critical;
      if (a.tokens != b.tokens) return a.tokens < b.tokens;
      return Newer(a, b);
    };
    std::vector<Candidate> chosen;
    const auto take = [&](Candidate& candidate) {
      chosen.push_back(candidate);
      candidate.taken = true;
    };
    take(*std::min_element(candidates.begin(), candidates.end(), typical));
    // First those that differ in everything known, then in anything, then the rest.
    for (const int needed : {2, 1, 0}) {
      while (chosen.size() < kExamples) {
        Candidate* newest = nullptr;
        // From the end, since the newest are usually there.
        for (std::size_t i = candidates.size(); i-- > 0;) {
          Candidate& candidate = candidates[i];
          if (candidate.taken || (newest && !Newer(candidate, *newest))) continue;
          if (SameUnit(candidate, chosen)) continue;
          if (Novelty(candidate, chosen) >= needed) newest = &candidate;
        }
        if (!newest) break;
        take(*newest);
      }
    }
    for (const Candidate& candidate : chosen) out_.examples.push_back(table_.Key(candidate.row));
  }

  struct Candidate {
    std::uint32_t unit;
    Row row;
    Run run;
    std::int64_t usd, critical, tokens;  // distances from the median
    bool taken;
  };

  std::vector<Candidate> Candidates() const {
    const auto distance = [](std::int64_t a, std::int64_t b) { return a < b ? b - a : a - b; };
    std::vector<Candidate> candidates;
    candidates.reserve(traces_.size());
    auto unit = units_.begin();
    for (const std::uint32_t index : traces_) {
      while (unit->unit != population_.unit(index)) ++unit;
      candidates.push_back({unit->unit, population_.rows()[index], population_.run(index),
                            distance(unit->waste.nano_usd, out_.median.nano_usd),
                            distance(unit->waste.critical_ns, out_.median.critical_ns),
                            distance(unit->waste.tokens, out_.median.tokens), false});
    }
    return candidates;
  }

  bool Newer(const Candidate& a, const Candidate& b) const {
    if (a.run.start_ns != b.run.start_ns) return a.run.start_ns > b.run.start_ns;
    return table_.Key(a.row) < table_.Key(b.row);
  }

  static bool SameUnit(const Candidate& candidate, const std::vector<Candidate>& chosen) {
    return std::any_of(chosen.begin(), chosen.end(),
                       [&](const Candidate& other) { return other.unit == candidate.unit; });
  }

  // 2: differs from each chosen trace in task, session and time part; 1: in one of them.
  int Novelty(const Candidate& candidate, const std::vector<Candidate>& chosen) const {
    const Run& run = candidate.run;
    bool task = true, session = true, part = true;
    for (const Candidate& other : chosen) {
      task = task && run.task != other.run.task;
      session = session && run.session != other.run.session;
      part = part && run.part != other.run.part;
    }
    const bool knows_task = run.task != 0;
    const bool knows_session = run.session != 0;
    if ((task || !knows_task) && (session || !knows_session) && part) return 2;
    return (task && knows_task) || (session && knows_session) || part ? 1 : 0;
  }

  const Whole& whole_;
  const Population& population_;
  const SummaryTable& table_;
  const SummaryColumns& c_;
  std::uint32_t entry_;
  Tallies& tallies_;
  std::vector<Hit> hits_;
  std::vector<std::uint32_t> aside_;  // modes of findings that do not count
  std::vector<UnitHit> units_;
  std::vector<std::uint32_t> traces_;  // indexes of affected rows, in the order of hits_
  std::int64_t untagged_ = 0;          // findings of the defect
  ModeStats out_;
};

// An entry with what makes a run eligible for it.
struct EntryHits {
  std::uint32_t entry = 0;
  std::vector<EligibleSlot> slots;
  std::vector<Hit> hits;
  std::vector<std::uint32_t> aside;  // modes of findings that do not count
};

std::vector<EligibleSlot> SlotsOf(const SummaryTable& table, const Entries& entries,
                                  const Eligibility& eligibility, std::uint32_t entry) {
  std::vector<EligibleSlot> slots;
  EligibleBy by{};
  for (const std::uint32_t mode : entries.Members(entry)) {
    if (!entries.Counts(mode)) continue;
    slots.push_back(eligibility.Of(table.finding_of(mode), by));
  }
  std::sort(slots.begin(), slots.end());
  slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
  return slots;
}

// The hits of each entry, or of one entry, whether it has hits or not.
std::vector<EntryHits> FindHits(const Population& population, const Entries& entries,
                                std::optional<std::uint32_t> only) {
  const SummaryTable& table = population.table();
  const SummaryColumns& c = table.columns();
  std::vector<EntryHits> found(entries.size());
  for (std::size_t i = 0; i < population.rows().size(); ++i) {
    const Row row = population.rows()[i];
    for (std::uint32_t f = c.finding_begin(row); f < c.finding_end[row]; ++f) {
      if (!entries.Holds(f)) continue;
      const std::uint32_t mode = table.mode_of(f), entry = entries.Of(mode);
      if (only && entry != *only) continue;
      if (!entries.Counts(mode)) {
        found[entry].aside.push_back(mode);
        continue;
      }
      found[entry].hits.push_back(HitOf(c.findings, static_cast<std::uint32_t>(i), f, mode));
    }
  }
  for (std::uint32_t entry = 0; entry < found.size(); ++entry) found[entry].entry = entry;
  std::erase_if(found, [&](const EntryHits& each) {
    return each.hits.empty() && !(only && each.entry == *only);
  });
  return found;
}

// An entry that no settled row of the question shows.
ModeStats AbsentEntry(const Whole& whole, const EntryHits& each, const EligibleUnits& eligible) {
  ModeStats out;
  const SummaryTable& table = whole.population.table();
  const std::uint32_t head = whole.entries.Head(each.entry);
  ModeMember described = DescribeMode(table, head);
  out.id = described.id;
  out.confidence = whole.entries.ConfidenceOf(each.entry);
  out.detector = described.detector;
  out.locus = std::move(described.locus);
  out.signature = std::move(described.signature);
  out.trend_all = whole.population.trend();
  out.eligible_units = eligible.count();
  whole.eligibility.Of(table.finding_of(head), out.eligible_by);
  out.eligible_clusters = eligible.Count({});
  AddMembersTo(out, whole.entries, each.entry, table, [](std::uint32_t) { return 0; });
  return out;
}

}  // namespace

std::vector<ModeStats> AnswerModes(const SummaryTable& table, const Question& question,
                                   ModeId only) {
  const Population population(table, question, RowUnits(table, question.units));
  const Entries entries(table, question);
  std::optional<std::uint32_t> only_entry;
  if (only != 0) {
    only_entry = entries.Find(only);
    if (!only_entry) return {};
  }
  std::vector<EntryHits> found = FindHits(population, entries, only_entry);
  std::vector<std::uint32_t> findings;
  for (const EntryHits& each : found) {
    for (const std::uint32_t mode : entries.Members(each.entry)) {
      findings.push_back(table.finding_of(mode));
    }
  }
  const Eligibility eligibility(population, findings);
  const Clusters clusters(population);
  EligibleUnits units(population, clusters);
  units.SetAll();
  for (EntryHits& each : found) each.slots = SlotsOf(table, entries, eligibility, each.entry);

  // Entries with the same opportunity follow each other, so that its units are found once.
  std::sort(found.begin(), found.end(), [](const EntryHits& a, const EntryHits& b) {
    return std::tie(a.slots, a.entry) < std::tie(b.slots, b.entry);
  });
  std::vector<std::size_t> begins;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i == 0 || found[i].slots != found[i - 1].slots) begins.push_back(i);
  }
  begins.push_back(found.size());
  const Whole whole = {population, entries, eligibility, units};
  const unsigned threads = population.rows().size() < kRowsForThreads ? 1 : UsefulThreads();
  std::vector<std::optional<Tallies>> tallies(threads);
  std::vector<ModeStats> out(found.size());
  ForEachIndex(begins.size() - 1, threads, [&](std::size_t group, unsigned thread) {
    if (!tallies[thread]) tallies[thread].emplace(population, clusters);
    tallies[thread]->eligible->Set(eligibility, found[begins[group]].slots);
    for (std::size_t i = begins[group]; i < begins[group + 1]; ++i) {
      if (question.stop.stop_requested()) return;
      out[i] = found[i].hits.empty()
                   ? AbsentEntry(whole, found[i], *tallies[thread]->eligible)
                   : ModeAnswer(whole, found[i].entry, *tallies[thread], std::move(found[i].hits),
                                std::move(found[i].aside))
                         .Answer();
    }
  });
  std::sort(out.begin(), out.end(),
            [](const ModeStats& a, const ModeStats& b) { return a.id < b.id; });
  return out;
}

std::pair<OverviewStats, std::vector<ModeStats>> AnswerOverviewAndModes(const SummaryTable& table,
                                                                        const Question& question,
                                                                        ModeId only) {
  std::pair<OverviewStats, std::vector<ModeStats>> out;
  const unsigned threads = table.rows() < kRowsForThreads ? 1 : UsefulThreads();
  ForEachIndex(2, threads, [&](std::size_t i, unsigned) {
    if (i == 0) {
      out.second = AnswerModes(table, question, only);
    } else {
      out.first = AnswerOverview(table, question);
    }
  });
  return out;
}

}  // namespace halo
