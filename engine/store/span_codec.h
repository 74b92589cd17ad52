// SPDX-License-Identifier: MIT
// A span as stored bytes: every decoded value, nothing derived. Blocks of spans are compressed
// with zstd. Pure functions; any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/result.h"
#include "engine/span.h"

namespace halo {

// Appends; the same span gives the same bytes.
void EncodeSpan(const Span& span, std::string& out);

// XXH3 of the encoded bytes.
std::uint64_t ContentHash(std::string_view encoded);

// A span that owns its text and its resource.
class OwnedSpan {
 public:
  const Span& span() const { return span_; }

 private:
  friend Result<OwnedSpan> DecodeSpan(std::string encoded);
  friend OwnedSpan MergeVersions(const OwnedSpan& a, const OwnedSpan& b);
  std::unique_ptr<std::string> bytes_;
  std::shared_ptr<const std::string> other_bytes_;  // of the version merged in
  std::unique_ptr<Resource> resource_;
  Span span_;
};

Result<OwnedSpan> DecodeSpan(std::string encoded);  // kCorrupt

// One span of two versions: an ended one beats an open one, then the later end, then the larger
// content hash; events are united in order of (time, bytes). Commutative and associative.
OwnedSpan MergeVersions(const OwnedSpan& a, const OwnedSpan& b);

// The value under a path of SpanFields::Located ("attributes.K", "events[I].attributes.K",
// "status.message", "name", "resource.K"); nullopt if there is none.
std::optional<Value> ValueAt(const Span& span, std::string_view path);

std::string CompressBlock(std::string_view spans);
Result<std::string> DecompressBlock(std::string_view block);  // kCorrupt; at most 256 MB

}  // namespace halo
