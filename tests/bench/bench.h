// SPDX-License-Identifier: MIT
// What the groups of halo_bench share. Each group measures one thing and adds its rows.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/engine.h"
#include "tests/bench/generate.h"
#include "tests/bench/measure.h"

namespace halo::bench {

struct Bench {
  std::string binary;
  std::filesystem::path folder;
  double mb = 1200;
  std::vector<std::string> groups;
  std::string many;  // name of the store of ManyTraces; empty until it exists
  int threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  std::vector<Row> rows;

  std::string At(const std::string& name) const { return (folder / name).string(); }
  std::string StoreUrl(const std::string& name) const { return "sqlite:" + At(name); }
  void Add(Row row);  // also shows it at once
};

void BenchIngest(Bench& bench);
void BenchFormats(Bench& bench);
void BenchReceiver(Bench& bench);
void BenchQuestions(Bench& bench);
void BenchSearch(Bench& bench);
void BenchLongTrace(Bench& bench);
void BenchFollow(Bench& bench);
void BenchStart(Bench& bench);
void BenchConcurrentAppend(Bench& bench);

struct Written {
  std::int64_t spans = 0, traces = 0;
  double bytes = 0;
};

// Writes whole traces until there are at least so many bytes and traces.
Written WriteTraces(const std::string& path, Shape shape, double bytes, std::uint64_t seed,
                    std::int64_t traces = 0);

std::unique_ptr<Engine> OpenEngine(const std::string& url, int threads = 0);

// Deletes the files of a store.
void RemoveStore(const Bench& bench, const std::string& name);

// The URL of a store of at least 50 k traces of shape S, which is created if it is missing.
std::string ManyTraces(Bench& bench);

std::string Thousands(std::int64_t number);

}  // namespace halo::bench
