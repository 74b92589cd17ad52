// SPDX-License-Identifier: MIT
#include "engine/ingest/trace_rewriter.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>

#include "engine/ingest/batch_builder.h"
#include "engine/ingest/log_twins.h"
#include "engine/model/from_log.h"
#include "engine/model/reading.h"

namespace halo {
namespace {

// Collects payloads of merged spans and stores them.
class MergedPayloads {
 public:
  explicit MergedPayloads(Store& store) : store_(store) {}

  PayloadRef Add(std::string_view encoded) {
    if (block_.size() >= kBlockBytes) Close();
    const PayloadRef ref{static_cast<std::int64_t>(blocks_.size()),
                         static_cast<std::uint32_t>(block_.size()),
                         static_cast<std::uint32_t>(encoded.size())};
    block_ += encoded;
    return ref;
  }

  // Returns the id of the first block.
  Result<std::int64_t> StoreBlocks(Patience patience) {
    Close();
    return store_.AppendPayloads(blocks_, patience);
  }

 private:
  void Close() {
    if (!block_.empty()) blocks_.push_back(CompressBlock(block_));
    block_.clear();
  }

  Store& store_;
  std::string block_;
  std::vector<std::string> blocks_;
};

}  // namespace

TraceRewriter::TraceRewriter(Store& store, const Rules& rules)
    : store_(store), facts_(rules.config.outcome, rules.prices, rules.config.words) {}

void TraceRewriter::ComputeFacts(const OwnedSpan& span, StringPool& words, SpanFacts& facts) {
  const SpanFields& fields = conventions_.Read(span.span());
  facts_.Compute(span.span(), fields, conventions_.json(), words, facts);
}

Result<std::vector<OwnedSpan>> TraceRewriter::Read(std::span<const SpanFacts> spans,
                                                   const std::vector<std::string>& unstored) {
  std::vector<PayloadRef> refs;
  for (const SpanFacts& span : spans) {
    if (!IsUnstored(span.payload)) refs.push_back(span.payload);
  }
  Result<std::vector<std::string>> stored = store_.ReadPayloads(refs);
  if (!stored) return stored.error();
  if (refs.size() == spans.size()) return DecodeSpans(std::move(*stored));
  std::vector<std::string> payloads;
  auto next = stored->begin();
  for (const SpanFacts& span : spans) {
    payloads.push_back(IsUnstored(span.payload) ? unstored[UnstoredIndex(span.payload)]
                                                : std::move(*next++));
  }
  return DecodeSpans(std::move(payloads));
}

Result<TraceRewriter::Versions> TraceRewriter::MergeSpanVersions(StoredTrace& trace, bool& changed,
                                                                 std::optional<Patience> patience) {
  changed = false;
  // The common case: every span has one version.
  if (trace.revised_spans == 0) return Versions();
  return Merge(trace, changed, patience);
}

Result<void> TraceRewriter::JoinLogTwins(StoredTrace& trace) {
  const Result<bool> found = FindLogTwins(trace);
  if (!found) return found.error();
  if (!*found) return {};
  bool changed = false;
  const Result<Versions> merged = Merge(trace, changed, std::nullopt);
  if (!merged) return merged.error();
  return {};
}

Result<TraceRewriter::Versions> TraceRewriter::Merge(StoredTrace& trace, bool& changed,
                                                     std::optional<Patience> patience) {
  Versions versions;
  std::vector<SpanFacts>& spans = trace.spans;
  std::sort(spans.begin(), spans.end(), [](const SpanFacts& a, const SpanFacts& b) {
    return std::tie(a.span_id, a.content_hash) < std::tie(b.span_id, b.content_hash);
  });
  std::vector<SpanFacts> merged;
  merged.reserve(spans.size());
  std::vector<std::size_t> unplaced;  // indexes of `merged` whose payloads are not yet stored
  MergedPayloads payloads(store_);

  for (std::size_t begin = 0, end; begin < spans.size(); begin = end) {
    end = begin + 1;
    while (end < spans.size() && spans[end].span_id == spans[begin].span_id) ++end;
    if (end - begin == 1) {
      merged.push_back(spans[begin]);
      continue;
    }
    changed = true;
    const std::span<const SpanFacts> group(spans.data() + begin, end - begin);
    Result<std::vector<OwnedSpan>> read = Read(group, trace.unstored);
    if (!read) return read.error();
    const bool has_log = std::any_of(read->begin(), read->end(), [](const OwnedSpan& version) {
      return IsFromLog(version.span());
    });
    const OwnedSpan one = MergeVersions(std::move(*read));
    std::string encoded;
    EncodeSpan(one.span(), encoded);
    const std::uint64_t hash = ContentHash(encoded);
    const auto same = std::find_if(group.begin(), group.end(), [&](const SpanFacts& facts) {
      return facts.content_hash == hash;
    });
    if (same != group.end()) {
      merged.push_back(*same);
      continue;
    }
    SpanFacts facts;
    ComputeFacts(one, *trace.words, facts);
    if (has_log) facts.readings |= BitOf(Reading::kWithLog);
    facts.content_hash = hash;
    facts.payload_bytes = static_cast<std::uint32_t>(encoded.size());
    if (patience) {
      facts.payload = payloads.Add(encoded);
      unplaced.push_back(merged.size());
    } else {
      facts.payload = {UnstoredBlock(trace.unstored.size()), 0, facts.payload_bytes};
      trace.unstored.push_back(std::move(encoded));
    }
    facts.clipped = std::any_of(group.begin(), group.end(),
                                [](const SpanFacts& version) { return version.clipped; });
    for (const SpanFacts& version : group) {
      facts.redactions = std::max(facts.redactions, version.redactions);
    }
    versions.push_back(VersionOf(facts, *trace.words));
    merged.push_back(facts);
  }

  if (!unplaced.empty()) {
    const Result<std::int64_t> base = payloads.StoreBlocks(*patience);
    if (!base) return base.error();
    for (const std::size_t i : unplaced) merged[i].payload.block += *base;
  }
  spans = std::move(merged);
  return versions;
}

Result<bool> TraceRewriter::FindLogTwins(StoredTrace& trace) {
  std::optional<Error> error;
  const auto call_ids = [&](const std::vector<std::size_t>& indexes) {
    std::vector<SpanFacts> tools;
    for (const std::size_t i : indexes) tools.push_back(trace.spans[i]);
    std::vector<std::string> ids;
    const Result<std::vector<OwnedSpan>> read = Read(tools, trace.unstored);
    if (!read) error = read.error();
    for (std::size_t i = 0; read && i < read->size(); ++i) {
      ids.emplace_back(conventions_.Read((*read)[i].span()).tool_call_id);
    }
    return ids;
  };
  const bool found = RelabelLogTwins(trace.spans, *trace.words, call_ids);
  if (error) return *error;
  return found;
}

Result<void> TraceRewriter::RecomputeFacts(StoredTrace& trace) {
  // In slices, so that not all payloads of a huge trace are in memory at once.
  constexpr std::size_t kSlice = 1024;
  auto words = std::make_shared<StringPool>();
  for (std::size_t begin = 0; begin < trace.spans.size(); begin += kSlice) {
    const std::span<SpanFacts> slice =
        std::span(trace.spans).subspan(begin, std::min(kSlice, trace.spans.size() - begin));
    Result<std::vector<OwnedSpan>> read = Read(slice, trace.unstored);
    if (!read) return read.error();
    for (std::size_t i = 0; i < slice.size(); ++i) {
      SpanFacts facts;
      ComputeFacts((*read)[i], *words, facts);
      facts.readings |= slice[i].readings & BitOf(Reading::kWithLog);
      facts.content_hash = slice[i].content_hash;
      facts.payload = slice[i].payload;
      facts.payload_bytes = slice[i].payload_bytes;
      facts.clipped = slice[i].clipped;
      facts.redactions = slice[i].redactions;  // what was replaced is gone
      slice[i] = facts;
    }
  }
  trace.words = std::move(words);
  return {};
}

}  // namespace halo
