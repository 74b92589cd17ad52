// SPDX-License-Identifier: MIT
// One trace as the detectors see it: facts in time order, and their structure. Built by BuildTrace
// once per analysis; immutable afterwards, so any thread may read it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/model/finding.h"
#include "engine/model/health_counts.h"
#include "engine/model/span_facts.h"
#include "engine/model/thresholds.h"
#include "engine/trace/critical_path.h"
#include "engine/trace/turns.h"

namespace halo {

// One agent's run inside the trace: the nearest enclosing AGENT span, else the trace.
struct Scope {
  SpanIndex agent_span = -1;  // -1: the trace itself
  StringId agent = 0;         // its name
  // LLM and TOOL spans of this scope, by (start, span id). Excludes LLM spans that only wrap other
  // calls (spend.h). Of nested TOOL spans of the same tool (the call and its transport), only the
  // outermost is a step.
  std::vector<SpanIndex> steps;
};

// A call in comparable form; see call_sequence.h.
struct CallStep {
  SpanIndex span = -1;
  SpanIndex asked_by = -1;          // the last LLM step before it; -1: none
  std::int32_t asked_together = 1;  // number of calls with the same asked_by
  StringId tool = 0;
  std::uint64_t request = 0;  // hash of tool and canonical arguments; 0: not recorded
  std::uint64_t result = 0;   // hash of normalised result or error; 0: not recorded
  bool failed = false;

  bool SameRequest(const CallStep& other) const { return request != 0 && request == other.request; }
  bool SameResult(const CallStep& other) const { return result == other.result; }
};

using CallSequence = std::vector<CallStep>;

// The part of a span's reported tokens and cost that counts; see spend.h.
struct Spend {
  TokenUsage usage;
  std::int64_t nano_usd = 0;
  CostSource source = CostSource::kNone;  // kNone: nothing counts here
  bool counted_above = false;             // an ancestor counts usage that may include this span's
  bool priced_above = false;              // a cost reported by an ancestor includes this span's
  bool reports_nothing = false;           // a successful model call without usage

  bool unpriced() const { return source == CostSource::kUnpriced; }
};

struct Trace {
  std::string project;
  std::string trace_id;
  const StringPool* words = nullptr;
  // One per span id, sorted by (sequence, start, span id).
  std::vector<SpanFacts> spans;

  // Parallel to `spans`:
  std::vector<SpanIndex> parent;               // -1: a root; cycles are cut
  std::vector<std::int32_t> scope;             // index into scopes
  std::vector<SpanIndex> within_call;          // nearest TOOL ancestor in the same scope; -1: none
  std::vector<std::int64_t> critical_ns;       // exclusive time on the critical path
  std::vector<std::int64_t> self_ns, drag_ns;  // see self_time.h, drag.h
  std::vector<StringId> agent;  // own agent, else that of the nearest ancestor; 0: none
  std::vector<Spend> spend;
  std::vector<std::uint8_t> wraps_call;  // an LLM span that only repeats the calls inside it
  std::vector<SpanIndex> within_llm;     // nearest model call around it in its scope; -1: none
  std::vector<std::uint8_t> error_root;  // failed for its own reason; see error_cause.h

  std::vector<std::uint32_t> child_begin;  // size + 1: children of i are child_list[begin[i]..)
  std::vector<SpanIndex> child_list;       // by (start, span id)

  std::vector<Scope> scopes;  // [0] is the trace itself; others in time order
  // The earliest span without a parent id, else the earliest root; -1 for an empty trace.
  SpanIndex root = -1;
  // A root whose parent is missing (it may be in another system) counts as ended if no span of the
  // trace outlasts it.
  bool root_ended = false;
  bool paused = false;  // waiting for a person; see control_flow.h
  HealthCounts health;
  std::int32_t interrupts = 0;      // see control_flow.h
  std::vector<CallSequence> calls;  // by time of the first call; see call_sequence.h
  Turns turns;                      // see turns.h
  std::vector<PathGap> gaps;        // on the critical path; see critical_path.h
  Thresholds thresholds;            // of the detectors; set by whoever has a configuration

  std::string_view Text(StringId word) const { return (*words)[word]; }
  std::span<const SpanIndex> Children(SpanIndex i) const {
    return {child_list.data() + child_begin[i], child_begin[i + 1] - child_begin[i]};
  }
  const Scope& ScopeOf(SpanIndex i) const { return scopes[scope[i]]; }
  // Whether the span is a root or agent that ended well with an answer.
  bool HoldsAnswer(SpanIndex i) const;
};

// `spans` may be in any order; span ids must be unique (see MergeVersions).
Trace BuildTrace(std::string project, std::string trace_id, const StringPool& words,
                 std::vector<SpanFacts> spans);

}  // namespace halo
