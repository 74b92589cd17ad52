// SPDX-License-Identifier: MIT
// Rewrites a stored trace: merges versions of spans, and recomputes facts from payloads. One
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/codec/block_codec.h"
#include "engine/codec/span_codec.h"
#include "engine/facts/facts_computer.h"
#include "engine/ingest/rules.h"
#include "engine/model/span_fields.h"
#include "engine/semconv/conventions.h"
#include "engine/store/store.h"

namespace halo {

class TraceRewriter {
 public:
  TraceRewriter(Store& store, const Rules& rules);

  using Versions = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

  // Merges the versions of each span (MergeVersions). New payloads are stored, waiting `patience`
  // for other writers; without `patience` they are kept in `trace.unstored`, so that reading writes
  // nothing. Returns the new versions. Sets `changed` if any span had several versions.
  Result<Versions> MergeSpanVersions(StoredTrace& trace, bool& changed,
                                     std::optional<Patience> patience);

  // Merges log records with the span of their call (log_twins.h). To be called after
  // MergeSpanVersions, and never stored: a span that comes later may fit better.
  Result<void> JoinLogTwins(StoredTrace& trace);

  // Recomputes all facts from the stored payloads with the current rules.
  Result<void> RecomputeFacts(StoredTrace& trace);

 private:
  // Whether spans from log records now have the ids of their own spans.
  Result<bool> FindLogTwins(StoredTrace& trace);
  void ComputeFacts(const OwnedSpan& span, StringPool& words, SpanFacts& facts);
  Result<Versions> Merge(StoredTrace& trace, bool& changed, std::optional<Patience> patience);
  Result<std::vector<OwnedSpan>> Read(std::span<const SpanFacts> spans,
                                      const std::vector<std::string>& unstored);

  Store& store_;
  Conventions conventions_;
  FactsComputer facts_;
};

}  // namespace halo
