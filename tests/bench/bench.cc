// SPDX-License-Identifier: MIT
// halo_bench BINARY FOLDER [MB [GROUP...]]: measures times and sizes on data that it generates in
// FOLDER, and prints a table. Ratios are taken within one run, since machines differ; ingest times
// are the fastest of three. Groups: ingest, formats, questions, start, explain, search, follow,
// append; default: all. Without the group ingest, stores of an earlier run in FOLDER are reused.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/parallel.h"
#include "engine/engine.h"
#include "tests/bench/generate.h"
#include "tests/bench/measure.h"
#include "tests/bench/search_limit.h"
#include "tests/bench/stages.h"
#include "tools/answer/tool.h"

namespace halo::bench {
namespace {

namespace fs = std::filesystem;

// The store on which queries, start-up and search are measured.
constexpr std::int64_t kManyTraces = 50'000;

struct Bench {
  std::string binary;
  fs::path folder;
  double mb = 1200;
  std::vector<std::string> groups;
  std::string many;  // name of the store of kManyTraces; empty until it exists
  int threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  std::vector<Row> rows;

  std::string At(const std::string& name) const { return (folder / name).string(); }
  std::string StoreUrl(const std::string& name) const { return "sqlite:" + At(name); }
  void Add(Row row) {
    std::fprintf(stderr, "%s: %s%s\n", row.what.c_str(), row.measured.c_str(),
                 row.met ? "" : "  MISSED");
    rows.push_back(std::move(row));
  }
};

std::string Thousands(std::int64_t number) { return std::to_string(number / 1000) + " k"; }

struct Written {
  std::int64_t spans = 0, traces = 0;
  double bytes = 0;
};

Written WriteTraces(const std::string& path, Shape shape, double bytes, std::uint64_t seed,
                    std::int64_t traces = 0) {
  std::ofstream out(path, std::ios::binary);
  Generator generator(shape, seed);
  Written written;
  std::string line;
  while (written.bytes < bytes || written.traces < traces) {
    line.clear();
    written.spans += generator.AppendTrace(line);
    ++written.traces;
    written.bytes += static_cast<double>(line.size());
    out << line;
  }
  return written;
}

// Writes a document of `bytes` bytes in one line.
void WriteOneLine(const std::string& path, double bytes) {
  std::ofstream out(path, std::ios::binary);
  Generator generator(kShapeS, 77);
  out << R"({"resourceSpans":[)";
  std::string line;
  double size = 0;
  constexpr std::string_view kHead = R"({"resourceSpans":[)";
  while (size < bytes) {
    line.clear();
    generator.AppendTrace(line);
    line.resize(line.size() - 3);  // the "]}" and line end of this request
    if (size > 0) out << ',';
    out << std::string_view(line).substr(kHead.size());
    size += static_cast<double>(line.size());
  }
  out << "]}\n";
}

double StoreBytes(const fs::path& folder, const std::string& name) {
  double bytes = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with(name)) {
      bytes += static_cast<double>(entry.file_size());
    }
  }
  return bytes;
}

std::unique_ptr<Engine> OpenEngine(const std::string& url, int threads = 0) {
  Result<std::unique_ptr<Engine>> engine = Engine::Open({url, std::nullopt, false, threads});
  if (!engine) Fail(engine.error().message);
  return std::move(*engine);
}

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

// Other programs on the machine only make a run slower, so the fastest of a few alternating rounds
// is nearest to the true time.
constexpr int kRounds = 3;
void KeepFaster(const ChildRun& run, ChildRun& best) {
  const double peak = std::max(run.peak_mb, best.peak_mb);
  if (best.seconds == 0 || run.seconds < best.seconds) best = run;
  best.peak_mb = peak;
}
void KeepFaster(double seconds, double& best) {
  best = best == 0 ? seconds : std::min(best, seconds);
}

// Ingests the file into a new store.
ChildRun Ingest(const Bench& bench, const std::string& file, const std::string& name) {
  for (const char* suffix : {"", "-wal", "-shm", "-lease"}) fs::remove(bench.At(name + suffix));
  return Run({bench.binary, "ingest", file, "--store", bench.StoreUrl(name)});
}

void BenchIngest(Bench& bench) {
  const std::string small = bench.At("s.jsonl"), large = bench.At("l.jsonl");
  const double bytes = bench.mb * 1e6;
  std::fprintf(stderr, "writing %.0f MB of each shape\n", bench.mb);
  const Written s = WriteTraces(small, kShapeS, bytes, 1);
  const Written l = WriteTraces(large, kShapeL, bytes / 2, 2);

  const std::string script =
      "import json,sys\nfor line in open(sys.argv[1],'rb'): json.loads(line)";
  ChildRun loads_s, loads_l, ingest_s, ingest_l;
  double limit_s = 0, limit_l = 0;
  for (int round = 0; round < kRounds; ++round) {
    KeepFaster(Run({"python3", "-c", script, small}), loads_s);
    KeepFaster(Ingest(bench, small, "s.db"), ingest_s);
    KeepFaster(DecodeLimit(small, bench.threads), limit_s);
    KeepFaster(Run({"python3", "-c", script, large}), loads_l);
    KeepFaster(Ingest(bench, large, "l.db"), ingest_l);
    KeepFaster(DecodeLimit(large, bench.threads), limit_l);
  }
  const double speed = loads_s.seconds / ingest_s.seconds;
  bench.Add({"ingest shape S (" + Fixed(s.bytes / 1e9, 2) + " GB, " +
                 std::to_string(s.spans / 1000) + " k spans)",
             "2 x json.loads", "4 x",
             Fixed(speed, 1) + " x (" + Fixed(s.bytes / 1e6 / ingest_s.seconds, 0) + " MB/s, " +
                 Fixed(static_cast<double>(s.spans) / 1e3 / ingest_s.seconds, 0) +
                 " k spans/s, 1/" + Fixed(ingest_s.seconds / limit_s, 1) + " of the limit)",
             speed >= 2});

  const double speed_l = loads_l.seconds / ingest_l.seconds;
  bench.Add({"ingest shape L (" + Fixed(l.bytes / 1e9, 2) + " GB)", "1 x json.loads", "2 x",
             Fixed(speed_l, 1) + " x (" + Fixed(l.bytes / 1e6 / ingest_l.seconds, 0) + " MB/s, 1/" +
                 Fixed(ingest_l.seconds / limit_l, 1) + " of the limit)",
             speed_l >= 1});

  const std::string line = bench.At("line.json");
  WriteOneLine(line, 1e9);
  const ChildRun ingest_line = Ingest(bench, line, "line.db");
  fs::remove(line);
  const double peak = std::max({ingest_s.peak_mb, ingest_l.peak_mb, ingest_line.peak_mb});
  bench.Add({"peak memory of both, and of one 1 GB line", "256 MB", "128 MB",
             Fixed(ingest_s.peak_mb, 0) + ", " + Fixed(ingest_l.peak_mb, 0) + ", " +
                 Fixed(ingest_line.peak_mb, 0) + " MB",
             peak <= 256});

  const double size_s = StoreBytes(bench.folder, "s.db") / ZstdSize(small);
  const double size_l = StoreBytes(bench.folder, "l.db") / ZstdSize(large);
  bench.Add({"store size, S; L", "2; 1.2 x zstd -3", "1.3; 1.0 x",
             Fixed(size_s, 2) + "; " + Fixed(size_l, 2) + " x", size_s <= 2 && size_l <= 1.2});

  const std::string part = bench.At("part.jsonl");
  WriteTraces(part, kShapeS, 100e6, 3);
  const Stages stages = MeasureStages(part);
  std::printf(
      "Core-seconds per GB of shape S: decode %s, redact %s, facts %s, encode, compress "
      "and analyse %s; all of it with the store %s.\n\n",
      Fixed(stages.decode, 2).c_str(), Fixed(stages.redact, 2).c_str(),
      Fixed(stages.facts, 2).c_str(), Fixed(stages.pack, 2).c_str(),
      Fixed(ingest_s.cpu_seconds / (s.bytes / 1e9), 2).c_str());
}

// The other formats, converted from shape S. Reported, not required.
void BenchFormats(Bench& bench) {
  const std::string json = bench.At("formats.jsonl");
  const Written written = WriteTraces(json, kShapeS, std::min(bench.mb, 200.0) * 1e6, 4);
  const std::string per_line =
      "import json,sys\nfor line in open(sys.argv[1],'rb'): json.loads(line)";
  const double loads = Run({"python3", "-c", per_line, json}).seconds;
  for (const std::string format :
       {"otlp_protobuf", "python_sdk", "phoenix", "langfuse", "langsmith", "jaeger", "chat"}) {
    const std::string file = bench.At("format." + format);
    Run({"python3", "tests/bench/convert.py", format, json, file});
    const bool is_json = format != "otlp_protobuf";
    ChildRun load, ingest;
    for (int round = 0; round < kRounds; ++round) {
      if (is_json) KeepFaster(Run({"python3", "-c", per_line, file}), load);
      KeepFaster(Ingest(bench, file, "format.db"), ingest);
    }
    const StoreInfo info = *OpenEngine(bench.StoreUrl("format.db"))->Info();
    const double bytes = static_cast<double>(fs::file_size(file));
    fs::remove(file);
    bench.Add({"ingest " + format + " (" + std::to_string(info.spans) + " of " +
                   std::to_string(written.spans) + " spans)",
               "-", "-",
               Fixed((is_json ? load.seconds : loads) / ingest.seconds, 1) + " x json.loads" +
                   (is_json ? "" : " of the same spans as JSON") + " (" +
                   Fixed(bytes / 1e6 / ingest.seconds, 0) + " MB/s, " +
                   Fixed(static_cast<double>(info.spans) / 1e3 / ingest.seconds, 0) + " k spans/s)",
               true});
  }
}

// The URL of a store of at least kManyTraces traces of shape S, which is created if it is missing.
std::string ManyTraces(Bench& bench) {
  if (!bench.many.empty()) return bench.StoreUrl(bench.many);
  bench.many = "many.db";
  if (fs::exists(bench.At("s.db"))) {
    const Result<StoreInfo> info = OpenEngine(bench.StoreUrl("s.db"))->Info();
    if (info && info->traces >= kManyTraces) bench.many = "s.db";
  }
  if (fs::exists(bench.At(bench.many))) return bench.StoreUrl(bench.many);
  const std::string file = bench.At("many.jsonl");
  std::fprintf(stderr, "making a store of %s traces\n", Thousands(kManyTraces).c_str());
  WriteTraces(file, kShapeS, 0, 1, kManyTraces);
  Run({bench.binary, "ingest", file, "--store", bench.StoreUrl(bench.many)});
  fs::remove(file);
  return bench.StoreUrl(bench.many);
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

void BenchFollow(Bench& bench) {
  const std::string file = bench.At("s.jsonl");
  if (!fs::exists(file)) {
    WriteTraces(file, kShapeS, bench.mb * 1e6, 1);
    Run({bench.binary, "ingest", file, "--store", bench.StoreUrl("s.db")});
  }
  const std::unique_ptr<Engine> engine = OpenEngine(bench.StoreUrl("s.db"));
  std::jthread follower([&](std::stop_token stop) {
    FollowOptions options;
    options.stop = stop;
    engine->Follow(std::vector<std::string>{file}, options);
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  Generator generator(kShapeS, 99);
  std::vector<double> times;
  for (int i = 0; i < 40; ++i) {
    std::string line;
    generator.AppendSpan(line);
    const std::int64_t before = engine->Overview({})->spans;
    const double start = WallSeconds();
    std::ofstream(file, std::ios::binary | std::ios::app) << line;
    while (engine->Overview({})->spans == before) {
      if (WallSeconds() - start > 10) Fail("an appended span never became queryable");
    }
    times.push_back(WallSeconds() - start);
  }
  const double p95 = Percentile(times, 0.95);
  bench.Add({"append one span to a followed " + Fixed(bench.mb / 1000, 1) +
                 " GB file, until it is queryable (p95)",
             "50 ms", "10 ms", Milliseconds(p95), p95 <= 0.05});
}

void BenchStart(Bench& bench) {
  std::vector<double> times;
  const std::string url = ManyTraces(bench);
  for (int i = 0; i < 10; ++i) {
    int to[2], from[2];
    if (pipe(to) != 0 || pipe(from) != 0) Fail("pipe failed");
    const std::string message =
        R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",)"
        R"("capabilities":{},"clientInfo":{"name":"bench","version":"1"}}})"
        "\n"
        R"({"jsonrpc":"2.0","method":"notifications/initialized"})"
        "\n"
        R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"get_overview",)"
        R"("arguments":{}}})"
        "\n";
    const double start = WallSeconds();
    const pid_t child = Start({bench.binary, "stdio", "--store", url}, to[0], from[1]);
    close(to[0]);
    close(from[1]);
    if (write(to[1], message.data(), message.size()) < 0) Fail("write failed");
    std::string seen;
    char buffer[4096];
    while (std::count(seen.begin(), seen.end(), '\n') < 2) {
      const ssize_t size = read(from[0], buffer, sizeof buffer);
      if (size <= 0) Fail("the server ended before it answered");
      seen.append(buffer, static_cast<std::size_t>(size));
    }
    times.push_back(WallSeconds() - start);
    if (seen.find("\"isError\":true") != seen.npos) Fail("get_overview failed: " + seen);
    close(to[1]);
    close(from[0]);
    Stop(child);
  }
  const double median = Percentile(times, 0.5);
  bench.Add({"stdio start to the first get_overview on that store (median)", "100 ms", "30 ms",
             Milliseconds(median), median <= 0.1});
}

void BenchConcurrentAppend(Bench& bench) {
  const std::string url = bench.StoreUrl("shared.db");
  WriteTraces(bench.At("bulk1.jsonl"), kShapeS, 300e6, 11);
  WriteTraces(bench.At("bulk2.jsonl"), kShapeS, 300e6, 12);
  const std::unique_ptr<Engine> engine = OpenEngine(url, 1);
  const pid_t one = Start({bench.binary, "ingest", bench.At("bulk1.jsonl"), "--store", url});
  const pid_t two = Start({bench.binary, "ingest", bench.At("bulk2.jsonl"), "--store", url});
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  Generator generator(kShapeS, 13);
  std::vector<double> times;
  const double begin = WallSeconds();
  while (WallSeconds() - begin < 2.0 && times.size() < 200) {
    std::string line;
    generator.AppendSpan(line);
    IngestOptions options;
    const double start = WallSeconds();
    const Result<IngestReport> report = engine->IngestBytes("live", line, options);
    if (!report) Fail(report.error().message);
    times.push_back(WallSeconds() - start);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  Stop(one);
  Stop(two);
  const double p95 = Percentile(times, 0.95);
  bench.Add({"one append while two other processes bulk-write (p95 of " +
                 std::to_string(times.size()) + ")",
             "250 ms", "50 ms", Milliseconds(p95), p95 <= 0.25});
}

int Main(int count, char** words) {
  if (count < 3) Fail("usage: halo_bench BINARY FOLDER [MB of shape S, default 1200 [GROUP...]]");
  Bench bench;
  bench.binary = words[1];
  bench.folder = words[2];
  if (count > 3) bench.mb = std::max(10.0, std::atof(words[3]));
  if (count > 4) bench.groups.assign(words + 4, words + count);
  const auto wanted = [&](const std::string& group) {
    return bench.groups.empty() ||
           std::find(bench.groups.begin(), bench.groups.end(), group) != bench.groups.end();
  };
  if (wanted("ingest")) fs::remove_all(bench.folder);
  fs::create_directories(bench.folder);
  const std::vector<std::pair<std::string, void (*)(Bench&)>> groups = {
      {"ingest", BenchIngest}, {"formats", BenchFormats},        {"questions", BenchQuestions},
      {"start", BenchStart},   {"explain", BenchLongTrace},      {"search", BenchSearch},
      {"follow", BenchFollow}, {"append", BenchConcurrentAppend}};
  for (const auto& [name, measure] : groups) {
    if (wanted(name)) measure(bench);
  }
  return PrintTable(bench.rows) ? 0 : 1;
}

}  // namespace
}  // namespace halo::bench

int main(int count, char** words) { return halo::bench::Main(count, words); }
