// SPDX-License-Identifier: MIT
// Patterns that separate noted runs, and that noise has none.
#include "engine/analysis/find_patterns.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "engine/model/behaviour.h"

namespace halo {
namespace {

std::string Calls(const std::string& tool) { return BehaviourText(BehaviourKind::kCalls, 0, tool); }

class Notes {
 public:
  void Add(bool has, std::vector<std::string> behaviours, std::vector<ModeId> modes = {}) {
    TraceSummary& summary = summaries_.emplace_back();
    summary.trace_id = "run" + std::to_string(summaries_.size());
    std::sort(behaviours.begin(), behaviours.end());
    summary.behaviours = std::move(behaviours);
    for (const ModeId mode : modes) summary.findings.emplace_back().mode = mode;
    has_.push_back(has);
  }
  std::vector<FoundPattern> Find(std::size_t most = 3) const {
    std::vector<LabelledSummary> runs;
    for (std::size_t i = 0; i < summaries_.size(); ++i) runs.push_back({&summaries_[i], has_[i]});
    return FindPatterns(runs, most);
  }

 private:
  std::vector<TraceSummary> summaries_;
  std::vector<bool> has_;
};

}  // namespace

TEST_CASE("a behaviour that only runs of the category have is found, with what it is worth") {
  Notes notes;
  for (int i = 0; i < 40; ++i) {
    const bool has = i % 4 == 0;
    std::vector<std::string> did = {Calls("search"), Calls("tool" + std::to_string(i % 3))};
    if (has || i == 1) did.push_back(Calls("cancel"));  // one run without it does so too
    notes.Add(has, did, has ? std::vector<ModeId>{7, 8} : std::vector<ModeId>{8});
  }
  const std::vector<FoundPattern> found = notes.Find();
  REQUIRE_FALSE(found.empty());
  // The failure mode separates better than the behaviour.
  CHECK(found[0].pattern == Pattern{{}, 7});
  CHECK(found[0].with == 10);
  CHECK(found[0].without == 0);
  CHECK(found[0].hits == 10);
  CHECK(found[0].said == 10);
  CHECK(found[0].shown == 10);
  CHECK(found[0].precision.low > 0.65);
  const auto behaviour = std::find_if(found.begin(), found.end(), [](const FoundPattern& one) {
    return one.pattern == Pattern{{Calls("cancel")}, 0};
  });
  REQUIRE(behaviour != found.end());
  CHECK(behaviour->without == 1);
}

TEST_CASE("two marks are joined where one does not separate") {
  Notes notes;
  for (int i = 0; i < 64; ++i) {
    const bool a = i % 2 == 0, b = i % 4 < 2;
    std::vector<std::string> did = {Calls("always")};
    if (a) did.push_back(Calls("a"));
    if (b) did.push_back(Calls("b"));
    notes.Add(a && b, did);
  }
  const std::vector<FoundPattern> found = notes.Find();
  REQUIRE_FALSE(found.empty());
  CHECK(found[0].pattern == Pattern{{Calls("a"), Calls("b")}, 0});
  CHECK(found[0].without == 0);
  CHECK(found[0].hits == 16);
}

TEST_CASE("too few notes have no pattern, nor have runs that are all alike") {
  Notes few, alike;
  for (int i = 0; i < 20; ++i) few.Add(i < 4, {Calls(i < 4 ? "a" : "b")});
  CHECK(few.Find().empty());
  for (int i = 0; i < 40; ++i) alike.Add(i % 2 == 0, {Calls("a"), Calls("b")});
  CHECK(alike.Find().empty());
  Notes all;
  for (int i = 0; i < 40; ++i) all.Add(true, {Calls("a")});
  CHECK(all.Find().empty());
}

TEST_CASE("noise has seldom a pattern, however many marks there are") {
  std::mt19937_64 random(6);
  int found = 0;
  constexpr int kRounds = 40;
  for (int round = 0; round < kRounds; ++round) {
    Notes notes;
    for (int i = 0; i < 40; ++i) {
      std::vector<std::string> did;
      for (int tool = 0; tool < 60; ++tool) {
        if (random() % 2 == 0) did.push_back(Calls("tool" + std::to_string(tool)));
      }
      notes.Add(i % 4 == 0, did);
    }
    found += !notes.Find().empty();
  }
  CHECK(found <= kRounds / 10);
}

}  // namespace halo
