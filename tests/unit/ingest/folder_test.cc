// SPDX-License-Identifier: MIT
// Folders of users, with traces among other files.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "tests/unit/sources/temp_folder.h"

namespace halo {
namespace {

class Folder : public TempFolder {
 public:
  Folder() {
    Result<std::unique_ptr<Engine>> engine = Engine::Open({"sqlite:" + Path("store/x.db"), {}, 0});
    REQUIRE(engine.has_value());
    engine_ = std::move(*engine);
  }
  IngestReport Ingest(const std::vector<std::string>& paths) {
    const Result<IngestReport> report = engine_->IngestPaths(paths, {});
    if (!report) FAIL(report.error().message);
    return *report;
  }
  Engine& engine() { return *engine_; }

 private:
  std::unique_ptr<Engine> engine_;
};

std::string SpanLine(int trace, int span, std::size_t bytes = 1) {
  return R"({"trace_id":"trace-)" + std::to_string(trace) + R"(","span_id":"s)" +
         std::to_string(trace) + "-" + std::to_string(span) +
         R"(","name":"run","start_time":"2026-01-01T00:00:00Z","end_time":"2026-01-01T00:00:01Z",)" +
         R"("attributes":{"input.value":")" + std::string(bytes, 'x') + "\"}}\n";
}

TEST_CASE("files without traces in a folder are ignored") {
  Folder folder;
  folder.Write("in/traces.jsonl", SpanLine(1, 1));
  const std::pair<const char*, std::string> others[] = {
      {"in/LICENSE", "MIT License\n\nCopyright (c)\n"},
      {"in/README.md", "[![badge](https://x)](y)\n# Traces\n"},
      {"in/config.yaml", "version: 1\nagent: clerk\n"},
      {"in/empty.txt", ""},
      {"in/manifest.csv", "file,bytes,sha256\na,1,f\n"},
      {"in/manifest.json", R"({"files":["a.json"],"commit":"1"})"},
      {"in/shot.png", "\x89PNG\r\n\x1a\n"},
      {"in/sub/metrics.json", R"({"resourceMetrics":[]})"},
      {"in/tool.py", "import json\n"},
  };
  std::vector<std::string> names;
  for (const auto& [name, content] : others) names.push_back(folder.Write(name, content));
  const IngestReport report = folder.Ingest({folder.Path("in")});
  CHECK(report.spans.new_spans == 1);
  CHECK(report.passed_over == names);
  CHECK(report.refused.empty());
  CHECK(report.rejects.empty());
  CHECK(folder.engine().Rejects()->empty());
}

TEST_CASE("traces in an unsupported format are refused, also in a folder") {
  Folder folder;
  folder.Write("in/README.md", "# Traces\n");
  folder.Write("in/zipkin.json", R"([{"traceId":"1","id":"2","localEndpoint":{}}])");
  const IngestReport report = folder.Ingest({folder.Path("in")});
  REQUIRE(report.refused.size() == 1);
  CHECK(report.refused[0].find("zipkin.json") != std::string::npos);
  CHECK(report.passed_over.size() == 1);
  CHECK(report.rejects.at("unknown_format") == 1);
}

TEST_CASE("a file without traces is refused if it is named explicitly") {
  Folder folder;
  const std::string readme = folder.Write("README.md", "# Traces\n");
  const IngestReport report = folder.Ingest({readme});
  REQUIRE(report.refused.size() == 1);
  CHECK(report.refused[0].find("README.md holds no traces") != std::string::npos);
  CHECK(report.passed_over.empty());
}

TEST_CASE("a first ingest reports only new traces, whatever the number of transactions") {
  Folder folder;
  // Spans of all traces, interleaved, over many chunks and two files.
  std::string first, second;
  for (int span = 0; span < 40; ++span) {
    for (int trace = 0; trace < 20; ++trace) {
      (span < 36 ? first : second) += SpanLine(trace, span, 30'000);
    }
  }
  folder.Write("in/a.jsonl", first);
  folder.Write("in/b.jsonl", second);
  const IngestReport report = folder.Ingest({folder.Path("in")});
  CHECK(report.spans.new_traces == 20);
  CHECK(report.spans.grown_traces == 0);
  CHECK(report.spans.new_spans == 800);
  folder.Append("in/b.jsonl", SpanLine(3, 100) + SpanLine(3, 101) + SpanLine(99, 1));
  const IngestReport again = folder.Ingest({folder.Path("in")});
  CHECK(again.spans.new_traces == 1);
  CHECK(again.spans.grown_traces == 1);
}

}  // namespace
}  // namespace halo
