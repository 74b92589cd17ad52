// SPDX-License-Identifier: MIT
#include "engine/base/hash.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <set>

namespace halo {
namespace {

// Most hashed numbers are pairs of word ids, kinds or counts, all of which are small.
TEST_CASE("all pairs of small numbers have different hashes") {
  std::set<std::uint64_t> seen;
  for (std::uint64_t a = 0; a < 200; ++a) {
    for (std::uint64_t b = 0; b < 200; ++b) seen.insert(MixHash(a, b));
  }
  CHECK(seen.size() == 200 * 200);
}

TEST_CASE("all sequences of three small numbers have different hashes") {
  std::set<std::uint64_t> seen;
  for (std::uint64_t a = 0; a < 30; ++a) {
    for (std::uint64_t b = 0; b < 30; ++b) {
      for (std::uint64_t c = 0; c < 30; ++c) seen.insert(MixHash(MixHash(a, b), c));
    }
  }
  CHECK(seen.size() == 30 * 30 * 30);
}

}  // namespace
}  // namespace halo
