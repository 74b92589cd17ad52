// SPDX-License-Identifier: MIT
#include "tests/bench/stages.h"

#include <simdjson.h>
#include <zstd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <fstream>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "engine/framing/splitter.h"
#include "engine/importers/choose_importer.h"
#include "engine/ingest/batch_builder.h"
#include "engine/ingest/span_redactor.h"
#include "tests/bench/decode_strings.h"
#include "tests/bench/measure.h"

namespace halo::bench {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  std::string bytes(static_cast<std::size_t>(in.tellg()), '\0');
  in.seekg(0);
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

class Sink : public SpanSink {
 public:
  explicit Sink(std::function<void(const Span&)> on_span) : on_span_(std::move(on_span)) {}
  void OnSpan(const Span& span) override { on_span_(span); }
  void OnReject(Reject reject) override { Fail("the benchmark's own data: " + reject.reason); }

 private:
  std::function<void(const Span&)> on_span_;
};

double SecondsOf(const std::vector<RecordBatch>& batches, const Importer& importer, SpanSink& sink,
                 const std::function<void()>& after_batch) {
  const auto reader = importer.make_reader();
  const double start = ThreadSeconds();
  for (const RecordBatch& batch : batches) {
    for (const Record& record : batch.records) reader->Read(record, sink);
    after_batch();
  }
  return ThreadSeconds() - start;
}

}  // namespace

Stages MeasureStages(const std::string& file) {
  const std::string bytes = ReadFile(file);
  const double gb = static_cast<double>(bytes.size()) / 1e9;
  const Result<const Importer*> importer = ChooseImporter(bytes.substr(0, 64 << 10), file);
  if (!importer) Fail(importer.error().message);
  Splitter splitter;
  std::vector<RecordBatch> batches;
  const double begin = ThreadSeconds();
  splitter.Feed(bytes, batches);
  splitter.Finish(false, batches);
  const double split = ThreadSeconds() - begin;

  const Rules rules{Config()};
  SpanRedactor redactor(rules.redactor);
  Conventions conventions;
  FactsComputer facts(rules.config.outcome, rules.prices);
  StringPool words;
  std::uint64_t seen = 0;
  Sink decode([&](const Span& span) { seen += span.attributes.size(); });
  Sink redact([&](const Span& span) { seen += redactor.Clean(span).attributes.size(); });
  Sink compute([&](const Span& span) {
    const Span& clean = redactor.Clean(span);
    SpanFacts out;
    const SpanFields& fields = conventions.Read(clean);
    facts.Compute(clean, fields, conventions.json(), words, out);
    seen += out.failed;
  });
  BatchBuilder builder(rules, "");
  const auto nothing = [] {};
  const double decoded = split + SecondsOf(batches, **importer, decode, nothing);
  const double redacted = split + SecondsOf(batches, **importer, redact, nothing);
  const double computed =
      split + SecondsOf(batches, **importer, compute, [&] { words = StringPool(); });
  const double packed = split + SecondsOf(batches, **importer, builder,
                                          [&] { seen += builder.Take().segments.size(); });
  if (seen == 0) Fail("no spans were read");
  return {decoded / gb, (redacted - decoded) / gb, (computed - redacted) / gb,
          (packed - computed) / gb};
}

double DecodeLimit(const std::string& file, int threads) {
  std::string bytes = ReadFile(file);
  bytes.resize(bytes.size() + simdjson::SIMDJSON_PADDING);
  const std::size_t size = bytes.size() - simdjson::SIMDJSON_PADDING;
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> total{0};
  constexpr std::size_t kSlice = 4 << 20;
  const auto work = [&] {
    simdjson::ondemand::parser parser;
    std::size_t decoded = 0;
    while (true) {
      const std::size_t slice = next.fetch_add(kSlice);
      if (slice >= size) break;
      // A slice starts after its first line break, and includes the line that crosses its end.
      const char* at = bytes.data() + slice;
      const char* const end = bytes.data() + size;
      if (slice > 0) {
        at = static_cast<const char*>(std::memchr(at - 1, '\n', end - at + 1));
        at = at == nullptr ? end : at + 1;
      }
      const char* const stop = std::min<const char*>(end, bytes.data() + slice + kSlice);
      while (at < stop) {
        const char* line = static_cast<const char*>(std::memchr(at, '\n', end - at));
        if (line == nullptr) line = end;
        auto document =
            parser.iterate(at, static_cast<std::size_t>(line - at),
                           static_cast<std::size_t>(end - at) + simdjson::SIMDJSON_PADDING);
        decoded += DecodeStrings(document.get_value().value());
        at = line + 1;
      }
    }
    total += decoded;
  };
  const double start = WallSeconds();
  std::vector<std::jthread> workers;
  for (int i = 0; i < threads; ++i) workers.emplace_back(work);
  workers.clear();
  const double seconds = WallSeconds() - start;
  if (total == 0) Fail("nothing was decoded");
  return seconds;
}

double ZstdSize(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(),
                                                                        ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, 3);
  std::vector<char> from(1 << 20), to(ZSTD_CStreamOutSize());
  double size = 0;
  while (true) {
    in.read(from.data(), static_cast<std::streamsize>(from.size()));
    ZSTD_inBuffer input{from.data(), static_cast<std::size_t>(in.gcount()), 0};
    const auto mode = in ? ZSTD_e_continue : ZSTD_e_end;
    std::size_t left = 0;
    do {
      ZSTD_outBuffer output{to.data(), to.size(), 0};
      left = ZSTD_compressStream2(context.get(), &output, &input, mode);
      size += static_cast<double>(output.pos);
    } while (mode == ZSTD_e_end ? left != 0 : input.pos < input.size);
    if (!in) return size;
  }
}

}  // namespace halo::bench
