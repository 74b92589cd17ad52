// SPDX-License-Identifier: MIT
// Traces that grow while they are queried.
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <thread>

#include "engine/analysis/analyse_trace.h"
#include "engine/ingest/ingester.h"
#include "engine/ingest/refresh.h"
#include "engine/store/open_store.h"
#include "engine/store/store.h"
#include "tests/bench/generate.h"
#include "tests/support/summary_bytes.h"
#include "tests/system/support.h"

namespace halo::system_test {
namespace {

std::vector<std::string> LongTraceLines(int spans) {
  std::string text;
  bench::Generator(bench::Shape{20, 60}, 8).AppendLongTrace(spans, text);
  constexpr std::string_view kBegin = R"({"traceId":")";
  std::vector<std::string> lines;
  std::size_t at = text.find(kBegin);
  const std::string head = text.substr(0, at);
  while (at != text.npos) {
    const std::size_t next = text.find(kBegin, at + 1);
    std::size_t end = text.find("\"status\":{", at);
    end = text.find("}}", end) + 2;
    lines.push_back(head + text.substr(at, end - at) + "]}]}]}\n");
    at = next;
  }
  return lines;
}

void Eventually(const std::function<bool()>& holds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!holds()) {
    REQUIRE(std::chrono::steady_clock::now() < until);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace

TEST_CASE("a long live trace costs at most three times its analysis at once") {
  const TempFolder folder;
  Result<std::unique_ptr<Store>> store = OpenStore(folder.StoreUrl("live.db"));
  REQUIRE(store.has_value());
  const Rules rules{Config()};
  Ingester ingester(**store, rules, 1);
  Refresher refresher(**store, rules);
  IngestOptions options;
  options.growing = true;
  constexpr int kSpans = 3000;
  const std::vector<std::string> lines = LongTraceLines(kSpans);
  REQUIRE(lines.size() == kSpans);
  constexpr std::int64_t kNow = 1'000'000'000'000'000'000;
  const auto forever = std::chrono::steady_clock::time_point::max();
  for (const std::string& line : lines) {
    REQUIRE(ingester.Bytes("live", line, options).has_value());
    // As if there were a query after each span.
    REQUIRE(refresher.Run(Refresh::kDue, kNow, forever, {}, {}).has_value());
  }
  // Far in the future, when the trace has settled.
  REQUIRE(refresher.Run(Refresh::kDue, 4'000'000'000'000'000'000, forever, {}, {}).has_value());
  const Result<std::vector<StaleTrace>> stale = (*store)->StaleTraces(10);
  REQUIRE(stale.has_value());
  CHECK(stale->empty());
  CHECK(refresher.analysed_spans() <= 3 * kSpans + 20'000);  // small traces are always analysed
  CHECK(refresher.analysed_spans() >= kSpans);
}

TEST_CASE("spans can be added one at a time to a trace of 100,000 spans") {
  const TempFolder folder;
  constexpr int kSpans = 100'000, kLate = 60;
  const std::vector<std::string> lines = LongTraceLines(kSpans);
  WriteFile(folder.At("most"), Join({lines.begin(), lines.end() - kLate}));
  WriteFile(folder.At("whole"), Join(lines));
  {
    const auto engine = Open(folder.StoreUrl("a.db"));
    Ingest(*engine, {folder.At("most")});
    for (std::size_t i = lines.size() - kLate; i < lines.size(); ++i) {
      IngestOptions options;
      options.growing = i + 1 < lines.size();  // at the end of its source, the trace settles
      const Result<IngestReport> report = engine->IngestBytes("late", lines[i], options);
      REQUIRE(report.has_value());
      CHECK(report->spans.new_spans == 1);
      CHECK(report->spans.grown_traces == 1);
      REQUIRE(engine->Overview({}).has_value());
    }
    CHECK(engine->Overview({})->spans == kSpans);
  }
  const auto engine = Open(folder.StoreUrl("a.db"));
  const auto whole = Open(folder.StoreUrl("b.db"));
  Ingest(*whole, {folder.At("whole")});
  CHECK(FirstDifference(Answers(*engine), Answers(*whole)) == "");
}

TEST_CASE("reading a long trace uses an analysis of all its current spans") {
  const TempFolder folder;
  constexpr int kSpans = 2500;
  const std::vector<std::string> lines = LongTraceLines(kSpans);
  WriteFile(folder.At("most"), Join({lines.begin(), lines.end() - 1}));
  const auto engine = Open(folder.StoreUrl("a.db"));
  Ingest(*engine, {folder.At("most")});
  const Result<TracePage> page = engine->Traces({}, TraceSort::kNewest, 1, {});
  REQUIRE(page.has_value());
  const TraceKey key = page->rows.front().key;
  const auto check = [&](std::int32_t spans, Outcome label) {
    const Result<TraceReading> reading = engine->ReadTrace(key);
    REQUIRE(reading.has_value());
    TraceSummary expected = AnalyseTrace(reading->trace);
    expected.judged_by = reading->summary.judged_by;
    if (label != Outcome::kUnknown) {
      expected.outcome = label;
      expected.outcome_rule = OutcomeRule::kLabel;
    }
    CHECK(reading->summary.span_count == spans);
    CHECK(SummaryBytes(reading->summary) == SummaryBytes(expected));
  };
  check(kSpans - 1, Outcome::kUnknown);
  const Label label{key, Outcome::kFailure};
  REQUIRE(engine->PutLabels({&label, 1}).has_value());
  check(kSpans - 1, Outcome::kFailure);
  // The trace has not grown enough to be analysed again, but a reader still gets the new span.
  IngestOptions options;
  options.growing = true;
  REQUIRE(engine->IngestBytes("late", lines.back(), options).has_value());
  const Result<TraceReading> reading = engine->ReadTrace(key);
  REQUIRE(reading.has_value());
  CHECK(reading->summary.span_count == kSpans);
  CHECK(reading->trace.spans.size() == kSpans);
}

TEST_CASE("a followed file is read as it grows, in complete lines") {
  const TempFolder folder;
  const std::vector<std::string> lines = SpanLines(6, 9);
  const std::string path = folder.At("live.jsonl");
  WriteFile(path, lines[0]);
  const auto engine = Open(folder.StoreUrl("a.db"));
  std::jthread follower([&](std::stop_token stop) {
    FollowOptions options;
    options.stop = stop;
    engine->Follow(std::vector<std::string>{path}, options);
  });
  const auto spans = [&] { return engine->Overview({})->spans; };
  Eventually([&] { return spans() == 1; });
  std::ofstream out(path, std::ios::binary | std::ios::app);
  for (std::size_t i = 1; i < 10; ++i) {
    // The line arrives in two pieces.
    const std::size_t half = lines[i].size() / 2;
    out << lines[i].substr(0, half) << std::flush;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    out << lines[i].substr(half) << std::flush;
    Eventually([&] { return spans() == static_cast<std::int64_t>(i) + 1; });
  }
  CHECK(engine->Rejects()->empty());
  CHECK(engine->Overview({})->open_traces > 0);
}

TEST_CASE("two processes that follow the same file read it once") {
  const TempFolder folder;
  const std::string path = folder.At("live.jsonl");
  const std::vector<std::string> lines = SpanLines(3, 10);
  WriteFile(path, Join(lines));
  const auto one = Open(folder.StoreUrl("a.db"));
  const auto two = Open(folder.StoreUrl("a.db"));
  const auto follow = [&](Engine& engine) {
    return std::jthread([&engine, &path](std::stop_token stop) {
      FollowOptions options;
      options.stop = stop;
      engine.Follow(std::vector<std::string>{path}, options);
    });
  };
  const std::jthread first = follow(*one), second = follow(*two);
  const auto all = static_cast<std::int64_t>(lines.size());
  Eventually([&] { return one->Overview({})->spans == all && two->Overview({})->spans == all; });
}

}  // namespace halo::system_test
