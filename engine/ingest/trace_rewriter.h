// SPDX-License-Identifier: MIT
// Work on a trace as it is stored: one version a span, and facts computed again from payloads.
// One thread.
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

  // Merges the versions of each span into one (MergeVersions). The payloads that come of it are
  // stored, for which other writers are waited for; or with no patience at all they stay in
  // `trace.unstored`, so that reading writes nothing. Returns the versions that are new; `changed`
  // is set when any span had several.
  Result<std::vector<std::pair<std::uint64_t, std::uint64_t>>> UniteVersions(
      StoredTrace& trace, bool& changed, std::optional<Patience> patience);

  // Computes all facts from the stored payloads by the present rules.
  Result<void> RecomputeFacts(StoredTrace& trace);

 private:
  void Judge(const OwnedSpan& span, StringPool& words, SpanFacts& facts);
  Result<std::vector<OwnedSpan>> Read(std::span<const SpanFacts> spans);

  Store& store_;
  Conventions conventions_;
  FactsComputer facts_;
};

}  // namespace halo
