// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <optional>
#include <unordered_set>
#include <utility>

#include "engine/base/parallel.h"
#include "engine/summaries/aggregates.h"
#include "engine/summaries/selection.h"

namespace halo {
namespace {

using Row = SummaryTable::Row;

constexpr std::size_t kParts = 8;
constexpr std::size_t kExamples = 5;
constexpr std::size_t kDetectors = 64;
constexpr std::size_t kRowsForThreads = 4096;

// A finding in one of the settled rows, with what is summed up of it: findings are read once, in
// the order in which they lie, and then mode by mode.
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

// What is asked of a settled row again and again, in one place.
struct Run {
  std::int64_t start_ns;
  StringId task, version;
  std::uint32_t session;
  std::uint8_t part;  // of the time range
};

// The settled traces of a question as units, with what all modes are compared to.
class Population {
 public:
  Population(const SummaryTable& table, const Question& question)
      : table_(table),
        rows_(SettledRows(table, MatchingRows(table, question.filter), question)),
        units_(MakeUnits(table, rows_, question.unit)),
        facts_(FactsOfUnits(table, rows_, units_)) {
    if (units_.count == 0) return;
    for (const std::int64_t start_ns : facts_.start_ns) {
      if (start_ns == kUnknownStart) continue;
      first_ns_ = last_ns_ == 0 ? start_ns : std::min(first_ns_, start_ns);
      last_ns_ = std::max(last_ns_, start_ns);
    }
    part_ns_ = (last_ns_ - first_ns_) / static_cast<std::int64_t>(kParts) + 1;
    std::vector<std::int64_t> steps = facts_.steps;
    auto from = steps.begin();
    for (std::size_t quarter = 1; quarter < 4; ++quarter) {
      const auto cut =
          steps.begin() + static_cast<std::ptrdiff_t>((steps.size() - 1) * quarter / 4);
      std::nth_element(from, cut, steps.end());
      cuts_[quarter - 1] = *cut;
      from = cut;
    }
    runs_.reserve(rows_.size());
    const SummaryColumns& c = table.columns();
    for (const Row row : rows_) {
      runs_.push_back({c.start_ns[row], c.task[row], c.version[row], table.session_of(row),
                       PartOf(c.start_ns[row])});
    }
    part_.reserve(units_.count);
    for (std::uint32_t unit = 0; unit < units_.count; ++unit) {
      part_.push_back(PartOf(facts_.start_ns[unit]));
      if (part_[unit] < kParts) ++trend_[part_[unit]];
      Count(unit, outcomes_[StratumOf(unit)].other_failure,
            outcomes_[StratumOf(unit)].other_success);
    }
  }

  const SummaryTable& table() const { return table_; }
  const std::vector<Row>& rows() const { return rows_; }
  const Run& run(std::size_t index) const { return runs_[index]; }
  std::uint32_t unit(std::size_t index) const { return units_.of[index]; }
  std::uint32_t unit_count() const { return units_.count; }
  bool single() const { return units_.count == rows_.size(); }  // each row is a unit
  std::size_t part(std::uint32_t unit) const { return part_[unit]; }
  OutcomeRule rule(std::uint32_t unit) const { return facts_.rule[unit]; }
  const std::array<std::int64_t, kParts>& trend() const { return trend_; }
  // Starts of the first and last run, and how long a part is.
  std::int64_t first_ns() const { return first_ns_; }
  std::int64_t last_ns() const { return last_ns_; }
  std::int64_t part_ns() const { return part_ns_; }
  const std::array<OutcomeTable, 4>& outcomes() const { return outcomes_; }

  std::size_t StratumOf(std::uint32_t unit) const {
    const std::int64_t steps = facts_.steps[unit];
    return static_cast<std::size_t>((steps > cuts_[0]) + (steps > cuts_[1]) + (steps > cuts_[2]));
  }

  void Count(std::uint32_t unit, std::int64_t& failures, std::int64_t& successes,
             std::int64_t by = 1) const {
    if (facts_.outcome[unit] == Outcome::kFailure) failures += by;
    if (facts_.outcome[unit] == Outcome::kSuccess) successes += by;
  }

 private:
  // kParts for a run of which no time is known.
  std::uint8_t PartOf(std::int64_t start_ns) const {
    if (start_ns < first_ns_ || start_ns <= 0) return kParts;
    return static_cast<std::uint8_t>(
        std::min((start_ns - first_ns_) / part_ns_, static_cast<std::int64_t>(kParts)));
  }

  const SummaryTable& table_;
  std::vector<Row> rows_;
  std::vector<Run> runs_;  // along rows_
  Units units_;
  UnitFacts facts_;
  std::int64_t first_ns_ = 0;
  std::int64_t last_ns_ = 0;
  std::int64_t part_ns_ = 1;
  std::vector<std::uint8_t> part_;  // of the time range, by unit
  std::array<std::int64_t, 3> cuts_{};
  std::array<std::int64_t, kParts> trend_{};
  std::array<OutcomeTable, 4> outcomes_{};  // all units as if none had the mode
};

// How many units could show what a detector finds, in all and among those that use a tool.
class Eligibility {
 public:
  using Counts = std::array<std::int64_t, kDetectors>;

  // Counts for the tools in `tools` only.
  Eligibility(const Population& population, const std::vector<bool>& tools)
      : slot_of_tool_(tools.size(), kNoSlot), counts_(1) {
    const SummaryColumns& c = population.table().columns();
    for (const Row row : population.rows()) {
      const bool many = c.tools[row].size() > kFewTools;
      for (const StringId tool : c.tools[row]) {
        if (!tools[tool]) continue;
        if (many) calls_of_many_.insert(CallOf(row, tool));
        if (slot_of_tool_[tool] != kNoSlot) continue;
        slot_of_tool_[tool] = static_cast<std::uint32_t>(counts_.size());
        counts_.emplace_back();
      }
    }
    if (population.single()) {
      CountRows(population);
    } else {
      CountUnits(population);
    }
  }

  // A tool that is called but never there (its name is wrong) narrows nothing down.
  StringId SlotOf(StringId tool) const { return slot_of_tool_[tool] == kNoSlot ? 0 : tool; }
  std::int64_t Units(std::uint8_t detector, StringId tool) const {
    if (detector >= kDetectors) return 0;
    return counts_[tool == 0 ? 0 : slot_of_tool_[tool]][detector];
  }
  // Whether this row is among those that Units counts.
  bool CouldShow(const SummaryColumns& c, Row row, std::uint8_t detector, StringId tool) const {
    if (detector >= kDetectors || (c.eligible[row] >> detector & 1) == 0) return false;
    if (tool == 0) return true;
    const auto tools = c.tools[row];
    if (tools.size() > kFewTools) return calls_of_many_.contains(CallOf(row, tool));
    return std::find(tools.begin(), tools.end(), tool) != tools.end();
  }

 private:
  static constexpr std::uint32_t kNoSlot = UINT32_MAX;
  static constexpr std::size_t kFewTools = 64;

  static std::uint64_t CallOf(Row row, StringId tool) { return std::uint64_t{row} << 32 | tool; }

  // Calls `add` with the slots of a row: 0, and those of its tools.
  template <class Add>
  void ForEachSlot(const SummaryColumns& c, Row row, Add&& add) const {
    add(std::uint32_t{0});
    for (const StringId tool : c.tools[row]) {
      if (slot_of_tool_[tool] != kNoSlot) add(slot_of_tool_[tool]);
    }
  }

  // There are few different sets of eligible detectors: those are counted, not the detectors.
  void CountRows(const Population& population) {
    const SummaryTable& table = population.table();
    const std::size_t sets = table.eligible_count();
    std::vector<std::uint32_t> rows(counts_.size() * sets);
    for (const Row row : population.rows()) {
      const std::size_t set = table.eligible_of(row);
      ForEachSlot(table.columns(), row, [&](std::uint32_t slot) { ++rows[slot * sets + set]; });
    }
    for (std::size_t slot = 0; slot < counts_.size(); ++slot) {
      for (std::uint32_t set = 0; set < sets; ++set) {
        Add(table.eligible(set), rows[slot * sets + set], counts_[slot]);
      }
    }
  }

  void CountUnits(const Population& population) {
    const SummaryColumns& c = population.table().columns();
    std::vector<std::uint32_t> by_unit(population.rows().size());
    std::iota(by_unit.begin(), by_unit.end(), 0);
    std::sort(by_unit.begin(), by_unit.end(), [&](std::uint32_t a, std::uint32_t b) {
      return population.unit(a) < population.unit(b);
    });
    std::vector<std::uint64_t> eligible(counts_.size());  // of one unit, by slot
    std::vector<std::uint32_t> slots;
    for (std::size_t i = 0; i < by_unit.size(); ++i) {
      const Row row = population.rows()[by_unit[i]];
      ForEachSlot(c, row, [&](std::uint32_t slot) {
        if (eligible[slot] == 0) slots.push_back(slot);
        eligible[slot] |= c.eligible[row];
      });
      const bool last =
          i + 1 == by_unit.size() || population.unit(by_unit[i + 1]) != population.unit(by_unit[i]);
      if (!last) continue;
      for (const std::uint32_t slot : slots)
        Add(std::exchange(eligible[slot], 0), 1, counts_[slot]);
      slots.clear();
    }
  }

  static void Add(std::uint64_t eligible, std::int64_t units, Counts& counts) {
    if (units == 0) return;
    for (; eligible != 0; eligible &= eligible - 1) {
      counts[static_cast<std::size_t>(std::countr_zero(eligible))] += units;
    }
  }

  std::vector<std::uint32_t> slot_of_tool_;
  std::vector<Counts> counts_;  // by slot; the first is of all units
  // Of rows with more tools than kFewTools: a trace whose every error is another mode would else
  // have its tools searched once for each.
  std::unordered_set<std::uint64_t> calls_of_many_;
};

// How often each of a range of numbers occurs. Emptied at the cost of what was counted.
class Tally {
 public:
  explicit Tally(std::size_t range) : counts_(range) {}

  // 0 stands for unknown in all that is counted, and is left out.
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

// Made once for all modes.
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

// One mode over the population.
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
    UniteUnits();
    const std::uint32_t telling = TellingFinding();
    out_.id = c_.findings.mode[telling];
    out_.detector = c_.findings.detector[telling];
    out_.locus = {std::string(table_.Text(c_.findings.agent[telling])),
                  std::string(table_.Text(c_.findings.tool[telling])),
                  std::string(table_.Text(c_.findings.span_name[telling]))};
    out_.signature = table_.Text(c_.findings.signature[telling]);
    CountTraces();
    CountUnits(c_.findings.tool[telling]);
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

  // All findings of a mode agree in these, but for the agent, which only one of them may know.
  std::uint32_t TellingFinding() const { return hits_.front().finding; }

  void UniteUnits() {
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
      // A label has overruled what the trace says of itself.
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

  // Findings without a tag count as those with the empty one.
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
      if (const std::size_t part = population_.part(unit.unit); part < kParts) ++out_.trend[part];
      out_.waste += unit.waste;
      if (unit.waste.tokens >= 0) tokens.push_back(unit.waste.tokens);
      if (unit.waste.nano_usd >= 0) nano_usd.push_back(unit.waste.nano_usd);
      critical_ns.push_back(unit.waste.critical_ns);
    }
    // Of runs whose waste is known.
    out_.median = {tokens.empty() ? kUnknownAmount : Median(tokens),
                   nano_usd.empty() ? kUnknownAmount : Median(nano_usd), Median(critical_ns)};

    // A unit that shows a mode could show it, whatever else is known of it.
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

  // The trace whose waste is nearest to the median comes first, then newer ones that add a task, a
  // session or a part of the time range not seen yet; what is unknown adds nothing.
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
    // First those that differ in all that is known, then in anything, then whatever is left.
    for (const int needed : {2, 1, 0}) {
      while (chosen.size() < kExamples) {
        Candidate* newest = nullptr;
        // From the end, where the newest are likely to be.
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

// A mode that no settled row of the question shows, as any trace of the table tells it.
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
      // Where the tool is called elsewhere, a question in which nobody calls it has no eligible
      // run.
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
  const Population population(table, question);
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
