// SPDX-License-Identifier: MIT
// Turns spans into one Batch: redacted, judged, grouped by trace, compressed, and each trace
// analysed by itself in the hope that it came whole.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/codec/block_codec.h"
#include "engine/codec/bytes.h"
#include "engine/codec/facts_codec.h"
#include "engine/codec/span_codec.h"
#include "engine/facts/facts_computer.h"
#include "engine/importers/importer.h"
#include "engine/ingest/rules.h"
#include "engine/ingest/span_redactor.h"
#include "engine/model/span_fields.h"
#include "engine/model/string_pool.h"
#include "engine/semconv/conventions.h"
#include "engine/store/store.h"

namespace halo {

// What tells a repeated span from a new one.
std::pair<std::uint64_t, std::uint64_t> VersionOf(const SpanFacts& facts, const StringPool& words);

// One thread; may be used for one batch after the other.
class BatchBuilder : public SpanSink {
 public:
  // `project` stands for all spans; empty: what each span says, else "default". The rules must
  // outlive the builder.
  BatchBuilder(const Rules& rules, std::string project);

  void OnSpan(const Span& span) override;
  void OnReject(Reject reject) override;
  // Whether the spans that follow were cut down to the size limit.
  void SetClipped(bool clipped) { clipped_ = clipped; }

  // All since the last call. Source and arrival are left to the caller.
  Batch Take();

 private:
  struct Group {
    TraceKey key;
    std::vector<SpanFacts> spans;
    bool several_versions = false;  // of a span
  };
  Group& GroupOf(std::string_view project, std::string_view trace_id);
  // Facts of groups from `begin` on as one table; returns the first group that is not in it.
  std::size_t PutTable(std::size_t begin);
  Segment Finish(Group group);
  void CloseBlock();

  const Rules& rules_;
  std::string project_;
  SpanRedactor redactor_;
  Conventions conventions_;
  FactsComputer facts_;
  bool clipped_ = false;

  StringPool words_;
  std::vector<Group> groups_;
  std::unordered_map<std::string, std::size_t> group_of_;  // project, NUL, trace id
  std::string group_key_;                                  // of the group used last
  std::size_t last_group_ = 0;
  ByteBuffer block_;  // encoded spans, not yet compressed
  BlockCompressor compressor_;
  FactsEncoder encoder_;
  Batch batch_;
};

}  // namespace halo
