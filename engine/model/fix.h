// SPDX-License-Identifier: MIT
// A recorded change that is meant to remove failures.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/model/mode_id.h"
#include "engine/model/question.h"

namespace halo {

inline constexpr std::size_t kMaxFixTargets = 20;  // entries of one fix; at most 64

// An entry that a fix is aimed at, as it was when the fix was recorded.
struct FixTarget {
  ModeId entry = 0;
  std::vector<ModeId> modes;     // the defect and its variants: what the fix is judged by
  std::vector<ModeId> effects;   // expected to go with them
  std::int64_t picked_from = 1;  // entries that were listed
  std::int64_t eligible = 0, affected = 0;  // runs

  bool operator==(const FixTarget&) const = default;
};

// Tasks to run again, drawn at random from all those with the opportunity to fail.
struct TaskDraw {
  std::uint64_t seed = 0;
  std::vector<std::string> tasks;  // in the order of the draw: the first n are a draw as well
  std::int64_t drawn_from = 0;

  bool operator==(const TaskDraw&) const = default;
};

// Which runs have the change: those that started at `since_ns` or later (0: at any time) and fulfil
// all conditions, which have the names of filters.
struct FixBoundary {
  std::int64_t since_ns = 0;
  std::vector<std::pair<std::string, std::string>> conditions;  // name, value

  bool operator==(const FixBoundary&) const = default;
};

struct Fix {
  std::string id;  // "fix_" and 12 hexadecimal digits
  std::vector<FixTarget> targets;
  std::string summary, commit, who;
  std::int64_t recorded_ns = 0;
  FixBoundary boundary;
  TaskDraw draw;

  bool operator==(const Fix&) const = default;
};

// The conditions that a boundary may have. Those that say how a run went are not among them.
struct FixCondition {
  std::string_view name;
  std::optional<std::string> TraceFilter::*member;
};
inline constexpr std::array kFixConditions = {
    FixCondition{"project", &TraceFilter::project},
    FixCondition{"service", &TraceFilter::service},
    FixCondition{"agent", &TraceFilter::agent},
    FixCondition{"model", &TraceFilter::model},
    FixCondition{"user", &TraceFilter::user},
    FixCondition{"environment", &TraceFilter::environment},
    FixCondition{"version", &TraceFilter::version},
    FixCondition{"tag", &TraceFilter::tag},
};

// The runs that have the change. Conditions of other names are ignored.
TraceFilter AfterFix(const FixBoundary& boundary);

// An id made of everything else in the fix, so that recording the same twice gives the same id.
std::string MakeFixId(const Fix& fix);

}  // namespace halo
