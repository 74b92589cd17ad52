// SPDX-License-Identifier: MIT
// How fast the programs start, follow a file, and share a store.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/bench.h"

namespace halo::bench {
namespace {

namespace fs = std::filesystem;

}  // namespace

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

}  // namespace halo::bench
