// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "engine/base/parallel.h"
#include "engine/summaries/aggregates.h"
#include "engine/summaries/eligibility.h"
#include "engine/summaries/find_units.h"
#include "engine/summaries/population.h"
#include "engine/summaries/selection.h"

namespace halo {
namespace {

using Row = SummaryTable::Row;

constexpr std::size_t kExamples = 5;
constexpr std::size_t kRowsForThreads = 4096;

// A finding in a settled row, with the fields that are summed. Findings are read once in the order
// of the columns, and then processed mode by mode.
struct Hit {
  std::uint32_t index;  // into the rows
  std::uint32_t finding;
  Waste waste;
  std::int32_t occurrences;
  StringId tag;
  StoredFinding::Decided decided;
};

Hit HitOf(const FindingColumns& f, std::uint32_t index, std::uint32_t finding) {
  return {index,
          finding,
          {f.waste_tokens[finding], f.waste_nano_usd[finding], f.waste_critical_ns[finding]},
          f.occurrences[finding],
          f.tag[finding],
          static_cast<StoredFinding::Decided>(f.decided_outcome[finding])};
}

// Counts how often numbers below a limit occur. Clear takes time only for those that occurred.
class Tally {
 public:
  explicit Tally(std::size_t range) : counts_(range) {}

  // 0 means unknown and is not counted.
  void Add(std::uint32_t number) {
    if (number != 0 && counts_[number]++ == 0) seen_.push_back(number);
  }
  std::int64_t distinct() const { return static_cast<std::int64_t>(seen_.size()); }
  const std::vector<std::uint32_t>& seen() const { return seen_; }
  std::int64_t operator[](std::uint32_t number) const { return counts_[number]; }
  void Clear() {
    for (const std::uint32_t number : seen_) counts_[number] = 0;
    seen_.clear();
  }

 private:
  std::vector<std::uint32_t> counts_;
  std::vector<std::uint32_t> seen_;
};

// Reused for all modes of a thread.
struct Tallies {
  explicit Tallies(const SummaryTable& table)
      : tasks(table.columns().ids.size()),
        versions(table.columns().words.size()),
        agents(versions),
        models(versions),
        tags(versions),
        sessions(table.session_count()) {}

  void Clear() {
    for (Tally* tally : {&tasks, &versions, &agents, &models, &tags, &sessions}) tally->Clear();
  }

  Tally tasks, versions, agents, models, tags, sessions;
};

// Answers for one mode.
class ModeAnswer {
 public:
  ModeAnswer(const Population& population, const Eligibility& eligibility, Tallies& tallies,
             std::vector<Hit> hits)
      : population_(population),
        table_(population.table()),
        c_(table_.columns()),
        eligibility_(eligibility),
        tallies_(tallies),
        hits_(std::move(hits)) {}

  ModeStats Answer() {
    GroupByUnit();
    const std::uint32_t finding = RepresentativeFinding();
    out_.id = c_.findings.mode[finding];
    out_.detector = c_.findings.detector[finding];
    out_.locus = {std::string(table_.Text(c_.findings.agent[finding])),
                  std::string(table_.Text(c_.findings.tool[finding])),
                  std::string(table_.Text(c_.findings.span_name[finding]))};
    out_.signature = table_.Text(c_.findings.signature[finding]);
    CountTraces();
    CountUnits(c_.findings.tool[finding]);
    CountOutcomes();
    ChooseExamples();
    return std::move(out_);
  }

 private:
  struct UnitHit {
    std::uint32_t unit;
    Waste waste;
    bool decided = false;
    bool could_show = false;
  };

  // All findings of a mode agree in these fields, except that some may lack the agent.
  std::uint32_t RepresentativeFinding() const { return hits_.front().finding; }

  void GroupByUnit() {
    if (!population_.single()) {
      std::stable_sort(hits_.begin(), hits_.end(), [&](const Hit& a, const Hit& b) {
        return population_.unit(a.index) < population_.unit(b.index);
      });
    }
    for (const Hit& hit : hits_) {
      const std::uint32_t unit = population_.unit(hit.index);
      if (units_.empty() || units_.back().unit != unit) units_.push_back({unit, {}, false, false});
      UnitHit& last = units_.back();
      last.waste += hit.waste;
      // A label overrides an outcome decided by the trace's own spans.
      last.decided = last.decided || hit.decided == StoredFinding::Decided::kByEvaluator ||
                     (hit.decided == StoredFinding::Decided::kBySpan &&
                      population_.rule(unit) != OutcomeRule::kLabel);
    }
  }

  void CountTraces() {
    tallies_.Clear();
    std::uint32_t last = UINT32_MAX;
    out_.first_ns = INT64_MAX;
    out_.last_ns = INT64_MIN;
    for (const Hit& hit : hits_) {
      out_.occurrences += hit.occurrences;
      tallies_.tags.Add(hit.tag);
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

  // Findings without a tag count for the empty tag.
  std::string MostFrequentTag() const {
    std::int64_t untagged = static_cast<std::int64_t>(hits_.size());
    for (const StringId tag : tallies_.tags.seen()) untagged -= tallies_.tags[tag];
    const auto by_count = MostFirst(tallies_.tags);
    if (by_count.empty() || untagged >= by_count.front().second) return {};
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

  void CountUnits(StringId tool) {
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

    // A unit that shows a mode counts as eligible for it, even if the detector disagrees.
    const StringId slot = eligibility_.SlotOf(tool);
    out_.eligible_units = eligibility_.Units(out_.detector, slot);
    auto unit = units_.begin();
    for (const std::uint32_t index : traces_) {
      while (unit->unit != population_.unit(index)) ++unit;
      unit->could_show = unit->could_show ||
                         eligibility_.CouldShow(c_, population_.rows()[index], out_.detector, slot);
    }
    for (const UnitHit& each : units_) out_.eligible_units += !each.could_show;
  }

  void CountOutcomes() {
    std::array<OutcomeTable, 4> strata = population_.outcomes();
    for (const UnitHit& unit : units_) {
      OutcomeTable& stratum = strata[population_.StratumOf(unit.unit)];
      population_.Count(unit.unit, stratum.other_failure, stratum.other_success, -1);
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
          if (Novelty(candidate, chosen) >= needed) newest = &candidate;
        }
        if (!newest) break;
        take(*newest);
      }
    }
    for (const Candidate& candidate : chosen) out_.examples.push_back(table_.Key(candidate.row));
  }

  struct Candidate {
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
      candidates.push_back({population_.rows()[index], population_.run(index),
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

  const Population& population_;
  const SummaryTable& table_;
  const SummaryColumns& c_;
  const Eligibility& eligibility_;
  Tallies& tallies_;
  std::vector<Hit> hits_;
  std::vector<UnitHit> units_;
  std::vector<std::uint32_t> traces_;  // indexes of affected rows, in the order of hits_
  ModeStats out_;
};

bool IsCalled(const SummaryTable& table, StringId tool) {
  for (Row row = 0; row < table.rows(); ++row) {
    if (!table.live(row)) continue;
    const auto tools = table.columns().tools[row];
    if (std::find(tools.begin(), tools.end(), tool) != tools.end()) return true;
  }
  return false;
}

// A mode that no settled row of the question shows, described by any trace that shows it.
std::optional<ModeStats> AbsentMode(const SummaryTable& table, const Population& population,
                                    ModeId mode) {
  const SummaryColumns& c = table.columns();
  for (Row row = 0; row < table.rows(); ++row) {
    if (!table.live(row)) continue;
    for (std::uint32_t f = c.finding_begin(row); f < c.finding_end[row]; ++f) {
      if (c.findings.mode[f] != mode) continue;
      ModeStats out;
      out.id = mode;
      out.detector = c.findings.detector[f];
      out.locus = {std::string(table.Text(c.findings.agent[f])),
                   std::string(table.Text(c.findings.tool[f])),
                   std::string(table.Text(c.findings.span_name[f]))};
      out.signature = table.Text(c.findings.signature[f]);
      out.trend_all = population.trend();
      const StringId tool = c.findings.tool[f];
      std::vector<bool> tools(c.words.size());
      tools[tool] = tool != 0;
      const Eligibility eligibility(population, tools);
      // If the tool is called, but not by a run of the question, no run of the question is
      // eligible.
      const bool called = eligibility.SlotOf(tool) == tool;
      out.eligible_units = called || !IsCalled(table, tool)
                               ? eligibility.Units(out.detector, eligibility.SlotOf(tool))
                               : 0;
      return out;
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<ModeStats> AnswerModes(const SummaryTable& table, const Question& question,
                                   ModeId only) {
  const SummaryColumns& c = table.columns();
  const Population population(table, question, RowUnits(table, question.units));
  std::vector<std::vector<Hit>> hits(table.mode_count());
  std::vector<bool> tools(c.words.size());
  for (std::size_t i = 0; i < population.rows().size(); ++i) {
    const Row row = population.rows()[i];
    for (std::uint32_t f = c.finding_begin(row); f < c.finding_end[row]; ++f) {
      if (only != 0 && c.findings.mode[f] != only) continue;
      hits[table.mode_of(f)].push_back(HitOf(c.findings, static_cast<std::uint32_t>(i), f));
      tools[c.findings.tool[f]] = true;
    }
  }
  tools[0] = false;
  const Eligibility eligibility(population, tools);
  std::erase_if(hits, [](const std::vector<Hit>& of_mode) { return of_mode.empty(); });
  // The longest first, so that no thread is left with one at the end.
  std::sort(hits.begin(), hits.end(),
            [](const auto& a, const auto& b) { return a.size() > b.size(); });
  const unsigned threads = population.rows().size() < kRowsForThreads ? 1 : UsefulThreads();
  std::vector<std::optional<Tallies>> tallies(threads);
  std::vector<ModeStats> out(hits.size());
  ForEachIndex(hits.size(), threads, [&](std::size_t i, unsigned thread) {
    if (question.stop.stop_requested()) return;
    if (!tallies[thread]) tallies[thread].emplace(table);
    out[i] = ModeAnswer(population, eligibility, *tallies[thread], std::move(hits[i])).Answer();
  });
  if (only != 0 && out.empty()) {
    if (std::optional<ModeStats> absent = AbsentMode(table, population, only)) {
      out.push_back(std::move(*absent));
    }
  }
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
