// SPDX-License-Identifier: MIT
// Where the time of many runs goes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/model/question.h"

namespace halo {

// All spans of one operation. Times are sums over runs.
struct SlowOperation {
  Kind kind = Kind::kSpan;
  std::string agent, name, model;
  std::int64_t traces = 0, calls = 0;
  std::int64_t critical_ns = 0;  // exclusive time on the critical path
  std::int64_t drag_ns = 0;      // see engine/trace/drag.h
  std::int64_t self_ns = 0;      // in which none of its children ran
  std::int64_t p50_ns = 0, max_ns = 0;
  TraceKey slowest;  // the trace with max_ns
};

// Equal slow spots (trace_summary.h) of many runs.
struct SlowPattern {
  SlowKind kind = SlowKind::kGap;
  std::string agent, name, after;
  std::int64_t traces = 0, count = 0, ns = 0;
  TraceKey example;  // the trace that loses most by it
  std::string span_id;
  std::int64_t example_ns = 0;
};

// Calls that took more than 10 times the median of their operation and more than a minute, and that
// overlap in absolute time: of several runs, they are one outage.
struct Stall {
  std::int64_t start_ns = 0, end_ns = 0;
  std::int64_t calls = 0, traces = 0, longest_ns = 0;
  std::vector<std::string> names;  // of operations, sorted
  TraceKey example;                // the trace of the longest
};

struct Bottlenecks {
  std::int64_t traces = 0, timed_traces = 0;
  std::int64_t duration_ns = 0;           // of all runs
  std::int64_t critical_ns = 0;           // attributed to a span: without waits for people
  std::vector<SlowOperation> operations;  // most critical time first
  std::vector<SlowPattern> patterns;      // most time first
  std::vector<Stall> stalls;              // most calls first
};

}  // namespace halo
