// SPDX-License-Identifier: MIT
// Turns spans into a Batch: redacts them, computes facts, groups them by trace, compresses them,
// and analyses each trace, since most traces arrive complete.
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

// Identifies a version of a span: hashes of its id and its content.
std::pair<std::uint64_t, std::uint64_t> VersionOf(const SpanFacts& facts, const StringPool& words);

// Not thread-safe. Can build several batches in turn.
class BatchBuilder : public SpanSink {
 public:
  // `project` applies to all spans; if it is empty, each span's own project, else "default". The
  // rules must outlive the builder.
  BatchBuilder(const Rules& rules, std::string project);

  void OnSpan(const Span& span) override;
  void OnReject(Reject reject) override;
  // Whether the following spans were shortened to the size limit.
  void SetClipped(bool clipped) { clipped_ = clipped; }

  // Returns everything since the last call. The caller sets source and arrival.
  Batch Take();

 private:
  struct Group {
    TraceKey key;
    std::vector<SpanFacts> spans;
    bool several_versions = false;  // of some span, or log records besides spans
  };
  Group& GroupOf(std::string_view project, std::string_view trace_id);
  // Writes the facts of the groups from `begin` on as one table; returns the first group not in it.
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
  std::string group_key_;                                  // reused buffer
  std::size_t last_group_ = 0;
  ByteBuffer block_;  // encoded spans, not yet compressed
  BlockCompressor compressor_;
  FactsEncoder encoder_;
  Batch batch_;
};

}  // namespace halo
