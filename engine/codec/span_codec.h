// SPDX-License-Identifier: MIT
// Encodes a span: every decoded value, nothing derived. An encoded span starts with its size, so a
// sequence of them can be walked, and includes its resource: within a block that is compressed with
// zstd, repeated resources cost almost nothing. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/span.h"

namespace halo {

class ByteBuffer;

// Appends. Equal spans give equal bytes.
void EncodeSpan(const Span& span, ByteBuffer& out);
void EncodeSpan(const Span& span, std::string& out);

// XXH3 of the encoded bytes.
std::uint64_t ContentHash(std::string_view encoded);

// A span that owns its text and its resource.
class OwnedSpan {
 public:
  const Span& span() const { return span_; }

 private:
  friend Result<OwnedSpan> DecodeSpan(std::string encoded);
  std::unique_ptr<std::string> bytes_;
  std::unique_ptr<Resource> resource_;
  Span span_;
};

Result<OwnedSpan> DecodeSpan(std::string encoded);  // kCorrupt
// In their order; fails with the first that fails.
Result<std::vector<OwnedSpan>> DecodeSpans(std::vector<std::string> encoded);

// Merges two versions of a span. A version that an SDK exported wins over one that was made from
// log records (model/from_log.h); two of the latter are united field by field. Else an ended
// version wins over an open one, then the later end, then the larger hash of everything but the
// events. Events of both are kept, ordered by (time, bytes). Commutative and associative.
OwnedSpan MergeVersions(const OwnedSpan& a, const OwnedSpan& b);
// All of at least one version. Copies each event as often as the logarithm of their number.
OwnedSpan MergeVersions(std::vector<OwnedSpan> versions);

// The value at a path of SpanFields::Located ("attributes.K", "events[I].attributes.K",
// "events[I].name", "status.message", "name", "resource.K"), or nullopt.
std::optional<Value> ValueAt(const Span& span, std::string_view path);

// Calls visit(path, text) for the name, the status message and every text of the attributes and
// events, in that order, until it returns false. The path is valid during the call.
void ForEachText(const Span& span,
                 const std::function<bool(std::string_view path, std::string_view text)>& visit);

// The size of the encoded span at the start of `bytes`, or 0.
std::size_t EncodedSize(std::string_view bytes);

}  // namespace halo
