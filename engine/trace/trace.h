// SPDX-License-Identifier: MIT
// One trace as the detectors see it: facts in time order and the structure over them. Built once
// per analysis by BuildTrace; immutable afterwards, so any thread may read it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/model/finding.h"
#include "engine/model/health_counts.h"
#include "engine/model/span_facts.h"

namespace halo {

// One agent's run inside the trace: the nearest enclosing AGENT span, else the trace.
struct Scope {
  SpanIndex agent_span = -1;  // -1: the trace itself
  StringId agent = 0;         // its name
  // LLM and TOOL spans of this scope by (start, span id). An LLM span that only wraps the calls
  // inside it is no step (spend.h); of nested TOOL spans of one tool (the call and its transport)
  // only the outermost is one.
  std::vector<SpanIndex> steps;
};

// A call as it is compared with others, see call_sequence.h.
struct CallStep {
  SpanIndex span = -1;
  SpanIndex asked_by = -1;          // the last LLM step before it; -1: none
  std::int32_t asked_together = 1;  // calls that have the same asked_by
  StringId tool = 0;
  std::uint64_t request = 0;  // A: tool and canonical arguments; 0: not recorded
  std::uint64_t result = 0;   // R: normalised result, or error of a failed call; 0: not recorded
  bool failed = false;

  bool SameRequest(const CallStep& other) const { return request != 0 && request == other.request; }
  bool SameResult(const CallStep& other) const { return result == other.result; }
};

using CallSequence = std::vector<CallStep>;

// What counts of the tokens and the money that a span reports, see spend.h.
struct Spend {
  TokenUsage usage;
  std::int64_t nano_usd = 0;
  CostSource source = CostSource::kNone;  // kNone: nothing counts here
  bool counted_above = false;             // a span above it counts usage that may be this one's
  bool priced_above = false;              // a cost that is reported above holds this one's
  bool reports_nothing = false;           // a model call, not failed, whose usage nobody knows

  bool unpriced() const { return source == CostSource::kUnpriced; }
};

struct Trace {
  std::string project;
  std::string trace_id;
  const StringPool* words = nullptr;
  // One per span id, by (start, span id). Of spans that own usage the cost is what counts there.
  std::vector<SpanFacts> spans;

  // All of the size of `spans`:
  std::vector<SpanIndex> parent;          // -1: a root; cycles are cut
  std::vector<std::int32_t> scope;        // index into scopes
  std::vector<SpanIndex> within_call;     // nearest TOOL span above, in the same scope; -1: none
  std::vector<std::int64_t> critical_ns;  // exclusive time on the critical path
  std::vector<StringId> agent;            // the span's own, else of the nearest one above; 0: none
  std::vector<Spend> spend;
  std::vector<std::uint8_t> wraps_call;  // an LLM span that only repeats the calls inside it
  std::vector<SpanIndex> within_llm;     // nearest model call that holds it, in its scope; -1: none
  std::vector<std::uint8_t> error_root;  // failed by a cause of its own, see error_cause.h

  std::vector<std::uint32_t> child_begin;  // size + 1: children of i are child_list[begin[i]..)
  std::vector<SpanIndex> child_list;       // by (start, span id)

  std::vector<Scope> scopes;  // [0] is the trace itself; others in time order
  // The earliest span without a parent id, else the earliest root; -1 only for an empty trace.
  SpanIndex root = -1;
  // A root whose parent is missing (it may lie in another system) has ended when nothing in the
  // trace outlasts it.
  bool root_ended = false;
  bool paused = false;  // waits for a person, see control_flow.h
  HealthCounts health;
  std::int32_t interrupts = 0;      // see control_flow.h
  std::vector<CallSequence> calls;  // by time of the first call, see call_sequence.h

  std::string_view Text(StringId word) const { return (*words)[word]; }
  std::span<const SpanIndex> Children(SpanIndex i) const {
    return {child_list.data() + child_begin[i], child_begin[i + 1] - child_begin[i]};
  }
  const Scope& ScopeOf(SpanIndex i) const { return scopes[scope[i]]; }
  // Whether an agent or root ended well with something for whoever asked.
  bool HoldsAnswer(SpanIndex i) const;
};

// `spans` may come in any order; ids must be unique (MergeVersions has united the versions).
Trace BuildTrace(std::string project, std::string trace_id, const StringPool& words,
                 std::vector<SpanFacts> spans);

}  // namespace halo
