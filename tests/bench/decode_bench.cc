// SPDX-License-Identifier: MIT
// Compares the speed of decoding spans with the least work that any reader of this JSON must do:
// simdjson on-demand decoding every string. One thread, CPU time, best of a few rounds.
//   decode_bench [MB]
#include <simdjson.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "engine/framing/splitter.h"
#include "engine/importers/choose_importer.h"
#include "tests/bench/decode_strings.h"
#include "tests/bench/generate.h"

namespace halo::bench {
namespace {

double CpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double BestOf(int rounds, const std::function<void()>& work) {
  double best = 1e9;
  for (int i = 0; i < rounds; ++i) {
    const double begin = CpuSeconds();
    work();
    best = std::min(best, CpuSeconds() - begin);
  }
  return best;
}

class CountingSink final : public SpanSink {
 public:
  void OnSpan(const Span& span) override {
    ++spans;
    attributes += span.attributes.size();
  }
  void OnReject(Reject) override { ++rejects; }
  std::size_t spans = 0, attributes = 0, rejects = 0;
};

void Report(const char* shape, const std::string& input) {
  const double mb = static_cast<double>(input.size()) / 1e6;
  std::vector<RecordBatch> batches;
  const auto split = [&] {
    batches.clear();
    Splitter splitter;
    splitter.Feed(input, batches);
    splitter.Finish(false, batches);
  };
  const double splitting = BestOf(3, split);

  const auto reader = ChooseImporter(input, "generated").value()->make_reader();
  CountingSink sink;
  const double reading = BestOf(5, [&] {
    sink = {};
    for (const RecordBatch& batch : batches) {
      for (const Record& record : batch.records) reader->Read(record, sink);
    }
  });

  simdjson::ondemand::parser parser;
  std::size_t bytes = 0;
  const double limit = BestOf(5, [&] {
    for (const RecordBatch& batch : batches) {
      for (const Record& record : batch.records) {
        auto document = parser.iterate(record.bytes.data(), record.bytes.size(),
                                       record.bytes.size() + simdjson::SIMDJSON_PADDING);
        bytes += DecodeStrings(document.get_value().value());
      }
    }
  });
  if (bytes == 0 || sink.rejects > 0) std::abort();
  std::printf(
      "%s: %zu spans, %.0f MB; MB/s: split %.0f, read %.0f, limit %.0f; "
      "(split + read) / limit = %.2f\n",
      shape, sink.spans, mb, mb / splitting, mb / reading, mb / limit,
      (splitting + reading) / limit);
}

std::string Generate(Shape shape, std::size_t bytes) {
  Generator generator(shape, 1);
  std::string input;
  while (input.size() < bytes) generator.AppendTrace(input);
  return input;
}

}  // namespace
}  // namespace halo::bench

int main(int argc, char** argv) {
  const std::size_t mb = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 60;
  halo::bench::Report("S", halo::bench::Generate(halo::bench::kShapeS, mb << 20));
  halo::bench::Report("L", halo::bench::Generate(halo::bench::kShapeL, mb << 20));
}
