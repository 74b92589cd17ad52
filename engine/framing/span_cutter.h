// SPDX-License-Identifier: MIT
// Cuts one JSON value of any size, which arrives in pieces, into parts that can be read
// independently: the spans of OTLP documents, with the resource and scope that enclose them, and
// the items of other arrays. Memory is bounded by the largest part. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/framing/record.h"
#include "engine/model/reject.h"

namespace halo {

// The views are valid during the call that receives the item; kJsonPadding readable bytes follow
// each.
struct CutItem {
  std::string_view bytes;
  std::uint64_t offset = 0;
  std::uint64_t end = 0;  // offset of its end
  bool clipped = false;
  std::string_view resource, scope;  // empty: none
};

class CutSink {
 public:
  virtual ~CutSink() = default;
  virtual void OnItem(const CutItem& item) = 0;
  virtual void OnReject(Reject reject) = 0;
};

class SpanCutter {
 public:
  SpanCutter();
  ~SpanCutter();

  // Starts a value. The byte at `offset` is its first, or white space before it.
  void Begin(std::uint64_t offset);
  // Takes bytes until the value ends or breaks, and returns their number. A broken value is
  // rejected.
  std::size_t Feed(std::string_view bytes, CutSink& sink);
  // Call this if the input ends within the value: rejects the value as truncated. Its complete
  // parts have already been handed out.
  void Abandon(CutSink& sink);

  bool done() const;    // the value has ended
  bool broken() const;  // the value is not valid JSON from here on
  bool in_string() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace halo
