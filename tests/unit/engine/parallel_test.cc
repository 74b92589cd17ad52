// SPDX-License-Identifier: MIT
#include "engine/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace halo {
namespace {

TEST_CASE("each index is processed once, by a known thread") {
  for (const unsigned threads : {1u, 2u, 7u}) {
    for (const std::size_t count : {0u, 1u, 2u, 1000u}) {
      std::vector<std::vector<std::size_t>> done(threads);
      ForEachIndex(count, threads,
                   [&](std::size_t i, unsigned thread) { done.at(thread).push_back(i); });
      std::vector<std::size_t> all;
      for (const auto& of_thread : done) {
        CHECK(std::is_sorted(of_thread.begin(), of_thread.end()));
        all.insert(all.end(), of_thread.begin(), of_thread.end());
      }
      std::sort(all.begin(), all.end());
      std::vector<std::size_t> expected(count);
      std::iota(expected.begin(), expected.end(), 0);
      CHECK(all == expected);
    }
  }
}

TEST_CASE("an exception ends the loop and reaches the caller") {
  for (const unsigned threads : {1u, 4u}) {
    std::atomic<std::size_t> calls = 0;
    std::string thrown;
    try {
      ForEachIndex(1'000'000, threads, [&](std::size_t i, unsigned) {
        ++calls;
        if (i == 10) throw std::runtime_error("the tenth");
      });
    } catch (const std::runtime_error& error) {
      thrown = error.what();
    }
    CHECK(thrown == "the tenth");
    CHECK(calls < 1'000'000);
    if (threads == 1) CHECK(calls == 11);
  }
}

}  // namespace
}  // namespace halo
