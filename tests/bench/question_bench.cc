// SPDX-License-Identifier: MIT
// How fast questions about a large store and a long trace are answered.
#include <boost/json/value.hpp>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/parallel.h"
#include "tests/bench/bench.h"
#include "tests/bench/search_limit.h"
#include "tools/answer/tool.h"

namespace halo::bench {
namespace {

double CallSeconds(Engine& engine, const Tool& tool, const boost::json::value& arguments) {
  const double start = WallSeconds();
  const Result<ToolAnswer> answer = tool.call(engine, arguments, {});
  if (!answer) Fail(tool.info.name + ": " + answer.error().message);
  return WallSeconds() - start;
}

const Tool& Find(const std::vector<Tool>& tools, std::string_view name) {
  for (const Tool& tool : tools) {
    if (tool.info.name == name) return tool;
  }
  Fail("no tool " + std::string(name));
}

// One filter of each kind; filters by id have a different value in each round.
std::vector<boost::json::value> Filters(int round, const std::string& mode) {
  const std::string number = std::to_string(round * 37 + 11);
  return {
      {{"project", "default"}},
      {{"service", "order-desk"}},
      {{"agent", "refunds"}},
      {{"model", "gpt-4o"}},
      {{"tool", "get_invoice"}},
      {{"session", "session-" + number}},
      {{"user", "user-" + number}},
      {{"environment", "production"}},
      {{"version", "1.0"}, {"has_error", false}},
      {{"outcome", "failure"}},
      {{"has_error", true}},
      {{"failure_mode", mode}},
      {{"since", "2025-10-09T10:00:00Z"}, {"until", "2025-10-09T18:00:00Z"}},
      {{"min_cost", 0.01}},
      {{"min_duration_ms", 1000}},
      {{"task", "unknown"}},
      {{"tag", "unknown"}},
  };
}

}  // namespace

void BenchQuestions(Bench& bench) {
  const std::string url = ManyTraces(bench);
  const std::vector<Tool> tools = AllTools();
  std::string mode;
  StoreInfo info;
  {
    const std::unique_ptr<Engine> engine = OpenEngine(url);
    const Result<ModeRanking> ranking = engine->RankedModes({});
    if (!ranking || ranking->modes.empty()) Fail("the store has no failure mode");
    mode = ModeIdText(ranking->modes.front().stats.id);
    info = *engine->Info();
  }
  for (const std::string_view name : {"get_overview", "list_failure_modes"}) {
    const std::unique_ptr<Engine> engine = OpenEngine(url);
    const Tool& tool = Find(tools, name);
    const double first = CallSeconds(*engine, tool, boost::json::object());
    std::vector<double> plain, filtered;
    for (int i = 0; i < 40; ++i) {
      plain.push_back(CallSeconds(*engine, tool, boost::json::object()));
    }
    for (int i = 0; i < 10; ++i) {
      for (const boost::json::value& filter : Filters(i, mode)) {
        filtered.push_back(CallSeconds(*engine, tool, {{"filters", filter}}));
      }
    }
    const double unfiltered = Percentile(plain, 0.95), any = Percentile(filtered, 0.95);
    bench.Add({std::string(name) + ", " + Thousands(info.traces) + " traces, " +
                   Thousands(info.spans) + " spans, unfiltered; any filter (p95)",
               "20; 100 ms", "5; 20 ms",
               Milliseconds(unfiltered) + "; " + Milliseconds(any) + " (the first one " +
                   Milliseconds(first) + ")",
               unfiltered <= 0.020 && any <= 0.100});
  }
}

void BenchSearch(Bench& bench) {
  const std::unique_ptr<Engine> engine = OpenEngine(ManyTraces(bench));
  const StoreInfo info = *engine->Info();
  if (!engine->Overview({})) Fail("no overview");  // the table is read once, not in each search
  // Pages until the end, or the first one only.
  const auto seconds = [&](const TextPattern& pattern, bool to_the_end, std::size_t hits) {
    std::vector<double> times;
    for (int i = 0; i < 3; ++i) {
      const double start = WallSeconds();
      std::string cursor;
      std::size_t found = 0;
      do {
        const Result<SearchPage> page = engine->Search({}, pattern, 20, cursor, {}, nullptr);
        if (!page) Fail(page.error().message);
        found += page->hits.size();
        cursor = page->next_cursor;
      } while (to_the_end && !cursor.empty());
      times.push_back(WallSeconds() - start);
      if (hits != SIZE_MAX && found != hits) Fail("the search found " + std::to_string(found));
    }
    return Percentile(times, 0.5);
  };
  const double absent = seconds({"absent needle", false, false}, true, 0);
  const std::string alternation = "(?i)absent needle|nowhere s[e]en";
  const double scan = seconds({alternation, true, false}, true, 0);
  const double common = seconds({"order", false, false}, false, 20);
  const std::string path = bench.At(bench.many);
  const double literal_speed = SearchLimit(path, "absent needle", UsefulThreads()) / absent;
  const double pattern_speed = SearchLimit(path, alternation, UsefulThreads()) / scan;
  bench.Add({"search over " + Fixed(static_cast<double>(info.payload_bytes) / 1e9, 2) +
                 " GB of spans: absent literal; (?i) alternation; first page of a common term "
                 "(median)",
             "0.6; 0.6 x RE2 alone; 50 ms", "0.9; 0.9 x; 10 ms",
             Fixed(literal_speed, 2) + " x (" + Milliseconds(absent) + "); " +
                 Fixed(pattern_speed, 2) + " x (" + Milliseconds(scan) + "); " +
                 Milliseconds(common),
             literal_speed >= 0.6 && pattern_speed >= 0.6 && common <= 0.05});
}

void BenchLongTrace(Bench& bench) {
  const std::string path = bench.At("long.jsonl");
  {
    std::string text;
    Generator(kShapeS, 5).AppendLongTrace(100'000, text);
    std::ofstream(path, std::ios::binary) << text;
  }
  Run({bench.binary, "ingest", path, "--store", bench.StoreUrl("long.db")});
  const std::unique_ptr<Engine> engine = OpenEngine(bench.StoreUrl("long.db"));
  const std::vector<Tool> tools = AllTools();
  const Result<TracePage> page = engine->Traces({}, TraceSort::kNewest, 1, "");
  if (!page || page->rows.empty()) Fail("the long trace is not there");
  std::vector<double> times;
  for (int i = 0; i < 10; ++i) {
    times.push_back(CallSeconds(*engine, Find(tools, "explain_trace"),
                                {{"trace_id", page->rows[0].key.trace_id}}));
  }
  const double median = Percentile(times, 0.5);
  bench.Add({"explain_trace of 100 k spans (median)", "200 ms", "50 ms", Milliseconds(median),
             median <= 0.2});
}

}  // namespace halo::bench
