// SPDX-License-Identifier: MIT
#include "engine/trace/asked_calls.h"

#include <algorithm>

#include "engine/base/hash.h"

namespace halo {
namespace {

// How many equal calls are looked at, which bounds the work in a run that repeats one call.
constexpr int kMostSame = 32;

}  // namespace

AskedCalls::AskedCalls(const Trace& trace, const Strands& strands) : strands_(strands) {
  const MessagePool& pool = trace.words->messages();
  begin_.assign(trace.spans.size() + 1, 0);
  for (std::size_t i = 0; i < trace.spans.size(); ++i) {
    begin_[i] = static_cast<std::int32_t>(all_.size());
    const SpanFacts& span = trace.spans[i];
    const auto llm = static_cast<SpanIndex>(i);
    const std::int32_t strand = strands.Of(llm);
    if (span.kind != Kind::kLlm || strand == -1 || span.answer == 0) continue;
    std::int32_t at = 0;
    for (const MessageId message : pool.MessagesOf(span.answer)) {
      for (const CallFacts& call : pool.CallsOf(pool[message])) {
        const auto index = static_cast<std::int32_t>(all_.size());
        all_.push_back({llm, at++, &call, false});
        if (call.id != 0) by_id_[call.id].push_back(index);
        if (call.request != 0) {
          by_request_[MixHash(call.request, static_cast<std::uint64_t>(strand))].push_back(index);
        }
      }
    }
  }
  begin_.back() = static_cast<std::int32_t>(all_.size());
}

std::int32_t AskedCalls::FindId(std::uint64_t id, std::int32_t strand, SpanIndex action) const {
  const auto found = id == 0 ? by_id_.end() : by_id_.find(id);
  if (found == by_id_.end()) return -1;
  const std::vector<std::int32_t>& calls = found->second;
  auto it = std::partition_point(calls.begin(), calls.end(),
                                 [&](std::int32_t i) { return all_[i].llm < action; });
  if (it == calls.begin()) return -1;
  const std::int32_t last = *(it - 1);
  for (int i = 0; it != calls.begin() && i < kMostSame; ++i) {
    const std::int32_t call = *--it;
    if (strands_.Of(all_[call].llm) == strand && !all_[call].has_action) return call;
  }
  return last;
}

std::int32_t AskedCalls::FindRequest(std::uint64_t request, std::int32_t strand,
                                     SpanIndex action) const {
  if (request == 0) return -1;
  const auto found = by_request_.find(MixHash(request, static_cast<std::uint64_t>(strand)));
  if (found == by_request_.end()) return -1;
  const std::vector<std::int32_t>& calls = found->second;
  auto it = std::partition_point(calls.begin(), calls.end(),
                                 [&](std::int32_t i) { return all_[i].llm < action; });
  std::int32_t best = -1;
  for (int i = 0; it != calls.begin() && i < kMostSame; ++i) {
    const std::int32_t call = *--it;
    if (best != -1 && all_[call].llm != all_[best].llm) break;
    if (!all_[call].has_action) best = call;
  }
  return best;
}

}  // namespace halo
