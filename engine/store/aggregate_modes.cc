// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "engine/store/aggregates.h"
#include "engine/store/selection.h"

namespace halo {
namespace {

using Row = SummaryTable::Row;

constexpr std::size_t kParts = 8;
constexpr std::size_t kExamples = 5;
constexpr std::size_t kDetectors = 64;

// A finding in one of the settled rows.
struct Hit {
  std::uint32_t index;  // into the rows
  std::uint32_t finding;
};

// The settled traces of a question as units, with what all modes are compared to.
class Population {
 public:
  Population(const SummaryTable& table, const Question& question)
      : table_(table),
        rows_(SettledRows(table, MatchingRows(table, question.filter), question.now_ns)),
        units_(MakeUnits(table, rows_, question.unit)),
        facts_(FactsOfUnits(table, rows_, units_)) {
    if (units_.count == 0) return;
    const auto [first, last] = std::minmax_element(facts_.start_ns.begin(), facts_.start_ns.end());
    first_ns_ = *first;
    part_ns_ = static_cast<std::uint64_t>(*last) - static_cast<std::uint64_t>(*first);
    part_ns_ = part_ns_ / kParts + 1;
    std::vector<std::int64_t> steps = facts_.steps;
    std::sort(steps.begin(), steps.end());
    for (std::size_t quarter = 1; quarter < 4; ++quarter) {
      cuts_[quarter - 1] = steps[(steps.size() - 1) * quarter / 4];
    }
    for (std::uint32_t unit = 0; unit < units_.count; ++unit) {
      ++trend_[PartOf(facts_.start_ns[unit])];
      Count(unit, outcomes_[StratumOf(unit)].other_failure,
            outcomes_[StratumOf(unit)].other_success);
    }
  }

  const SummaryTable& table() const { return table_; }
  const std::vector<Row>& rows() const { return rows_; }
  std::uint32_t unit(std::size_t index) const { return units_.of[index]; }
  std::uint32_t unit_count() const { return units_.count; }
  std::int64_t start_ns(std::uint32_t unit) const { return facts_.start_ns[unit]; }
  OutcomeRule rule(std::uint32_t unit) const { return facts_.rule[unit]; }
  const std::array<std::int64_t, kParts>& trend() const { return trend_; }
  const std::array<OutcomeTable, 4>& outcomes() const { return outcomes_; }

  std::size_t PartOf(std::int64_t start_ns) const {
    const std::uint64_t since =
        static_cast<std::uint64_t>(start_ns) - static_cast<std::uint64_t>(first_ns_);
    return std::min<std::size_t>(since / part_ns_, kParts - 1);
  }

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
  const SummaryTable& table_;
  std::vector<Row> rows_;
  Units units_;
  UnitFacts facts_;
  std::int64_t first_ns_ = 0;
  std::uint64_t part_ns_ = 1;
  std::array<std::int64_t, 3> cuts_{};
  std::array<std::int64_t, kParts> trend_{};
  std::array<OutcomeTable, 4> outcomes_{};  // all units as if none had the mode
};

// How many units could show what a detector finds, in all and among those that use a tool.
class Eligibility {
 public:
  // Counts for the tools in `tools` only.
  Eligibility(const Population& population, const std::vector<bool>& tools)
      : tool_known_(tools.size()) {
    const SummaryColumns& c = population.table().columns();
    // Per unit and slot (none or tool) the detectors counted already.
    std::unordered_map<std::uint64_t, std::uint64_t> counted;
    const bool single = population.unit_count() == population.rows().size();
    const auto add = [&](std::uint32_t unit, Word tool, std::uint64_t eligible) {
      if (!single) {
        std::uint64_t& before = counted[std::uint64_t{unit} << 32 | tool];
        eligible &= ~std::exchange(before, before | eligible);
      }
      auto& counts = counts_[tool];
      for (; eligible != 0; eligible &= eligible - 1) {
        ++counts[static_cast<std::size_t>(std::countr_zero(eligible))];
      }
    };
    for (std::size_t i = 0; i < population.rows().size(); ++i) {
      const Row row = population.rows()[i];
      add(population.unit(i), 0, c.eligible[row]);
      for (const Word tool : c.tools[row]) {
        if (!tools[tool]) continue;
        tool_known_[tool] = true;
        add(population.unit(i), tool, c.eligible[row]);
      }
    }
  }

  // A tool that is called but never there (its name is wrong) narrows nothing down.
  Word SlotOf(Word tool) const { return tool_known_[tool] ? tool : 0; }
  std::int64_t Units(std::uint8_t detector, Word slot) const {
    const auto found = counts_.find(slot);
    return found == counts_.end() || detector >= kDetectors ? 0 : found->second[detector];
  }

 private:
  std::vector<bool> tool_known_;
  std::unordered_map<Word, std::array<std::int64_t, kDetectors>> counts_;
};

bool CouldShow(const SummaryColumns& c, Row row, std::uint8_t detector, Word tool) {
  if (detector >= kDetectors || (c.eligible[row] >> detector & 1) == 0) return false;
  const auto tools = c.tools[row];
  return tool == 0 || std::find(tools.begin(), tools.end(), tool) != tools.end();
}

std::int64_t Median(std::vector<std::int64_t>& values) {
  if (values.empty()) return 0;
  const std::size_t half = values.size() / 2;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(half);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  const std::int64_t below = *std::max_element(values.begin(), middle);
  return below + (*middle - below) / 2;
}

// One mode over the population.
class ModeAnswer {
 public:
  ModeAnswer(const Population& population, const Eligibility& eligibility, std::vector<Hit> hits)
      : population_(population),
        table_(population.table()),
        c_(table_.columns()),
        eligibility_(eligibility),
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
    std::stable_sort(hits_.begin(), hits_.end(), [&](const Hit& a, const Hit& b) {
      return population_.unit(a.index) < population_.unit(b.index);
    });
    const FindingColumns& f = c_.findings;
    for (const Hit& hit : hits_) {
      const std::uint32_t unit = population_.unit(hit.index);
      if (units_.empty() || units_.back().unit != unit) units_.push_back({unit, {}, false, false});
      UnitHit& last = units_.back();
      last.waste.tokens += f.waste_tokens[hit.finding];
      last.waste.nano_usd += f.waste_nano_usd[hit.finding];
      last.waste.critical_ns += f.waste_critical_ns[hit.finding];
      // A label has overruled what the trace says of itself.
      last.decided = last.decided || (f.decided_outcome[hit.finding] != 0 &&
                                      population_.rule(unit) != OutcomeRule::kLabel);
    }
  }

  void CountTraces() {
    std::unordered_set<Word> tasks, versions, agents;
    std::unordered_set<std::uint32_t> sessions;
    std::unordered_map<Word, std::int64_t> models, tags;
    Row last = UINT32_MAX;
    out_.first_ns = INT64_MAX;
    out_.last_ns = INT64_MIN;
    for (const Hit& hit : hits_) {
      const Row row = population_.rows()[hit.index];
      out_.occurrences += c_.findings.occurrences[hit.finding];
      ++tags[c_.findings.tag[hit.finding]];
      if (row == last) continue;
      last = row;
      traces_.push_back(hit.index);
      out_.first_ns = std::min(out_.first_ns, c_.start_ns[row]);
      out_.last_ns = std::max(out_.last_ns, c_.start_ns[row]);
      tasks.insert(c_.task[row]);
      versions.insert(c_.version[row]);
      sessions.insert(table_.session_of(row));
      for (const Word agent : c_.agents[row]) agents.insert(agent);
      for (const Word model : c_.models[row]) ++models[model];
    }
    // 0 stands for unknown.
    tasks.erase(0);
    versions.erase(0);
    sessions.erase(0);
    agents.erase(0);
    out_.traces = static_cast<std::int64_t>(traces_.size());
    out_.tasks = static_cast<std::int64_t>(tasks.size());
    out_.versions = static_cast<std::int64_t>(versions.size());
    out_.sessions = static_cast<std::int64_t>(sessions.size());
    out_.agents = static_cast<std::int64_t>(agents.size());
    out_.models = MostFirst(models);
    if (const auto by_count = MostFirst(tags); !by_count.empty()) out_.tag = by_count.front().first;
  }

  std::vector<std::pair<std::string, std::int64_t>> MostFirst(
      const std::unordered_map<Word, std::int64_t>& counts) const {
    std::vector<std::pair<std::string, std::int64_t>> sorted;
    for (const auto& [word, count] : counts) {
      sorted.emplace_back(std::string(table_.Text(word)), count);
    }
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    return sorted;
  }

  void CountUnits(Word tool) {
    out_.units = static_cast<std::int64_t>(units_.size());
    out_.trend_all = population_.trend();
    std::vector<std::int64_t> tokens, nano_usd, critical_ns;
    for (const UnitHit& unit : units_) {
      ++out_.trend[population_.PartOf(population_.start_ns(unit.unit))];
      out_.waste.tokens += unit.waste.tokens;
      out_.waste.nano_usd += unit.waste.nano_usd;
      out_.waste.critical_ns += unit.waste.critical_ns;
      tokens.push_back(unit.waste.tokens);
      nano_usd.push_back(unit.waste.nano_usd);
      critical_ns.push_back(unit.waste.critical_ns);
    }
    out_.median = {Median(tokens), Median(nano_usd), Median(critical_ns)};

    // A unit that shows a mode could show it, whatever else is known of it.
    const Word slot = eligibility_.SlotOf(tool);
    out_.eligible_units = eligibility_.Units(out_.detector, slot);
    auto unit = units_.begin();
    for (const std::uint32_t index : traces_) {
      while (unit->unit != population_.unit(index)) ++unit;
      unit->could_show =
          unit->could_show || CouldShow(c_, population_.rows()[index], out_.detector, slot);
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
    std::unordered_map<std::uint32_t, Waste> waste_of;
    for (const UnitHit& unit : units_) waste_of[unit.unit] = unit.waste;
    const auto distance = [](std::int64_t a, std::int64_t b) { return a < b ? b - a : a - b; };
    struct Candidate {
      Row row;
      std::int64_t usd, critical, tokens;  // distances from the median
    };
    std::vector<Candidate> candidates;
    for (const std::uint32_t index : traces_) {
      const Waste& waste = waste_of[population_.unit(index)];
      candidates.push_back({population_.rows()[index],
                            distance(waste.nano_usd, out_.median.nano_usd),
                            distance(waste.critical_ns, out_.median.critical_ns),
                            distance(waste.tokens, out_.median.tokens)});
    }
    const auto newer = [&](const Candidate& a, const Candidate& b) {
      if (c_.start_ns[a.row] != c_.start_ns[b.row]) return c_.start_ns[a.row] > c_.start_ns[b.row];
      return table_.Key(a.row) < table_.Key(b.row);
    };
    const auto typical = [&](const Candidate& a, const Candidate& b) {
      if (a.usd != b.usd) return a.usd < b.usd;
      if (a.critical != b.critical) return a.critical < b.critical;
      if (a.tokens != b.tokens) return a.tokens < b.tokens;
      return newer(a, b);
    };
    const auto first = std::min_element(candidates.begin(), candidates.end(), typical);
    std::iter_swap(candidates.begin(), first);
    std::sort(candidates.begin() + 1, candidates.end(), newer);

    std::vector<Row> chosen = {candidates.front().row};
    std::vector<bool> taken(candidates.size());
    taken[0] = true;
    // First those that differ in all that is known, then in anything, then whatever is left.
    for (const int needed : {2, 1, 0}) {
      for (std::size_t i = 1; i < candidates.size() && chosen.size() < kExamples; ++i) {
        if (taken[i] || Novelty(candidates[i].row, chosen) < needed) continue;
        taken[i] = true;
        chosen.push_back(candidates[i].row);
      }
    }
    for (const Row row : chosen) out_.examples.push_back(table_.Key(row));
  }

  // 2: differs from each chosen trace in task, session and time part; 1: in one of them.
  int Novelty(Row row, const std::vector<Row>& chosen) const {
    bool task = true, session = true, part = true;
    for (const Row other : chosen) {
      task = task && c_.task[row] != c_.task[other];
      session = session && table_.session_of(row) != table_.session_of(other);
      part = part && population_.PartOf(c_.start_ns[row]) != population_.PartOf(c_.start_ns[other]);
    }
    const bool knows_task = c_.task[row] != 0;
    const bool knows_session = table_.session_of(row) != 0;
    if ((task || !knows_task) && (session || !knows_session) && part) return 2;
    return (task && knows_task) || (session && knows_session) || part ? 1 : 0;
  }

  const Population& population_;
  const SummaryTable& table_;
  const SummaryColumns& c_;
  const Eligibility& eligibility_;
  std::vector<Hit> hits_;
  std::vector<UnitHit> units_;
  std::vector<std::uint32_t> traces_;  // indexes of affected rows, in the order of hits_
  ModeStats out_;
};

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
      hits[table.mode_of(f)].push_back({static_cast<std::uint32_t>(i), f});
      tools[c.findings.tool[f]] = true;
    }
  }
  tools[0] = false;
  const Eligibility eligibility(population, tools);
  std::vector<ModeStats> out;
  for (std::vector<Hit>& of_mode : hits) {
    if (!of_mode.empty()) {
      out.push_back(ModeAnswer(population, eligibility, std::move(of_mode)).Answer());
    }
  }
  std::sort(out.begin(), out.end(),
            [](const ModeStats& a, const ModeStats& b) { return a.id < b.id; });
  return out;
}

}  // namespace halo
