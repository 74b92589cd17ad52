// SPDX-License-Identifier: MIT
// halo_bench BINARY FOLDER [MB [GROUP...]]: measures times and sizes on data that it generates in
// FOLDER, and prints a table. Ratios are taken within one run, since machines differ; ingest times
// are the fastest of three. Groups: ingest, formats, receiver, questions, start, explain, search,
// follow, append; default: all. Without the group ingest, stores of an earlier run in FOLDER are
// reused.
#include "tests/bench/bench.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <utility>

namespace halo::bench {
namespace {

namespace fs = std::filesystem;

// The store on which queries, start-up and search are measured.
constexpr std::int64_t kManyTraces = 50'000;

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
      {"ingest", BenchIngest},       {"formats", BenchFormats}, {"receiver", BenchReceiver},
      {"questions", BenchQuestions}, {"start", BenchStart},     {"explain", BenchLongTrace},
      {"search", BenchSearch},       {"follow", BenchFollow},   {"append", BenchConcurrentAppend}};
  for (const auto& [name, measure] : groups) {
    if (wanted(name)) measure(bench);
  }
  return PrintTable(bench.rows) ? 0 : 1;
}

}  // namespace

void Bench::Add(Row row) {
  std::fprintf(stderr, "%s: %s%s\n", row.what.c_str(), row.measured.c_str(),
               row.met ? "" : "  MISSED");
  rows.push_back(std::move(row));
}

Written WriteTraces(const std::string& path, Shape shape, double bytes, std::uint64_t seed,
                    std::int64_t traces) {
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

std::unique_ptr<Engine> OpenEngine(const std::string& url, int threads) {
  Result<std::unique_ptr<Engine>> engine = Engine::Open({url, std::nullopt, false, threads});
  if (!engine) Fail(engine.error().message);
  return std::move(*engine);
}

void RemoveStore(const Bench& bench, const std::string& name) {
  for (const char* suffix : {"", "-wal", "-shm", "-lease"}) fs::remove(bench.At(name + suffix));
}

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

std::string Thousands(std::int64_t number) { return std::to_string(number / 1000) + " k"; }

}  // namespace halo::bench

int main(int count, char** words) { return halo::bench::Main(count, words); }
