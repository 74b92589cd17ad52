// SPDX-License-Identifier: MIT
// Queries are answered from the stored data, even while other processes hold the store, and never
// from a store that no longer exists.
#include <signal.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/system/faults.h"
#include "tests/system/serving.h"
#include "tests/system/support.h"

namespace halo::system_test {
namespace {

bool Has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

// Makes a store with traces that have grown and wait for their analysis, one of them by another
// version of a span.
void MakeStale(const std::string& url, const std::vector<std::string>& lines) {
  const auto engine = Open(url);
  IngestOptions options;
  REQUIRE(engine->IngestBytes("most", Join({lines.begin(), lines.end() - 1}), options).has_value());
  REQUIRE(engine->Overview({}).has_value());
  std::string revised = lines.front();
  const std::size_t name = revised.find("\"name\":\"");
  revised.insert(name + 8, "again ");
  REQUIRE(engine->IngestBytes("late", lines.back() + revised, options).has_value());
}

std::string TraceIdOf(const std::string& line) {
  constexpr std::string_view kBefore = R"("traceId":")";
  return line.substr(line.find(kBefore) + kBefore.size(), 32);
}

}  // namespace

TEST_CASE("every read-only tool answers while another process writes or is stopped in a write") {
  const TempFolder folder;
  const bool stopped = GENERATE(false, true);
  LockHolder holder(folder.At("a.db"));
  const std::vector<std::string> lines = SpanLines(1, 31);
  MakeStale(folder.StoreUrl("a.db"), lines);
  const auto engine = Open(folder.StoreUrl("a.db"));
  holder.Lock();
  if (stopped) REQUIRE(kill(holder.pid(), SIGSTOP) == 0);

  const std::string overview = CallTool(*engine, "get_overview");
  INFO(overview);
  CHECK(Has(overview, R"("dataset":{"traces":1,)"));
  CHECK(Has(overview, R"("not_analysed","count":1)"));
  CHECK(Has(overview, "1 trace not yet analysed, so that they count as they were before: since 2"));
  CHECK(Has(overview, "in use by another process"));
  const std::string id = TraceIdOf(lines.front());
  const std::string explained = CallTool(*engine, "explain_trace", R"({"trace_id":")" + id + "\"}");
  CHECK(Has(explained, "not yet analysed"));
  CHECK(Has(explained, id));
  // read_spans merges the versions of a span without storing anything.
  const std::string spans = CallTool(*engine, "read_spans", R"({"trace_id":")" + id + "\"}");
  CHECK(Has(spans, id));
  CHECK(Has(CallTool(*engine, "list_failure_modes"), "not yet analysed"));
  CHECK(Has(CallTool(*engine, "get_expensive_spans"), "not yet analysed"));
  CHECK(Has(CallTool(*engine, "search_traces", R"({"text":"the"})"), "\"matched"));

  if (stopped) REQUIRE(kill(holder.pid(), SIGCONT) == 0);
  holder.Unlock();
  Eventually([&] { return !Has(CallTool(*engine, "get_overview"), "not_analysed"); });
  CHECK(engine->Info()->stale_traces == 0);
}

TEST_CASE("the command line can read while another process writes") {
  const TempFolder folder;
  LockHolder holder(folder.At("a.db"));
  MakeStale(folder.StoreUrl("a.db"), SpanLines(1, 32));
  holder.Lock();
  const auto [code, text] =
      RunProgram("call get_overview '{}' --json --store " + folder.StoreUrl("a.db"));
  INFO(text);
  CHECK(code == 0);
  CHECK(Has(text, "not_analysed"));
  CHECK(RunProgram("report --store " + folder.StoreUrl("a.db")).first == 0);
  holder.Unlock();
}

TEST_CASE("reading a trace with several versions of spans stores nothing") {
  const TempFolder folder;
  const std::vector<std::string> lines = SpanLines(1, 33);
  MakeStale(folder.StoreUrl("a.db"), lines);
  const auto engine = Open(folder.StoreUrl("a.db"));
  // No query has run yet, so the trace is not analysed and its versions are not merged in the
  // store.
  const std::string id = TraceIdOf(lines.front());
  const std::int64_t bytes = engine->Info()->payload_bytes;
  const Result<TraceReading> reading = engine->ReadTrace({"", id});
  REQUIRE(reading.has_value());
  std::vector<SpanIndex> all;
  for (std::size_t i = 0; i < reading->trace.spans.size(); ++i) {
    all.push_back(static_cast<SpanIndex>(i));
  }
  const Result<std::vector<OwnedSpan>> spans = engine->ReadSpans(*reading, all);
  REQUIRE(spans.has_value());
  CHECK(spans->size() == all.size());
  CHECK(engine->Info()->payload_bytes == bytes);
}

TEST_CASE("a server detects and reports that its store was deleted or replaced") {
  const TempFolder folder;
  std::filesystem::create_directory(folder.At("store"));
  std::filesystem::create_directory(folder.At("traces"));
  WriteFile(folder.At("traces/a.jsonl"), Join(SpanLines(2, 34)));
  const std::string path = folder.At("store/a.db"),
                    store = " --store " + folder.StoreUrl("store/a.db");
  const auto remove_all = [&] {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
  };
  Serving serving("--traces " + folder.At("traces") + store);
  Eventually([&] { return Has(serving.Overview(), "\"traces\":2,"); });
  CHECK(serving.Health() == "200 ok\n");
  const auto prompt = [&](const char* name) {
    return serving.Post("prompts/get", std::string(R"({"name":")") + name + "\"}");
  };

  remove_all();
  Eventually([&] { return serving.Health().starts_with("503 unavailable\n"); });
  CHECK(Has(serving.Health(), "was deleted while this program had it open"));
  const std::string overview = serving.Overview();
  CHECK(Has(overview, "\"isError\":true"));
  CHECK(Has(overview, "was deleted"));
  CHECK(Has(overview, "halo-mcp doctor"));
  for (const char* name :
       {"fix_top_failure_modes", "cut_cost", "speed_up", "verify_last_fix", "explain_regression"}) {
    const std::string said = prompt(name);
    CHECK(Has(said, "was deleted"));
    CHECK(!Has(said, "no traces"));
  }

  // After the restart it opens a new store and follows into it.
  RunProgram("doctor" + store);
  Eventually([&] { return serving.Health() == "200 ok\n"; });
  Eventually([&] { return Has(serving.Overview(), "\"traces\":2,"); });

  // Replaces the store by another one.
  WriteFile(folder.At("other.jsonl"), Join(SpanLines(5, 35)));
  CHECK(RunProgram("ingest " + folder.At("other.jsonl") + " --store " + folder.StoreUrl("b.db"))
            .first == 0);
  remove_all();
  std::filesystem::rename(folder.At("b.db"), path);
  Eventually([&] { return Has(serving.Overview(), "\"traces\":7,"); });
  CHECK(serving.Health() == "200 ok\n");
  CHECK(serving.End() == 0);
  // When that server exits, the store is unharmed.
  CHECK(Has(RunProgram("call get_overview '{}' --json" + store).second, "\"traces\":7,"));
}

TEST_CASE("a store with the write-ahead log of another store is not opened") {
  const TempFolder folder;
  std::filesystem::create_directory(folder.At("store"));
  const std::string path = folder.At("store/a.db");
  const auto engine = Open("sqlite:" + path);
  WriteFile(folder.At("a.jsonl"), Join(SpanLines(1, 36)));
  Ingest(*engine, {folder.At("a.jsonl")});
  {
    const auto other = Open(folder.StoreUrl("b.db"));
    Ingest(*other, {folder.At("a.jsonl")});
  }
  std::filesystem::rename(path, folder.At("moved.db"));
  std::filesystem::rename(folder.At("b.db"), path);
  const Result<OverviewStats> stats = engine->Overview({});
  REQUIRE(!stats.has_value());
  CHECK(Has(stats.error().message, "was replaced by another file"));
  CHECK(Has(stats.error().message, "a.db-wal"));
  // After it is moved back, the server uses it again.
  std::filesystem::rename(path, folder.At("b.db"));
  std::filesystem::rename(folder.At("moved.db"), path);
  CHECK(engine->Overview({})->traces == 1);
}

}  // namespace halo::system_test
