// SPDX-License-Identifier: MIT
#include "engine/detectors/all_detectors.h"

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace halo {
namespace {

TEST_CASE("ids of detectors are unique, fit the stored bits and never change") {
  const std::map<std::string, int> stored = {
      {"error_cluster", 0},
      {"exact_repeat", 1},
      {"truncated", 2},
      {"error_repeat", 3},
      {"cycle", 4},
      {"poll_no_progress", 5},
      {"invalid_call", 6},
      {"retry_storm", 7},
      {"refusal", 8},
      {"limit_hit", 9},
      {"empty_final", 10},
      {"unfinished", 11},
      {"error_as_success", 12},
      {"user_corrects", 13},
      {"rejected_turn", 14},
      {"stopped_early", 15},
      {"announced_not_done", 16},
      {"plan_not_followed", 17},
      {"unsupported_claim", 18},
      {"made_up_data", 19},
  };
  std::set<int> ids;
  for (const TraceDetector& detector : AllTraceDetectors()) {
    INFO(detector.name);
    CHECK(ids.insert(detector.id).second);
    CHECK(detector.id < 64);
    CHECK(FindTraceDetector(detector.id) == &detector);
    const auto before = stored.find(std::string(detector.name));
    if (before != stored.end()) CHECK(before->second == detector.id);
  }
  CHECK(FindTraceDetector(63) == nullptr);
}

TEST_CASE("what repeats owns waste before what fails, and that before how a run ended") {
  std::vector<std::string_view> names;
  for (const TraceDetector& detector : AllTraceDetectors()) names.push_back(detector.name);
  CHECK(names == std::vector<std::string_view>{
                     "retry_storm",       "error_repeat",      "cycle",
                     "exact_repeat",      "poll_no_progress",  "invalid_call",
                     "truncated",         "refusal",           "empty_final",
                     "error_cluster",     "rejected_turn",     "error_as_success",
                     "user_corrects",     "stopped_early",     "announced_not_done",
                     "plan_not_followed", "unsupported_claim", "made_up_data",
                     "limit_hit",         "unfinished"});
}

}  // namespace
}  // namespace halo
