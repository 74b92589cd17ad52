// SPDX-License-Identifier: MIT
// What the tools answer about runs that other tools exported: for each folder of
// tests/golden/formats, the facts that the conventions find in its spans. What the importers read
// is in tests/golden/importers. To accept the current result, run with HALO_UPDATE_GOLDEN=1 and
// review the diff.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/framing/framer.h"
#include "engine/importers/choose_importer.h"
#include "engine/semconv/conventions.h"
#include "tests/support/source_dir.h"

namespace halo {
namespace {

namespace fs = std::filesystem;

// One line a span: its kind, and what was found.
class FactsSink final : public SpanSink {
 public:
  void OnSpan(const Span& span) override {
    const SpanFields& fields = conventions_.Read(span);
    text += std::string(KindName(fields.kind));
    Add("agent", fields.agent);
    Add("tool", fields.tool);
    Add("model", fields.request_model);
    Add("response", fields.response_model);
    Add("provider", fields.provider);
    Add("session", fields.session);
    Add("user", fields.user);
    Add("project", fields.project);
    AddNumber("in", fields.input_tokens);
    if (fields.input_excludes_cache) text += " without cached";
    AddNumber("out", fields.output_tokens);
    if (fields.output_leaves_thoughts_out) text += " without thoughts";
    AddNumber("cached", fields.cache_read_tokens);
    AddNumber("thoughts", fields.reasoning_tokens);
    if (fields.cost_usd >= 0) text += " usd=" + std::to_string(fields.cost_usd);
    if (!fields.messages_in.empty()) Add("asked", fields.messages_in.back().content);
    if (!fields.messages_out.empty()) Add("answered", fields.messages_out.back().content);
    Add("input", fields.kind == Kind::kTool ? fields.input.text : "");
    const bool failed = span.status == StatusCode::kError || !fields.error_flag.path.empty();
    if (failed) text += " failed";
    text += '\n';
  }
  void OnReject(Reject reject) override { text += "reject " + reject.reason + '\n'; }

  std::string text;

 private:
  void Add(std::string_view name, std::string_view value) {
    if (!value.empty()) text.append(" ").append(name).append("=").append(value);
  }
  void AddNumber(std::string_view name, std::int64_t value) {
    if (value >= 0) Add(name, std::to_string(value));
  }

  Conventions conventions_;
};

std::string FactsOf(std::string_view input) {
  const Result<const Importer*> importer = ChooseImporter(input, "input");
  if (!importer) return importer.error().message;
  const std::unique_ptr<Framer> framer = MakeFramer((*importer)->framing);
  std::vector<RecordBatch> batches;
  framer->Feed(input, batches);
  framer->Finish(false, batches);
  FactsSink sink;
  const auto reader = (*importer)->make_reader();
  for (const RecordBatch& batch : batches) {
    for (const Record& record : batch.records) reader->Read(record, sink);
    for (const Reject& reject : batch.rejects) sink.OnReject(reject);
  }
  return std::string((*importer)->name) + '\n' + sink.text;
}

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_CASE("exports of other tools give kinds, names, tokens, costs, sessions and failures") {
  std::vector<fs::path> cases;
  for (const auto& entry : fs::directory_iterator(SourceDir() / "tests/golden/formats")) {
    cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  REQUIRE(!cases.empty());
  for (const fs::path& folder : cases) {
    INFO(folder.filename().string());
    const std::string facts = FactsOf(ReadAll(folder / "input"));
    if (std::getenv("HALO_UPDATE_GOLDEN")) std::ofstream(folder / "facts") << facts;
    CHECK(facts == ReadAll(folder / "facts"));
  }
}

}  // namespace
}  // namespace halo
