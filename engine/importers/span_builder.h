// SPDX-License-Identifier: MIT
// The span that a reader fills. Reuses its buffers from span to span. Not thread-safe.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "engine/importers/span_times.h"
#include "engine/model/reject_reasons.h"
#include "engine/model/span.h"

namespace halo {

struct SpanBuilder {
  void Clear() {
    for (Event& event : span.events) {
      event.attributes.clear();
      spare.push_back(std::move(event.attributes));
    }
    std::vector<Attribute> attributes = std::move(span.attributes);
    std::vector<Event> events = std::move(span.events);
    attributes.clear();
    events.clear();
    span = {};
    span.attributes = std::move(attributes);
    span.events = std::move(events);
    problem = {};
    problem_field = {};
    start = end = {};
  }

  Event& AddEvent() {
    Event& event = span.events.emplace_back();
    if (!spare.empty()) {
      event.attributes = std::move(spare.back());
      spare.pop_back();
    }
    return event;
  }

  // Only the first problem is reported.
  void SetProblem(std::string_view reason, std::string_view field) {
    if (!problem.empty()) return;
    problem = reason;
    problem_field = field;
  }

  // Derives the times of the span and checks its ids, once all of it was read. `lose` is called
  // with each impossible time, as a Moment and its name: the span goes without it, but has ended.
  template <class Lose>
  void Finish(const Resource& resource, Lose lose) {
    using MomentKind = Moment::Kind;
    span.resource = &resource;
    if (start.kind == MomentKind::kKnown) span.start_ns = start.ns;
    if (start.kind == MomentKind::kImplausible) lose(start, "start time");
    if (end.kind == MomentKind::kKnown && SameClock(start, end)) {
      span.end_ns = end.ns;
    } else if (end.kind != MomentKind::kAbsent) {
      span.end_ns = kUnknownEnd;
      lose(end, "end time");
    } else {
      TakeUnknownEnd();
    }
    if (span.trace_id.empty()) SetProblem(kMissingTraceId, "traceId");
    if (span.span_id.empty()) SetProblem(kMissingSpanId, "spanId");
  }

  // Takes the mark of a span that has ended at an unknown time, as exports write it.
  void TakeUnknownEnd() {
    for (std::size_t i = 0; i < span.attributes.size(); ++i) {
      if (span.attributes[i].key != kEndTimeKey) continue;
      span.attributes.erase(span.attributes.begin() + static_cast<std::ptrdiff_t>(i));
      span.end_ns = kUnknownEnd;
      return;
    }
  }

  Span span;
  Moment start, end;               // from which Finish derives the times of the span
  std::string_view problem;        // the reason to reject the span; empty: not rejected
  std::string_view problem_field;  // a string literal, or text of the record
  std::vector<std::vector<Attribute>> spare;
};

}  // namespace halo
