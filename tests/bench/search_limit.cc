// SPDX-License-Identifier: MIT
#include "tests/bench/search_limit.h"

#include <re2/re2.h>
#include <sqlite3.h>

#include <atomic>
#include <memory>
#include <vector>

#include "engine/base/parallel.h"
#include "engine/codec/block_codec.h"
#include "engine/store/sqlite/database.h"
#include "tests/bench/measure.h"

namespace halo::bench {

double SearchLimit(const std::string& store_path, const std::string& pattern, unsigned threads) {
  constexpr std::size_t kInMemory = 256 << 20;  // bytes of decompressed blocks held at a time
  const RE2 re2(pattern);
  if (!re2.ok()) Fail(re2.error());
  Database database(store_path, SQLITE_OPEN_READWRITE, 1000);
  Query rows = database.Ask("SELECT bytes FROM payloads");
  double seconds = 0;
  for (bool more = true; more;) {
    std::vector<std::string> blocks;
    for (std::size_t size = 0; size < kInMemory && (more = rows.Step());) {
      blocks.push_back(DecompressBlock(rows.Bytes(0)).value());
      size += blocks.back().size();
    }
    std::atomic<std::size_t> found = 0;
    const double start = WallSeconds();
    ForEachIndex(blocks.size(), threads, [&](std::size_t i, unsigned) {
      if (RE2::PartialMatch(blocks[i], re2)) ++found;
    });
    seconds += WallSeconds() - start;
    if (found > 0) Fail("the pattern was meant to be absent");
  }
  return seconds;
}

}  // namespace halo::bench
