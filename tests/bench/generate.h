// SPDX-License-Identifier: MIT
// Traces for the benchmark, the same for the same seed: OTLP/JSON, one request per line, of agents
// that sometimes loop, fail and run out of tokens. Text consists of words with Zipf frequencies,
// numbers, and repeats of recent text, because agents read files, listings and their own messages
// again. The text of shape L has the compressibility, escapes, numbers and lengths of recorded
// agents: docs/benchmarks.md has the statistics.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace halo::bench {

// How text is composed of words and of repeats of earlier text.
struct TextStyle {
  std::uint32_t repeated = 20;  // percent of the pieces
  std::size_t shortest_repeat = 20, longest_repeat = 120;
  std::size_t nearest = 500, farthest = 100'000;  // distance of a repeat from its source, in bytes
  double nearness = 3;                            // larger: most repeats are nearer
  // One word in `quote` is quoted; likewise for the end of a sentence, else of a line, and for a
  // following number.
  std::uint32_t quote = 24, sentence = 14, line = 12, number = 4;
};

struct Shape {
  int spans = 20;          // per trace
  std::size_t text = 300;  // bytes of text per span, on average
  TextStyle style{};
  bool conversations = false;  // model calls carry many messages, with lengths as recorded
};
inline constexpr Shape kShapeS{20, 370};  // spans of about 1.1 KB
// Spans of about 60 KB.
inline constexpr Shape kShapeL{20, 48'000, {40, 50, 450, 500, 120'000, 2.7, 8, 14, 9, 8}, true};

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
  std::size_t MessageLength();
  void Messages(std::size_t bytes, std::string& out);
  void Span(int index, int parent, std::uint64_t at, bool last, std::string& out);
  void Id(int digits, std::string& out);
  std::string BeginTrace();

  Shape shape_;
  std::uint64_t state_;
  std::uint64_t trace_ = 0;
  std::string trace_id_;
  std::uint64_t span_base_ = 0;
  std::string written_;  // recent text
};

}  // namespace halo::bench
