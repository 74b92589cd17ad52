// SPDX-License-Identifier: MIT
// The numbers from which detectors call something a failure: [thresholds] of halo.toml, part of the
// analysis. Each is declared once, in kThresholds. Defaults and their sources are in the files of
// the detectors.
#pragma once

#include <array>
#include <string_view>

namespace halo {

struct Thresholds {
  double stall_seconds = 60;
  double stall_times_median = 10;
  double no_tool_use_share = 0.3;
  double same_answer_arguments = 3;
  double redundant_call_calls = 2;
  double oversized_result_share = 0.25;
  double oversized_result_tokens = 2000;
  double context_bloat_growth = 3;
  double context_bloat_tokens = 32000;

  bool operator==(const Thresholds&) const = default;
};

struct Threshold {
  std::string_view key;
  double Thresholds::*value;
  double min, max;
};

inline constexpr std::array kThresholds = {
    Threshold{"stall_seconds", &Thresholds::stall_seconds, 1, 86400},
    Threshold{"stall_times_median", &Thresholds::stall_times_median, 1.5, 1000},
    Threshold{"no_tool_use_share", &Thresholds::no_tool_use_share, 0, 1},
    Threshold{"same_answer_arguments", &Thresholds::same_answer_arguments, 2, 1000},
    Threshold{"redundant_call_calls", &Thresholds::redundant_call_calls, 2, 1000},
    Threshold{"oversized_result_share", &Thresholds::oversized_result_share, 0.01, 1},
    Threshold{"oversized_result_tokens", &Thresholds::oversized_result_tokens, 100, 1e7},
    Threshold{"context_bloat_growth", &Thresholds::context_bloat_growth, 1.1, 1000},
    Threshold{"context_bloat_tokens", &Thresholds::context_bloat_tokens, 100, 1e7},
};

}  // namespace halo
