// SPDX-License-Identifier: MIT
// A span as stored bytes: every decoded value, nothing derived. Starts with its own size, so that
// spans written one after the other can be walked. Carries its resource: equal ones of a block cost
// next to nothing once it is compressed with zstd. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/model/span.h"

namespace halo {

class ByteBuffer;

// Appends; the same span gives the same bytes.
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

// One span of two versions: an ended one beats an open one, then the later end, then the larger
// hash of all but the events; events are united in order of (time, bytes). Commutative and
// associative.
OwnedSpan MergeVersions(const OwnedSpan& a, const OwnedSpan& b);

// The value under a path of SpanFields::Located ("attributes.K", "events[I].attributes.K",
// "events[I].name", "status.message", "name", "resource.K"); nullopt if there is none.
std::optional<Value> ValueAt(const Span& span, std::string_view path);

// Calls visit(path, text) for the name, the status message and every text of the attributes and
// events, in that order, until it returns false. The path is valid during the call.
void ForEachText(const Span& span,
                 const std::function<bool(std::string_view path, std::string_view text)>& visit);

// The size of the encoded span at the start of `bytes`; 0 if they do not start with one.
std::size_t EncodedSize(std::string_view bytes);

}  // namespace halo
