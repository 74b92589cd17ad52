// SPDX-License-Identifier: MIT
// Inputs with lines and documents that are too large to keep in memory.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "engine/framing/splitter.h"
#include "engine/importers/all_importers.h"
#include "engine/model/reject_reasons.h"
#include "tests/unit/importers/live_bytes.h"
#include "tests/unit/importers/read_input.h"

namespace halo {
namespace {

// Reads an input as an ingest does, and discards each batch after reading it.
class Reading final : public SpanSink {
 public:
  Reading() : reader_(AllImporters()[0].make_reader()) {}

  void Feed(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::span<char> room = splitter_.Prepare();
      const std::size_t size = bytes.copy(room.data(), room.size());
      splitter_.Commit(size, batches_);
      bytes.remove_prefix(size);
    }
    Take();
  }
  void Finish() {
    splitter_.Finish(false, batches_);
    Take();
  }
  void OnSpan(const Span& span) override {
    ids.emplace_back(span.span_id);
    services.emplace_back(span.resource->attributes.empty()
                              ? std::string()
                              : std::string(span.resource->attributes[0].value.text));
    scopes.emplace_back(span.resource->scope_name);
    attribute_bytes.push_back(span.attributes.empty() ? 0 : span.attributes[0].value.text.size());
  }
  void OnReject(Reject reject) override { rejects += DumpReject(reject); }

  std::vector<std::string> ids, services, scopes;
  std::vector<std::size_t> attribute_bytes;
  std::string rejects;
  std::size_t clipped = 0;
  std::string offsets;
  bool resumable = false;
  std::uint64_t end_offset = 0;

 private:
  void Take() {
    for (const RecordBatch& batch : batches_) {
      CHECK(batch.begin_offset == end_offset);
      for (const Record& record : batch.records) {
        offsets += std::to_string(record.offset) + ' ';
        reader_->Read(record, *this);
      }
      for (const Reject& reject : batch.rejects) OnReject(reject);
      clipped +=
          static_cast<std::size_t>(std::count(batch.clipped.begin(), batch.clipped.end(), true));
      resumable = batch.resumable;
      end_offset = batch.end_offset;
    }
    batches_.clear();
  }

  Splitter splitter_;
  std::unique_ptr<RecordReader> reader_;
  std::vector<RecordBatch> batches_;
};

constexpr std::string_view kHead =
    R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":)"
    R"("shop"}}]},"scopeSpans":[{"scope":{"name":"tracer"},"spans":[)";
constexpr std::string_view kTail = "]}]}]}";

std::string SpanHead(int id) {
  return R"({"traceId":"0a","spanId":")" + std::to_string(id) +
         R"(","startTimeUnixNano":"1764100000000000001",)" +
         R"("attributes":[{"key":"input.value","value":{"stringValue":")";
}
constexpr std::string_view kSpanTail = R"("}}]})";

std::string SpanOf(int id, std::size_t bytes) {
  return SpanHead(id) + std::string(bytes, 'x') + std::string(kSpanTail);
}

// A document of `spans` spans of about `bytes` each.
std::string Document(int spans, std::size_t bytes) {
  std::string text(kHead);
  for (int i = 1; i <= spans; ++i) text += (i > 1 ? "," : "") + SpanOf(i, bytes);
  return text += kTail;
}

constexpr std::size_t kMemoryBound = 64 << 20;

TEST_CASE("a line of 200 MB is read span by span in bounded memory") {
  Reading reading;
  const std::size_t before = LiveBytes();
  ResetPeakBytes();
  reading.Feed(kHead);
  for (int i = 1; i <= 2000; ++i) {
    if (i > 1) reading.Feed(",");
    reading.Feed(SpanOf(i, 100'000));
  }
  reading.Feed(kTail);
  reading.Feed(
      "\n{\"traceId\":\"0a\",\"spanId\":\"last\",\"startTimeUnixNano\":\"1764100000000000001\"}\n");
  reading.Finish();
  CHECK(PeakBytes() - before < kMemoryBound);
  REQUIRE(reading.ids.size() == 2001);
  CHECK(reading.ids[1999] == "2000");
  CHECK(reading.services[1999] == "shop");
  CHECK(reading.scopes[1999] == "tracer");
  CHECK(reading.attribute_bytes[1999] == 100'000);
  CHECK(reading.ids[2000] == "last");
  CHECK(reading.services[2000].empty());
  CHECK(reading.rejects.empty());
  CHECK(reading.resumable);
}

TEST_CASE("a span of 200 MB keeps its identity and the beginning of its texts") {
  Reading reading;
  const std::size_t before = LiveBytes();
  ResetPeakBytes();
  reading.Feed(kHead);
  reading.Feed(SpanHead(1));
  const std::string piece = std::string((1 << 20) - 8, 'y') + R"(\"\u00e9)";
  for (int i = 0; i < 200; ++i) reading.Feed(piece);
  reading.Feed(kSpanTail);
  reading.Feed("," + SpanOf(2, 10));
  reading.Feed(kTail);
  reading.Finish();
  CHECK(PeakBytes() - before < 2 * kMemoryBound);
  CHECK(reading.ids == std::vector<std::string>{"1", "2"});
  CHECK(reading.clipped == 1);
  CHECK(reading.attribute_bytes[0] > (1 << 20) - 64);
  CHECK(reading.attribute_bytes[0] < (1 << 20) + 64);
  CHECK(reading.attribute_bytes[1] == 10);
  CHECK(reading.rejects.empty());
}

TEST_CASE("a span of very many small values is shortened, too") {
  Reading reading;
  reading.Feed(kHead);
  reading.Feed(R"({"traceId":"0a","spanId":"1","attributes":[)");
  std::string piece;
  for (int i = 0; i < 10'000; ++i) piece += R"({"key":"k","value":{"doubleValue":0.125}},)";
  for (int i = 0; i < 82; ++i) reading.Feed(piece);
  reading.Feed(R"({"key":"k","value":{}}],"startTimeUnixNano":"1764100000000000001"})");
  reading.Feed(kTail);
  reading.Finish();
  CHECK(reading.ids == std::vector<std::string>{"1"});
  CHECK(reading.clipped == 1);
  CHECK(reading.rejects.empty());
}

// The document in the envelope of a gRPC gateway.
std::string InEnvelope(std::string document) { return "{\"result\": " + std::move(document) + "}"; }

std::string SnakeCase(std::string text) {
  const std::pair<std::string_view, std::string_view> names[] = {
      {"resourceSpans", "resource_spans"}, {"scopeSpans", "scope_spans"}};
  for (const auto& [from, to] : names) text.replace(text.find(from), from.size(), to);
  return text;
}

TEST_CASE("spans in an envelope are read in every framing and size") {
  for (const std::size_t bytes : {std::size_t{10}, std::size_t{4} << 20}) {
    const std::string plain = Document(3, bytes);
    const std::string one = InEnvelope(plain);
    const std::pair<const char*, std::string> inputs[] = {
        {"a line", one + "\n"},
        {"a document over several lines", "{\n\"result\":\n" + plain + "\n}\n"},
        {"snake_case", InEnvelope(SnakeCase(plain))},
        {"streamed lines", "{\"result\":{}}\n" + one + "\n"},
        {"an array", "[" + one + "]"},
        {"an array over several lines", "[\n{\"result\":{\"resourceSpans\":[]}},\n" + one + "\n]"},
        {"behind other keys", "{\"took\": 3, \"error\": {\"resourceSpans\": 1}, " + one.substr(1)},
    };
    for (const auto& [name, input] : inputs) {
      INFO(name << ", spans of " << bytes);
      Reading reading;
      reading.Feed(input);
      reading.Finish();
      CHECK(reading.ids == std::vector<std::string>{"1", "2", "3"});
      CHECK(reading.services == std::vector<std::string>(3, "shop"));
      CHECK(reading.scopes == std::vector<std::string>(3, "tracer"));
      CHECK(reading.attribute_bytes == std::vector<std::size_t>(3, bytes));
      CHECK(reading.rejects.empty());
    }
  }
}

TEST_CASE("a huge span with a result of its own stays one span") {
  std::string span = SpanOf(1, 9 << 20);
  span.insert(span.size() - 1, R"(,"result":{"resource":{},"note":"kept"})");
  Reading reading;
  reading.Feed(span + "\n" + SpanOf(2, 10) + "\n");
  reading.Finish();
  CHECK(reading.ids == std::vector<std::string>{"1", "2"});
  CHECK(reading.attribute_bytes == std::vector<std::size_t>{9 << 20, 10});
  CHECK(reading.rejects.empty());
}

// Offsets, spans and rejects of an input that is fed in pieces of random sizes.
std::string ReadInPieces(std::string_view input, std::mt19937& random) {
  Reading reading;
  std::uniform_int_distribution<std::size_t> size(1, 2 << 20);
  while (!input.empty()) {
    const std::size_t length = std::min(size(random), input.size());
    reading.Feed(input.substr(0, length));
    input.remove_prefix(length);
  }
  reading.Finish();
  std::string all = reading.offsets;
  for (std::size_t i = 0; i < reading.ids.size(); ++i) {
    all += reading.ids[i] + ':' + reading.services[i] + ':' + reading.scopes[i] + ' ';
  }
  return all + reading.rejects;
}

TEST_CASE("what is cut out does not depend on how the input is fed, and stands where it says") {
  const std::string document = Document(12, 1 << 20);
  const std::string line = SpanOf(100, 10) + "\n";
  std::string array = "[";
  for (int i = 0; i < 3; ++i)
    array += Document(3, 1 << 20) + ",\n" + SpanOf(50 + i, 2 << 20) + (i < 2 ? "," : "]");
  const std::string inputs[] = {
      line + document + "\n" + line, document, "\n\n" + document + document,
      document + "\n" + line,        array,    document + " x\n" + line};
  std::mt19937 random(3);
  for (const std::string& input : inputs) {
    INFO(input.size());
    const std::string whole = ReadInPieces(input, random);
    const bool is_array = &input == &inputs[4];
    CHECK((is_array || whole.find("12:shop:tracer") != std::string::npos));
    for (int round = 0; round < 3; ++round) CHECK((ReadInPieces(input, random) == whole));
    for (int id = 1; id <= 12 && !is_array; ++id) {
      const std::string offset = ' ' + std::to_string(input.find(SpanHead(id))) + ' ';
      CHECK((' ' + whole).find(offset) != std::string::npos);
    }
  }
  CHECK_THAT(ReadInPieces(inputs[4], random),
             Catch::Matchers::Contains("3:shop:tracer 50:: 1:shop"));
  CHECK_THAT(ReadInPieces(inputs[5], random),
             Catch::Matchers::EndsWith("100:: reject not_json at " +
                                       std::to_string(document.size() + 1) + "\n"));
}

TEST_CASE("of a huge document that is cut off the complete spans are kept") {
  const std::string document = Document(12, 1 << 20);
  const std::size_t last = document.find(SpanHead(12));
  Reading reading;
  reading.Feed(std::string_view(document).substr(0, last + 500'000));
  reading.Finish();
  CHECK(reading.ids.size() == 11);
  CHECK(reading.rejects == "reject truncated_input at " + std::to_string(last) + "\n");
  CHECK(ExplainReject(kTruncatedInput) != "");
}

TEST_CASE("a broken span in a huge line is refused alone, a broken line ends at its end") {
  std::string document = Document(12, 1 << 20);
  const std::size_t fourth = document.find(SpanHead(4));
  document[document.find("0a", fourth)] = '\\';
  Reading reading;
  reading.Feed(document + "\n" + SpanOf(13, 5) + "\n");
  reading.Finish();
  CHECK(reading.ids.size() == 12);
  CHECK(reading.rejects == "reject invalid_json at " + std::to_string(fourth) + "\n");

  document = Document(12, 1 << 20);
  document[document.find(SpanHead(4)) - 1] = ':';
  Reading other;
  other.Feed(SpanOf(14, 5) + "\n" + document + "\n" + SpanOf(13, 5) + "\n");
  other.Finish();
  CHECK(other.ids == std::vector<std::string>{"14", "1", "2", "3", "13"});
}

TEST_CASE("a resource behind its spans in a huge document is told") {
  std::string document = R"({"resourceSpans":[{"scopeSpans":[{"spans":[)";
  for (int i = 1; i <= 9; ++i) document += SpanOf(i, 1 << 20) + (i < 9 ? "," : "");
  document += R"(]}],"resource":{"attributes":[]}}]})";
  Reading reading;
  reading.Feed(document);
  reading.Finish();
  CHECK(reading.ids.size() == 9);
  const std::size_t resource = document.find(R"({"attributes":[]})");
  CHECK(reading.rejects == "reject resource_after_spans at " + std::to_string(resource) + "\n");
}

}  // namespace
}  // namespace halo
