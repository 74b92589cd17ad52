// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "engine/model/behaviour.h"
#include "engine/model/cohorts.h"
#include "engine/summaries/aggregates.h"
#include "engine/summaries/eligibility.h"
#include "engine/summaries/eligible_units.h"
#include "engine/summaries/entries.h"
#include "engine/summaries/population.h"
#include "engine/summaries/selection.h"

namespace halo {
namespace {

using Row = SummaryTable::Row;
constexpr std::uint32_t kNone = UINT32_MAX;

// Where a unit is among the runs of the two sides.
struct Place {
  std::uint8_t side = 2;  // 2: on none
  std::uint32_t run = 0;
};

using Counts = std::map<std::string, std::int64_t>;

std::vector<NamedCount> MostFirst(const Counts& counts) {
  std::vector<NamedCount> out;
  for (const auto& [name, runs] : counts) out.push_back({name, runs, 0});
  std::stable_sort(out.begin(), out.end(),
                   [](const NamedCount& a, const NamedCount& b) { return a.traces > b.traces; });
  return out;
}

void Join(std::string_view word, std::string& list) {
  if (word.empty()) return;
  if (!list.empty()) list += ", ";
  list += word;
}

class CohortAnswer {
 public:
  CohortAnswer(const SummaryTable& table, const CohortQuestion& question)
      : table_(table),
        c_(table.columns()),
        question_(question),
        population_(table, question.base, RowUnits(table, question.base.units)),
        places_(population_.unit_count()) {}

  Cohorts Answer() {
    ChooseSides();
    AddRuns();
    AddModes();
    AddBehaviours();
    return std::move(out_);
  }

 private:
  // Which units a filter selects: those with a trace that passes it. The outcome is that of the
  // whole unit.
  std::vector<bool> UnitsOf(TraceFilter filter, Cohort& side) const {
    const std::optional<Outcome> outcome = std::exchange(filter.outcome, std::nullopt);
    Question question = question_.base;
    question.filter = std::move(filter);
    std::vector<bool> passes(table_.rows()), chosen(population_.unit_count());
    std::int64_t matched = 0;
    for (const Row row : MatchingRows(table_, question)) {
      passes[row] = true;
      matched += !outcome || table_.outcome(row) == *outcome;
    }
    for (std::size_t i = 0; i < population_.rows().size(); ++i) {
      const std::uint32_t unit = population_.unit(i);
      if (!passes[population_.rows()[i]]) continue;
      if (outcome && population_.outcome(unit) != *outcome) continue;
      chosen[unit] = true;
      --matched;
    }
    side.open_traces = std::max<std::int64_t>(0, matched);
    return chosen;
  }

  void ChooseSides() {
    const std::vector<bool> a = UnitsOf(question_.a, out_.sides[0]);
    std::vector<bool> b(a.size());
    if (question_.b) {
      b = UnitsOf(*question_.b, out_.sides[1]);
    } else {
      for (std::size_t unit = 0; unit < a.size(); ++unit) b[unit] = !a[unit];
    }
    for (std::size_t unit = 0; unit < a.size(); ++unit) {
      if (a[unit] && b[unit]) {
        ++out_.in_both;
      } else if (a[unit] || b[unit]) {
        places_[unit].side = a[unit] ? 0 : 1;
      }
    }
  }

  Place& PlaceOf(std::size_t index) { return places_[population_.unit(index)]; }

  // The runs of each side, by the start of their first trace, then by its key.
  void AddRuns() {
    std::vector<std::uint32_t> first(places_.size(), kNone);
    const auto before = [&](std::uint32_t x, std::uint32_t y) {
      const std::int64_t at = population_.run(x).start_ns, other = population_.run(y).start_ns;
      if (at != other) return at < other;
      return table_.Key(population_.rows()[x]) < table_.Key(population_.rows()[y]);
    };
    for (std::uint32_t i = 0; i < population_.rows().size(); ++i) {
      std::uint32_t& known = first[population_.unit(i)];
      if (known == kNone || before(i, known)) known = i;
    }
    std::vector<std::uint32_t> order;
    for (std::uint32_t unit = 0; unit < places_.size(); ++unit) {
      if (places_[unit].side < 2) order.push_back(first[unit]);
    }
    std::sort(order.begin(), order.end(), before);
    const Clusters clusters(population_);
    out_.clusters = clusters.count();
    out_.parts = table_.session_count() + population_.unit_count();
    for (const std::uint32_t i : order) {
      const std::uint32_t unit = population_.unit(i);
      Cohort& side = out_.sides[places_[unit].side];
      places_[unit].run = static_cast<std::uint32_t>(side.runs.size());
      const Run& run = population_.run(i);
      CohortRun& added = side.runs.emplace_back();
      added.cluster = clusters.of(unit);
      added.part = run.session != 0 ? run.session : table_.session_count() + unit;
      added.knows_task = run.task != 0;
      added.name = c_.name[population_.rows()[i]];
      added.stratum = static_cast<std::uint8_t>(population_.StratumOf(unit));
      added.outcome = population_.outcome(unit);
      added.trace = table_.Key(population_.rows()[i]);
    }
    AddAmounts();
  }

  struct Sums {
    std::int64_t tokens = 0, nano_usd = 0, duration_ns = 0;
    bool unpriced = false, untimed = false;
    std::string models, version, prompts, tools;
  };

  void AddAmounts() {
    std::array<std::vector<Sums>, 2> sums;
    for (std::size_t side = 0; side < 2; ++side) sums[side].resize(out_.sides[side].runs.size());
    for (std::size_t i = 0; i < population_.rows().size(); ++i) {
      const Place place = PlaceOf(i);
      if (place.side > 1) continue;
      const Row row = population_.rows()[i];
      Sums& sum = sums[place.side][place.run];
      ++out_.sides[place.side].traces;
      sum.tokens += UsageAt(c_.usage, row).total();
      sum.nano_usd += c_.nano_usd[row];
      sum.unpriced = sum.unpriced || c_.unpriced_calls[row] > 0;
      const std::int64_t ns = PlausibleNs(c_.start_ns[row], c_.end_ns[row]);
      sum.untimed = sum.untimed || ns < 0;
      sum.duration_ns += std::max<std::int64_t>(0, ns);
      for (const StringId model : c_.models[row]) Join(table_.Text(model), sum.models);
      if (sum.version.empty()) sum.version = table_.Text(c_.version[row]);
      AddSetups(row, sum);
    }
    for (std::size_t side = 0; side < 2; ++side) {
      Cohort& cohort = out_.sides[side];
      std::array<Counts, 4> counts;
      for (std::size_t run = 0; run < cohort.runs.size(); ++run) {
        const Sums& sum = sums[side][run];
        CohortRun& known = cohort.runs[run];
        // Without any usage, usage is not recorded; without a price, the cost is not known.
        if (sum.tokens > 0) known.tokens = sum.tokens;
        if (sum.nano_usd > 0 && !sum.unpriced) known.nano_usd = sum.nano_usd;
        if (!sum.untimed) known.duration_ns = sum.duration_ns;
        const std::array<const std::string*, 4> names = {&sum.models, &sum.version, &sum.prompts,
                                                         &sum.tools};
        for (std::size_t n = 0; n < names.size(); ++n) {
          if (!names[n]->empty()) ++counts[n][*names[n]];
        }
      }
      cohort.models = MostFirst(counts[0]);
      cohort.versions = MostFirst(counts[1]);
      cohort.prompts = MostFirst(counts[2]);
      cohort.tool_sets = MostFirst(counts[3]);
    }
  }

  void AddSetups(Row row, Sums& sum) {
    for (const StringId word : c_.behaviours[row]) {
      const Behaviour& what = Parsed(word);
      if (!what.IsSetup()) continue;
      std::string name = what.a;
      if (!name.empty()) name += ' ';
      Join(name + what.b, what.kind == BehaviourKind::kPrompt ? sum.prompts : sum.tools);
    }
  }

  const Behaviour& Parsed(StringId word) {
    const auto known = parsed_.find(word);
    if (known != parsed_.end()) return known->second;
    std::optional<Behaviour> read = ParseBehaviour(table_.Text(word));
    return parsed_.emplace(word, read ? *std::move(read) : Behaviour()).first->second;
  }

  // The units that show each entry, sorted.
  std::vector<std::vector<std::uint32_t>> UnitsOfEntries(const Entries& entries) {
    std::vector<std::vector<std::uint32_t>> units(entries.size());
    for (std::size_t i = 0; i < population_.rows().size(); ++i) {
      if (PlaceOf(i).side > 1) continue;
      const Row row = population_.rows()[i];
      for (std::uint32_t f = c_.finding_begin(row); f < c_.finding_end[row]; ++f) {
        units[entries.Of(table_.mode_of(f))].push_back(population_.unit(i));
      }
    }
    for (std::vector<std::uint32_t>& each : units) {
      std::sort(each.begin(), each.end());
      each.erase(std::unique(each.begin(), each.end()), each.end());
    }
    return units;
  }

  CohortSet RunsOf(const std::vector<std::uint32_t>& units) const {
    CohortSet runs;
    for (const std::uint32_t unit : units) {
      const Place& place = places_[unit];
      if (place.side < 2) runs[place.side].push_back(place.run);
    }
    for (std::vector<std::uint32_t>& side : runs) std::sort(side.begin(), side.end());
    return runs;
  }

  void AddModes() {
    const Entries entries(table_, question_.base);
    std::vector<std::vector<std::uint32_t>> units = UnitsOfEntries(entries);
    std::vector<std::uint32_t> kept, findings;
    for (std::uint32_t entry = 0; entry < units.size(); ++entry) {
      if (units[entry].size() < kFewestSupport) {
        out_.rare_modes += !units[entry].empty();
        continue;
      }
      kept.push_back(entry);
      for (const std::uint32_t mode : entries.Members(entry)) {
        findings.push_back(table_.finding_of(mode));
      }
    }
    const Eligibility eligibility(population_, findings);
    const Clusters clusters(population_);
    EligibleUnits eligible(population_, clusters);
    std::map<std::vector<EligibleSlot>, std::uint32_t> sets;
    for (const std::uint32_t entry : kept) {
      std::vector<EligibleSlot> slots;
      EligibleBy by{};
      for (const std::uint32_t mode : entries.Members(entry)) {
        slots.push_back(eligibility.Of(table_.finding_of(mode), by));
      }
      std::sort(slots.begin(), slots.end());
      slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
      CohortMode& mode = out_.modes.emplace_back(Described(entries, entry));
      mode.runs = RunsOf(units[entry]);
      mode.eligible = EligibleSet(eligibility, slots, units[entry], eligible, sets);
    }
    std::sort(out_.modes.begin(), out_.modes.end(),
              [](const CohortMode& a, const CohortMode& b) { return a.id < b.id; });
  }

  CohortMode Described(const Entries& entries, std::uint32_t entry) const {
    const FindingColumns& f = c_.findings;
    const std::uint32_t head = entries.Head(entry), finding = table_.finding_of(head);
    CohortMode mode;
    mode.id = table_.mode_id(head);
    mode.detector = f.detector[finding];
    mode.locus = {std::string(table_.Text(f.agent[finding])),
                  std::string(table_.Text(f.tool[finding])),
                  std::string(table_.Text(f.span_name[finding]))};
    mode.signature = table_.Text(f.signature[finding]);
    return mode;
  }

  // The number of the set of runs that could show an entry. A run that shows it counts, even if the
  // detector disagrees; such an entry has a set of its own.
  std::uint32_t EligibleSet(const Eligibility& eligibility, const std::vector<EligibleSlot>& slots,
                            const std::vector<std::uint32_t>& hits, EligibleUnits& eligible,
                            std::map<std::vector<EligibleSlot>, std::uint32_t>& sets) {
    eligible.Set(eligibility, slots);
    const bool all_known = std::all_of(hits.begin(), hits.end(),
                                       [&](std::uint32_t unit) { return eligible.Has(unit); });
    if (all_known && sets.contains(slots)) return sets[slots];
    std::vector<std::uint32_t> units;
    for (std::uint32_t unit = 0; unit < places_.size(); ++unit) {
      if (places_[unit].side > 1) continue;
      if (eligible.Has(unit) || std::binary_search(hits.begin(), hits.end(), unit)) {
        units.push_back(unit);
      }
    }
    const auto number = static_cast<std::uint32_t>(out_.eligible.size());
    out_.eligible.push_back(RunsOf(units));
    if (all_known) sets[slots] = number;
    return number;
  }

  void AddBehaviours() {
    std::unordered_map<StringId, std::vector<std::uint32_t>> units;
    for (std::size_t i = 0; i < population_.rows().size(); ++i) {
      if (PlaceOf(i).side > 1) continue;
      for (const StringId word : c_.behaviours[population_.rows()[i]]) {
        if (!Parsed(word).IsSetup()) units[word].push_back(population_.unit(i));
      }
    }
    for (auto& [word, in] : units) {
      std::sort(in.begin(), in.end());
      in.erase(std::unique(in.begin(), in.end()), in.end());
      if (in.size() < kFewestSupport) continue;
      out_.behaviours.push_back({std::string(table_.Text(word)), RunsOf(in)});
    }
    std::sort(out_.behaviours.begin(), out_.behaviours.end(),
              [](const CohortBehaviour& a, const CohortBehaviour& b) { return a.text < b.text; });
  }

  const SummaryTable& table_;
  const SummaryColumns& c_;
  const CohortQuestion& question_;
  const Population population_;
  std::vector<Place> places_;  // by unit
  std::unordered_map<StringId, Behaviour> parsed_;
  Cohorts out_;
};

}  // namespace

Cohorts AnswerCohorts(const SummaryTable& table, const CohortQuestion& question) {
  return CohortAnswer(table, question).Answer();
}

}  // namespace halo
