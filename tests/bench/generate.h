// SPDX-License-Identifier: MIT
// Traces for the benchmark, the same for the same seed: OTLP/JSON, one request a line, by agents
// that loop, fail and run out of tokens now and then. Text is words of a vocabulary with Zipf's
// frequencies, and stretches of what was written shortly before, since agents read files, listings
// and their own messages again. Alone it compresses 5 times under `zstd -3` (4.9 in blocks of 512
// KB, 3.9 in blocks of 64 KB), as the least compressible recordings of real agents do; most
// compress 10 to 20 times. A character that JSON must escape comes about every 60 bytes, the middle
// of what recordings have (8 to 200).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace halo::bench {

struct Shape {
  int spans = 20;          // of a trace
  std::size_t text = 300;  // bytes of text in a span, on average
};
inline constexpr Shape kShapeS{20, 370};     // spans of about 1.1 KB
inline constexpr Shape kShapeL{20, 60'000};  // spans of about 60 KB

class Generator {
 public:
  Generator(Shape shape, std::uint64_t seed) : shape_(shape), state_(seed * 2 + 1) {}

  // Appends one trace as one line and returns how many spans it has.
  int AppendTrace(std::string& out);
  // Appends one trace of `spans` spans, as requests of 100 spans, one per line.
  void AppendLongTrace(int spans, std::string& out);
  // Appends a line with one more span, a root of its own trace.
  void AppendSpan(std::string& out);

 private:
  std::uint32_t Random(std::uint32_t below);
  double Uniform();  // in (0, 1)
  void Text(std::size_t bytes, std::string& out);
  std::string_view Repeated();
  void Span(int index, int parent, std::uint64_t at, bool last, std::string& out);
  void Id(int digits, std::string& out);
  std::string BeginTrace();

  Shape shape_;
  std::uint64_t state_;
  std::uint64_t trace_ = 0;
  std::string trace_id_;
  std::uint64_t span_base_ = 0;
  std::string written_;  // the last of the text
};

}  // namespace halo::bench
