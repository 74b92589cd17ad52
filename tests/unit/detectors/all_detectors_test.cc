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
      {"no_tool_use", 22},
      {"stall", 23},
      {"same_answer_for_all", 24},
      {"redundant_call", 25},
      {"lost_result", 26},
      {"cut_result", 27},
      {"ungrounded_argument", 28},
      {"oversized_result", 29},
      {"context_bloat", 30},
      {"echoed_action", 31},
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

TEST_CASE(
    "what repeats owns waste before what fails, that before how a run ended, then what costs") {
  std::vector<std::string_view> names;
  for (const TraceDetector& detector : AllTraceDetectors()) names.push_back(detector.name);
  const std::vector<std::string_view> expected = {
      "same_answer_for_all", "retry_storm",
      "error_repeat",        "cycle",
      "exact_repeat",        "poll_no_progress",
      "redundant_call",      "invalid_call",
      "truncated",           "refusal",
      "empty_final",         "error_cluster",
      "rejected_turn",       "error_as_success",
      "user_corrects",       "no_tool_use",
      "stopped_early",       "announced_not_done",
      "plan_not_followed",   "unsupported_claim",
      "made_up_data",        "ungrounded_argument",
      "echoed_action",       "lost_result",
      "cut_result",          "limit_hit",
      "unfinished",          "oversized_result",
      "context_bloat",       "stall",
  };
  CHECK(names == expected);
}

}  // namespace
}  // namespace halo
