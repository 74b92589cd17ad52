// SPDX-License-Identifier: MIT
// Exports of other tools as one document that is too large to keep in memory.
#include <catch2/catch.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/framing/splitter.h"
#include "engine/importers/all_importers.h"
#include "tests/unit/importers/live_bytes.h"
#include "tests/unit/importers/read_input.h"

namespace halo {
namespace {

constexpr std::size_t kDocumentBytes = 72 << 20, kMemoryBound = 64 << 20;

class CountingSink final : public SpanSink {
 public:
  void OnSpan(const Span& span) override {
    ++spans;
    if (!span.parent_id.empty()) ++children;
    for (const Attribute& attribute : span.resource->attributes) {
      if (attribute.key == "service.name") ++services;
    }
    for (const Attribute& attribute : span.attributes) {
      if (attribute.key == "langfuse.session.id") ++sessions;
    }
  }
  void OnReject(Reject reject) override { rejects += DumpReject(reject); }

  std::size_t spans = 0, children = 0, services = 0, sessions = 0;
  std::string rejects;
};

// Reads the parts one after the other, as an ingest does.
class Reading {
 public:
  explicit Reading(std::string_view importer) {
    for (const Importer& each : AllImporters()) {
      if (each.name == importer) reader_ = each.make_reader();
    }
    before_ = LiveBytes();
    ResetPeakBytes();
  }

  void Feed(std::string_view bytes) {
    splitter_.Feed(bytes, batches_);
    Take();
  }
  const CountingSink& Finish() {
    splitter_.Finish(false, batches_);
    Take();
    return sink_;
  }
  std::size_t Peak() const { return PeakBytes() - before_; }

 private:
  void Take() {
    for (const RecordBatch& batch : batches_) {
      for (const Record& record : batch.records) reader_->Read(record, sink_);
      for (const Reject& reject : batch.rejects) sink_.OnReject(reject);
    }
    batches_.clear();
  }

  Splitter splitter_;
  std::unique_ptr<RecordReader> reader_;
  std::vector<RecordBatch> batches_;
  CountingSink sink_;
  std::size_t before_ = 0;
};

std::string Texts(std::size_t bytes) { return std::string(bytes, 'x'); }

struct Case {
  const char* importer;
  std::string head, item, tail;
  std::size_t spans;  // in an item
  std::size_t children;
};

TEST_CASE("a document of 75 MB that lists traces or spans is read in bounded memory") {
  const std::string text = Texts(20'000);
  const Case cases[] = {
      {"langfuse_json", R"({"data":[)",
       R"({"id":"t","timestamp":"2026-03-01T10:00:00Z","sessionId":"s","observations":[{"id":"a","traceId":"t","type":"SPAN","startTime":"2026-03-01T10:00:00Z","input":")" +
           text +
           R"("},{"id":"b","traceId":"t","parentObservationId":"a","type":"SPAN","startTime":"2026-03-01T10:00:00Z"}]})",
       R"(],"meta":{"page":1}})", 2, 1},
      {"langsmith_json", R"({"runs":[)",
       R"({"id":"a","trace_id":"t","run_type":"chain","start_time":"2026-03-01T10:00:00","inputs":{"q":")" +
           text + R"("}})",
       R"(],"cursors":{}})", 1, 0},
      {"jaeger_json", R"({"data":[)",
       R"({"traceID":"1","spans":[{"traceID":"1","spanID":"2","operationName":")" + text +
           R"(","startTime":1764100000250000,"duration":7,"processID":"p1"}],"processes":{"p1":{"serviceName":"shop","tags":[]}}})",
       R"(],"total":0})", 1, 0},
      {"phoenix_json", R"({"data":[)",
       R"({"context":{"trace_id":"1","span_id":"2"},"span_kind":"LLM","parent_id":"3","start_time":"2026-03-01T10:00:00Z","attributes":{"input.value":")" +
           text + R"("}})",
       R"(],"next_cursor":null})", 1, 1},
      {"sdk_python_json", "[",
       R"({"name":"a","context":{"trace_id":"0x1","span_id":"0x2"},"parent_id":null,"start_time":"2026-03-01T10:00:00Z","attributes":{"k":")" +
           text + R"("}})",
       "]", 1, 0},
      {"span_tree_json", "[",
       R"({"name":"a","input":")" + text +
           R"(","children":[{"name":"b","children":[{"name":"c"}]}]})",
       "]", 3, 2},
  };
  for (const Case& one : cases) {
    INFO(one.importer);
    const std::size_t items = kDocumentBytes / one.item.size();
    Reading reading(one.importer);
    reading.Feed(one.head);
    for (std::size_t i = 0; i < items; ++i) {
      if (i > 0) reading.Feed(",");
      reading.Feed(one.item);
    }
    reading.Feed(one.tail);
    const CountingSink& read = reading.Finish();
    CHECK(read.rejects.empty());
    CHECK(read.spans == items * one.spans);
    CHECK(read.children == items * one.children);
    if (std::string_view(one.importer) == "jaeger_json") CHECK(read.services == items);
    if (std::string_view(one.importer) == "langfuse_json") CHECK(read.sessions == items * 2);
    CHECK(reading.Peak() < kMemoryBound);
  }
}

TEST_CASE("a trace of 20 MB is read with what follows its spans") {
  Reading reading("jaeger_json");
  reading.Feed(R"({"data":[{"traceID":"1","spans":[)");
  constexpr std::size_t kSpans = 1'000;
  for (std::size_t i = 0; i < kSpans; ++i) {
    if (i > 0) reading.Feed(",");
    reading.Feed(R"({"traceID":"1","spanID":")" + std::to_string(i + 1) + R"(","operationName":")" +
                 Texts(20'000) + R"(","startTime":1764100000250000,"processID":"p1"})");
  }
  reading.Feed(R"(],"processes":{"p1":{"serviceName":"shop","tags":[]}}}]})");
  const CountingSink& read = reading.Finish();
  CHECK(read.rejects.empty());
  CHECK(read.spans == kSpans);
  CHECK(read.services == kSpans);
}

}  // namespace
}  // namespace halo
