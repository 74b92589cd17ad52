// SPDX-License-Identifier: MIT
// The steps of one run of a transcript, which become spans once the run is complete: a result comes
// after its call, and the answer last. Attributes follow OpenTelemetry GenAI. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/importers/span_times.h"
#include "engine/json/arena.h"
#include "engine/model/kind.h"
#include "engine/model/span.h"

namespace halo {

struct RunStep {
  Kind kind = Kind::kLlm;             // kAgent, kLlm or kTool
  std::string_view name;              // of the tool or agent
  std::string_view span_id;           // empty: made up from the trace id and the position
  std::string_view parent_id;         // empty: the first step, or none for an agent
  std::int64_t start_ns = 0;          // 0: not known
  std::int64_t end_ns = kUnknownEnd;  // 0: has not ended
  std::string_view error;             // why it failed; empty: it did not, or does not say
  std::vector<Attribute> attributes;
  const char* where = nullptr;  // its place in the record
};

// The first step is the root. All texts must outlive the spans, or be in the arena.
class RunSpans {
 public:
  explicit RunSpans(Arena& arena) : arena_(arena) {}

  Arena& arena() { return arena_; }
  void Clear() { size_ = 0; }
  std::size_t size() const { return size_; }
  RunStep& operator[](std::size_t index) { return steps_[index]; }
  const RunStep& operator[](std::size_t index) const { return steps_[index]; }
  // Adds a step; references to others become invalid.
  RunStep& Add(Kind kind, std::string_view name, const char* where);

  // Calls use(const Span&, const char* where) for each step. `in_order`: the trace has no times, or
  // not all of them, so that each span carries its position (kSequenceKey).
  template <class Use>
  void HandOut(std::string_view trace_id, const Resource& resource, bool in_order, Use use) {
    for (std::size_t i = 0; i < size_; ++i)
      use(SpanOf(i, trace_id, resource, in_order), steps_[i].where);
  }

 private:
  const Span& SpanOf(std::size_t index, std::string_view trace_id, const Resource& resource,
                     bool in_order);

  Arena& arena_;
  std::vector<RunStep> steps_;  // those after size_ keep their memory for later runs
  std::size_t size_ = 0;
  Span span_;
};

// "tool" or "" -> an attribute; an empty text adds none.
void AddText(std::string_view key, std::string_view text, std::vector<Attribute>& out);

// "[a,b,c]" of JSON texts, in the arena.
std::string_view JoinJsonList(const std::vector<std::string_view>& items, Arena& arena);

}  // namespace halo
