// SPDX-License-Identifier: MIT
// Cuts one JSON value of any size, as it streams by, into the parts that can be read by themselves:
// the spans of OTLP documents, with the resource and scope that enclose them, and the items of
// other arrays. Memory is bounded by the largest part.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/framing/record.h"
#include "engine/model/reject.h"

namespace halo {

// The views die when the call that gets the item returns; 64 readable bytes follow each.
struct CutItem {
  std::string_view bytes;
  std::uint64_t offset = 0;
  std::uint64_t end = 0;  // offset behind it
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

  // The next byte is the first of a value, or white space before it.
  void Begin(std::uint64_t offset);
  // Takes bytes until the value ends or breaks; returns how many. A broken one is refused.
  std::size_t Feed(std::string_view bytes, CutSink& sink);
  // The input ends within the value, which is refused as truncated; what was complete is not.
  void Abandon(CutSink& sink);

  bool done() const;    // the value has ended
  bool broken() const;  // it is no JSON from here on
  bool in_string() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace halo
