// SPDX-License-Identifier: MIT
// Reads real exports of other tools, which are not part of this repository: the variable
// HALO_TEST_DATA names their folder. Every span that a file holds, counted here without the
// importers, must be read, or refused under a reason that the table names.
#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/framing/framer.h"
#include "engine/importers/choose_importer.h"
#include "engine/model/reject_reasons.h"

namespace halo {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

struct Counts {
  std::size_t spans = 0;
  std::map<std::string, std::size_t> refused;  // by reason; of whole spans
  std::map<std::string, std::size_t> losses;   // of parts of spans that were read
};

class CountingSink final : public SpanSink {
 public:
  explicit CountingSink(Counts& counts) : counts_(counts) {}
  void OnSpan(const Span&) override { ++counts_.spans; }
  void OnReject(Reject reject) override {
    const bool is_part = reject.reason == kMalformedPart || reject.reason == kImplausibleTime ||
                         reject.reason == kNestedTooDeeply;
    ++(is_part ? counts_.losses : counts_.refused)[reject.reason];
  }

 private:
  Counts& counts_;
};

Counts ReadWith(const Importer& importer, std::string_view input) {
  Counts counts;
  CountingSink sink(counts);
  const std::unique_ptr<Framer> framer = MakeFramer(importer.framing);
  std::vector<RecordBatch> batches;
  framer->Feed(input, batches);
  framer->Finish(false, batches);
  const auto reader = importer.make_reader();
  for (const RecordBatch& batch : batches) {
    for (const Record& record : batch.records) reader->Read(record, sink);
    for (const Reject& reject : batch.rejects) sink.OnReject(reject);
  }
  return counts;
}

std::size_t SizeOf(const json::value& document, std::string_view key) {
  const json::object* const object = document.if_object();
  const json::value* const list = object ? object->if_contains(key) : nullptr;
  return list && list->is_array() ? list->as_array().size() : 0;
}

// Each counts the spans of a document.
std::size_t CountItems(const json::value& document) {
  return document.is_array() ? document.as_array().size() : 1;
}
std::size_t CountItemsOrSpans(const json::value& document) {
  return document.is_array() ? CountItems(document) : SizeOf(document, "spans");
}
std::size_t CountObservations(const json::value& document) {
  return SizeOf(document, "observations");
}
// Of LangSmith's batches: the runs that are posted; a patch ends one of them.
std::size_t CountPosts(const json::value& document) { return SizeOf(document, "post"); }

// Of OTLP and Jaeger: the objects in lists called "spans", at any depth, or one span alone.
std::size_t CountSpanLists(const json::value& value) {
  std::size_t count = 0;
  if (const json::array* const list = value.if_array()) {
    for (const json::value& item : *list) count += CountSpanLists(item);
  } else if (const json::object* const object = value.if_object()) {
    for (const auto& [key, member] : *object) {
      count += key == "spans" ? SizeOf(value, "spans") : CountSpanLists(member);
    }
  }
  return count;
}
std::size_t CountTraceDocument(const json::value& document) {
  const json::object* const object = document.if_object();
  if (object && object->contains("operationName")) return 1;
  return CountSpanLists(document);
}

struct Sample {
  const char* path;  // a file or folder
  const char* importer;
  std::size_t (*count)(const json::value& document);
  std::size_t spans;  // read of all its files
  std::map<std::string, std::size_t> refused = {};
};

const std::vector<Sample>& Samples() {
  static const std::vector<Sample> kSamples = {
      {"monocle-otel-sdk-json", "sdk_python_json", CountItemsOrSpans, 294},
      {"monocle-otel-sdk-json", "span_tree_json", CountItemsOrSpans, 46},
      {"openinference-vercel-ai-sdk/vercel-v6-spans", "sdk_js_json", CountItems, 20},
      {"langfuse-framework-traces/api_trace", "langfuse_json", CountObservations, 138},
      {"langfuse-framework-traces/ui_export_merged", "langfuse_json", CountObservations, 91},
      {"langsmith-runs", "langsmith_json", CountPosts, 8},
      {"otlp-json-examples", "otlp_json", CountTraceDocument, 60},
      {"otlp-json-examples", "jaeger_json", CountTraceDocument, 120},
      {"otlp-json-examples/signoz",
       "span_tree_json",
       CountItems,
       0,
       {{std::string(kMissingTraceId), 100}}},
      {"mas-sim-otel/otel", "span_tree_json", CountItemsOrSpans, 180},
  };
  return kSamples;
}

std::vector<fs::path> FilesBelow(const fs::path& path) {
  std::vector<fs::path> files;
  if (fs::is_regular_file(path)) files.push_back(path);
  if (!fs::is_directory(path)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void CheckSample(const fs::path& root, const Sample& sample) {
  std::size_t spans = 0, files = 0;
  std::map<std::string, std::size_t> refused;
  for (const fs::path& path : FilesBelow(root / sample.path)) {
    const std::string text = ReadAll(path);
    const Result<const Importer*> importer = ChooseImporter(text, path.string());
    if (!importer || (*importer)->name != sample.importer) continue;
    INFO(path.string());
    ++files;
    const Counts counts = ReadWith(**importer, text);
    json::error_code error;
    const json::value document = json::parse(text, error);
    REQUIRE_FALSE(error);
    if (sample.count(document) == 0 && counts.spans == 0) continue;  // logs or metrics
    std::size_t handled = counts.spans;
    for (const auto& [reason, count] : counts.refused) {
      INFO(reason);
      CHECK(sample.refused.contains(reason));
      handled += count;
      refused[reason] += count;
    }
    CHECK(handled == sample.count(document));
    CHECK(counts.losses == std::map<std::string, std::size_t>());
    spans += counts.spans;
  }
  INFO(sample.path << " as " << sample.importer);
  CHECK(files > 0);
  CHECK(spans == sample.spans);
  CHECK(refused == sample.refused);
}

TEST_CASE("every span of real exports is read, or refused under a named reason") {
  const char* const root = std::getenv("HALO_TEST_DATA");
  if (root == nullptr || *root == '\0') {
    WARN("SKIPPED: HALO_TEST_DATA does not name a folder with exports of other tools");
    return;
  }
  for (const Sample& sample : Samples()) {
    if (!fs::exists(fs::path(root) / sample.path)) {
      WARN("SKIPPED: " << sample.path << " is not in HALO_TEST_DATA");
      continue;
    }
    CheckSample(root, sample);
  }
}

}  // namespace
}  // namespace halo
