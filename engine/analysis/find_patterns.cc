// SPDX-License-Identifier: MIT
#include "engine/analysis/find_patterns.h"

#include <algorithm>
#include <bit>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "engine/base/hash.h"
#include "engine/detectors/all_detectors.h"
#include "engine/model/behaviour.h"

namespace halo {
namespace {

constexpr std::size_t kFolds = 5;
constexpr std::size_t kMostMarks = 400;   // those that most runs show
constexpr std::size_t kMostJoined = 100;  // the best single ones; pairs are made of these
constexpr std::size_t kMostRuns = 1000;
constexpr std::uint64_t kSeed = 0x70617474;

// One bit for each run.
using Bits = std::vector<std::uint64_t>;

void Set(Bits& bits, std::size_t at) { bits[at / 64] |= std::uint64_t{1} << at % 64; }
bool Get(const Bits& bits, std::size_t at) { return (bits[at / 64] >> at % 64 & 1) != 0; }

struct Mark {
  std::string behaviour;  // empty: a mode
  ModeId mode = 0;
  int length = 1;
  Bits runs;
};

// What a pattern says of some runs.
struct Score {
  std::int64_t with = 0, without = 0;

  double F1(std::int64_t all_with) const {
    return 2 * static_cast<double>(with) / static_cast<double>(with + without + all_with);
  }
};

Score Count(const Bits& a, const Bits* b, const Bits& has, const Bits& among) {
  Score out;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::uint64_t bits = a[i] & (b ? (*b)[i] : ~std::uint64_t{0}) & among[i];
    out.with += std::popcount(bits & has[i]);
    out.without += std::popcount(bits & ~has[i]);
  }
  return out;
}

struct Choice {
  std::size_t first = 0;
  std::optional<std::size_t> second;
  double f1 = 0;
  int length = 0;
};

bool IsBetter(const Choice& a, const Choice& b) {
  return std::tuple(-a.f1, a.length, a.first, a.second) <
         std::tuple(-b.f1, b.length, b.first, b.second);
}

class Search {
 public:
  explicit Search(std::span<const LabelledSummary> runs) : runs_(runs) {
    const std::size_t words = runs.size() / 64 + 1;
    has_.assign(words, 0);
    all_.assign(words, 0);
    std::map<std::pair<std::string, ModeId>, std::size_t> known;
    const auto add = [&](std::string behaviour, ModeId mode, int length, std::size_t run) {
      const auto [found, is_new] = known.emplace(std::pair(behaviour, mode), marks_.size());
      if (is_new) marks_.push_back({std::move(behaviour), mode, length, Bits(words, 0)});
      Set(marks_[found->second].runs, run);
    };
    for (std::size_t i = 0; i < runs.size(); ++i) {
      Set(all_, i);
      if (runs[i].has) Set(has_, i);
      for (const std::string& text : runs[i].summary->behaviours) {
        const std::optional<Behaviour> behaviour = ParseBehaviour(text);
        // How long a run was and how it was set up is no pattern of what went wrong.
        if (!behaviour || behaviour->IsLength() || behaviour->IsSetup()) continue;
        add(text, 0, behaviour->Length(), i);
      }
      for (const StoredFinding& finding : runs[i].summary->findings) {
        // A rule is made of a pattern.
        if (finding.detector != kRuleDetectorId) add({}, finding.mode, 1, i);
      }
    }
    DropUseless();
  }

  std::size_t size() const { return runs_.size(); }
  const Bits& has() const { return has_; }
  const Bits& all() const { return all_; }

  // The best choices on `among`, best first, at most `most`.
  std::vector<Choice> Best(const Bits& among, std::size_t most) const {
    std::int64_t all_with = 0;
    for (std::size_t i = 0; i < has_.size(); ++i) all_with += std::popcount(has_[i] & among[i]);
    std::vector<Choice> out;
    const auto consider = [&](std::size_t first, std::optional<std::size_t> second) {
      const Score score =
          Count(marks_[first].runs, second ? &marks_[*second].runs : nullptr, has_, among);
      if (score.with < 2) return;
      const int length = marks_[first].length + (second ? marks_[*second].length : 0);
      out.push_back({first, second, score.F1(all_with), length});
    };
    for (std::size_t i = 0; i < marks_.size(); ++i) consider(i, std::nullopt);
    std::sort(out.begin(), out.end(), IsBetter);
    std::vector<std::size_t> single;
    for (const Choice& choice : out) {
      if (single.size() == kMostJoined) break;
      single.push_back(choice.first);
    }
    for (std::size_t i = 0; i < single.size(); ++i) {
      for (std::size_t j = i + 1; j < single.size(); ++j) {
        const auto [a, b] = std::minmax(single[i], single[j]);
        // A filter has room for one mode.
        if (marks_[a].mode != 0 && marks_[b].mode != 0) continue;
        consider(a, b);
      }
    }
    const std::size_t kept = std::min(most, out.size());
    std::partial_sort(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(kept), out.end(),
                      IsBetter);
    out.resize(kept);
    return out;
  }

  Bits RunsOf(const Choice& choice) const {
    Bits out = marks_[choice.first].runs;
    for (std::size_t i = 0; choice.second && i < out.size(); ++i) {
      out[i] &= marks_[*choice.second].runs[i];
    }
    return out;
  }
  Pattern PatternOf(const Choice& choice) const {
    Pattern out;
    const auto add = [&](const Mark& mark) {
      if (mark.mode != 0) out.mode = mark.mode;
      if (!mark.behaviour.empty()) out.behaviours.push_back(mark.behaviour);
    };
    add(marks_[choice.first]);
    if (choice.second) add(marks_[*choice.second]);
    return out;
  }

 private:
  // Marks that all runs show, or fewer than two with the category; of marks of the same runs the
  // shortest stays.
  void DropUseless() {
    std::stable_sort(marks_.begin(), marks_.end(), [](const Mark& a, const Mark& b) {
      return std::tuple(a.length, a.behaviour, a.mode) < std::tuple(b.length, b.behaviour, b.mode);
    });
    std::set<Bits> seen;
    std::erase_if(marks_, [&](const Mark& mark) {
      const Score score = Count(mark.runs, nullptr, has_, all_);
      return score.with < 2 || mark.runs == all_ || !seen.insert(mark.runs).second;
    });
    if (marks_.size() <= kMostMarks) return;
    // By a measure that does not know which runs have the category.
    std::stable_sort(marks_.begin(), marks_.end(), [&](const Mark& a, const Mark& b) {
      return Count(a.runs, nullptr, all_, all_).with > Count(b.runs, nullptr, all_, all_).with;
    });
    marks_.resize(kMostMarks);
  }

  std::span<const LabelledSummary> runs_;
  std::vector<Mark> marks_;
  Bits has_, all_;
};

// Deals the runs into parts, those with the category and those without each in turn, in an order
// that does not depend on what they show.
std::vector<std::size_t> DealFolds(std::span<const LabelledSummary> runs) {
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    order.emplace_back(MixHash(kSeed, Fnv1a(runs[i].summary->trace_id)), i);
  }
  std::sort(order.begin(), order.end());
  std::vector<std::size_t> fold(runs.size());
  std::size_t next[2] = {0, 0};
  for (const auto& [hash, run] : order) fold[run] = next[runs[run].has ? 1 : 0]++ % kFolds;
  return fold;
}

// The search, tried on runs that it did not see.
void CrossValidate(const Search& search, std::span<const LabelledSummary> runs, FoundPattern& out) {
  const std::vector<std::size_t> fold = DealFolds(runs);
  for (std::size_t part = 0; part < kFolds; ++part) {
    Bits others(search.all().size(), 0);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (fold[i] != part) Set(others, i);
    }
    const std::vector<Choice> best = search.Best(others, 1);
    const Bits said = best.empty() ? Bits(search.all().size(), 0) : search.RunsOf(best.front());
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (fold[i] != part) continue;
      out.said += Get(said, i);
      out.shown += runs[i].has;
      out.hits += Get(said, i) && runs[i].has;
    }
  }
  out.precision = WilsonInterval(out.hits, out.said);
  out.recall = WilsonInterval(out.hits, out.shown);
}

}  // namespace

bool Matches(const Pattern& pattern, const TraceSummary& summary) {
  const bool behaves = std::all_of(
      pattern.behaviours.begin(), pattern.behaviours.end(), [&](const std::string& one) {
        return std::binary_search(summary.behaviours.begin(), summary.behaviours.end(), one);
      });
  return behaves &&
         (pattern.mode == 0 ||
          std::any_of(summary.findings.begin(), summary.findings.end(),
                      [&](const StoredFinding& finding) { return finding.mode == pattern.mode; }));
}

std::vector<FoundPattern> FindPatterns(std::span<const LabelledSummary> runs, std::size_t most) {
  runs = runs.first(std::min(runs.size(), kMostRuns));
  const auto with = static_cast<std::size_t>(
      std::count_if(runs.begin(), runs.end(), [](const LabelledSummary& run) { return run.has; }));
  if (with < kFewestWith || runs.size() - with < kFewestWithout) return {};
  const Search search(runs);
  FoundPattern measured;
  CrossValidate(search, runs, measured);
  const double share = static_cast<double>(with) / static_cast<double>(runs.size());
  if (measured.said == 0 || measured.precision.low <= share) return {};
  std::vector<FoundPattern> out;
  std::set<Bits> seen;
  for (const Choice& choice : search.Best(search.all(), most * 8)) {
    if (out.size() == most) break;
    const Bits matched = search.RunsOf(choice);
    if (!seen.insert(matched).second) continue;
    FoundPattern& found = out.emplace_back(measured);
    found.pattern = search.PatternOf(choice);
    const Score score = Count(matched, nullptr, search.has(), search.all());
    found.with = score.with;
    found.without = score.without;
  }
  return out;
}

}  // namespace halo
