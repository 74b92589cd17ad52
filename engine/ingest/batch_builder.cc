// SPDX-License-Identifier: MIT
#include "engine/ingest/batch_builder.h"

#include <xxhash.h>

#include <algorithm>
#include <tuple>

#include "engine/analysis/analyse_trace.h"
#include "engine/analysis/apply_rules.h"
#include "engine/ingest/log_twins.h"
#include "engine/model/trace_summary.h"
#include "engine/trace/trace.h"

namespace halo {
namespace {

// Maximum rows of a facts table, unless one trace has more. Reading a trace reads its whole table.
constexpr std::size_t kTableRows = 1024;

// Sorts the spans independently of their order of arrival and removes duplicates. Returns whether a
// span id remains with different contents.
bool SortAndDeduplicate(std::vector<SpanFacts>& spans, const StringPool& words) {
  std::sort(spans.begin(), spans.end(), [&](const SpanFacts& a, const SpanFacts& b) {
    if (a.start_ns != b.start_ns) return a.start_ns < b.start_ns;
    if (a.span_id != b.span_id) return words[a.span_id] < words[b.span_id];
    return a.content_hash < b.content_hash;
  });
  spans.erase(std::unique(spans.begin(), spans.end(),
                          [](const SpanFacts& a, const SpanFacts& b) {
                            return a.span_id == b.span_id && a.content_hash == b.content_hash;
                          }),
              spans.end());
  std::vector<StringId> ids;
  ids.reserve(spans.size());
  for (const SpanFacts& span : spans) ids.push_back(span.span_id);
  std::sort(ids.begin(), ids.end());
  return std::adjacent_find(ids.begin(), ids.end()) != ids.end();
}

}  // namespace

std::pair<std::uint64_t, std::uint64_t> VersionOf(const SpanFacts& facts, const StringPool& words) {
  const std::string_view id = words[facts.span_id];
  return {XXH3_64bits(id.data(), id.size()), facts.content_hash};
}

BatchBuilder::BatchBuilder(const Rules& rules, std::string project)
    : rules_(rules),
      project_(std::move(project)),
      redactor_(rules.redactor),
      facts_(rules.config.outcome, rules.prices, rules.config.words) {}

BatchBuilder::Group& BatchBuilder::GroupOf(std::string_view project, std::string_view trace_id) {
  // Spans of a trace usually arrive one after the other.
  const bool same = !groups_.empty() && groups_[last_group_].key.trace_id == trace_id &&
                    groups_[last_group_].key.project == project;
  if (same) return groups_[last_group_];
  group_key_.assign(project).append(1, '\0').append(trace_id);
  const auto [entry, is_new] = group_of_.try_emplace(group_key_, groups_.size());
  if (is_new) groups_.push_back({{std::string(project), std::string(trace_id)}, {}, false});
  last_group_ = entry->second;
  return groups_[last_group_];
}

void BatchBuilder::OnSpan(const Span& raw) {
  const Span& span = redactor_.Clean(raw);
  const SpanFields& fields = conventions_.Read(span);
  const std::string_view project = !project_.empty()        ? std::string_view(project_)
                                   : fields.project.empty() ? std::string_view("default")
                                                            : fields.project;
  SpanFacts& facts = GroupOf(project, span.trace_id).spans.emplace_back();
  facts_.Compute(span, fields, conventions_.json(), words_, facts);

  const std::size_t begin = block_.size();
  EncodeSpan(span, block_);
  const std::string_view encoded = block_.view().substr(begin);
  facts.content_hash = ContentHash(encoded);
  facts.payload = {static_cast<std::int64_t>(batch_.payloads.size()),
                   static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(encoded.size())};
  facts.payload_bytes = static_cast<std::uint32_t>(encoded.size());
  facts.clipped = clipped_;
  facts.redactions =
      static_cast<std::uint16_t>(std::min<std::size_t>(redactor_.count(), UINT16_MAX));
  if (block_.size() >= kBlockBytes) CloseBlock();
}

void BatchBuilder::OnReject(Reject reject) {
  // A detail quotes the input.
  std::string clean;
  if (rules_.redactor.MayContain(reject.detail)) {
    rules_.redactor.Redact(reject.detail, clean);
    reject.detail = std::move(clean);
  }
  batch_.rejects.push_back(std::move(reject));
}

void BatchBuilder::CloseBlock() {
  if (block_.size() == 0) return;
  batch_.payloads.push_back(compressor_.Compress(block_.view()));
  block_.Clear();
}

std::size_t BatchBuilder::PutTable(std::size_t begin) {
  std::vector<std::span<const SpanFacts>> rows;
  std::size_t size = 0, end = begin;
  for (; end < groups_.size(); ++end) {
    const std::vector<SpanFacts>& spans = groups_[end].spans;
    if (size > 0 && size + spans.size() > kTableRows) break;
    size += spans.size();
    rows.push_back(spans);
  }
  batch_.facts.push_back(compressor_.Compress(encoder_.Encode(rows, words_)));
  return end;
}

Segment BatchBuilder::Finish(Group group) {
  Segment segment;
  segment.span_count = static_cast<std::int32_t>(group.spans.size());
  segment.versions.reserve(group.spans.size());
  for (const SpanFacts& facts : group.spans) {
    segment.versions.push_back(VersionOf(facts, words_));
  }
  // Merging versions requires payloads; the Refresher does it.
  if (!group.several_versions) {
    Trace trace = BuildTrace(group.key.project, group.key.trace_id, words_, std::move(group.spans));
    trace.thresholds = rules_.config.thresholds;
    segment.summary = AnalyseTrace(trace);
    ApplyRules(rules_.config.rules, trace, *segment.summary);
    segment.summary->judged_by = rules_.stamp_hash;
  }
  segment.key = std::move(group.key);
  return segment;
}

Batch BatchBuilder::Take() {
  CloseBlock();
  for (Group& group : groups_) {
    group.several_versions =
        SortAndDeduplicate(group.spans, words_) || MayHaveLogTwins(group.spans);
  }
  batch_.segments.reserve(groups_.size());
  for (std::size_t begin = 0; begin < groups_.size();) {
    const auto table = static_cast<std::int32_t>(batch_.facts.size());
    const std::size_t end = PutTable(begin);
    std::int64_t first_row = 0;
    for (; begin < end; ++begin) {
      Segment& segment = batch_.segments.emplace_back(Finish(std::move(groups_[begin])));
      segment.table = table;
      segment.first_row = first_row;
      first_row += segment.span_count;
    }
  }
  groups_.clear();
  group_of_.clear();
  words_ = StringPool();
  last_group_ = 0;
  return std::exchange(batch_, Batch());
}

}  // namespace halo
