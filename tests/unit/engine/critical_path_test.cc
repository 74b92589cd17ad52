// SPDX-License-Identifier: MIT
#include "engine/trace/critical_path.h"

#include <catch2/catch.hpp>
#include <numeric>

namespace halo {
namespace {

using Times = std::vector<std::int64_t>;

TEST_CASE("spans that touch follow each other on the path") {
  const std::vector<TimedSpan> spans = {{0, 10, -1}, {0, 5, 0}, {5, 10, 0}};
  CHECK(CriticalPathNs(spans) == Times{0, 5, 5});
}

TEST_CASE("of parallel children the one that ended last is on the path") {
  const std::vector<TimedSpan> spans = {{0, 100, -1}, {10, 50, 0}, {10, 80, 0}};
  CHECK(CriticalPathNs(spans) == Times{30, 0, 70});
}

TEST_CASE("of children that end together the longer one was waited for") {
  const std::vector<TimedSpan> spans = {{0, 10, -1}, {5, 10, 0}, {1, 10, 0}};
  CHECK(CriticalPathNs(spans) == Times{1, 0, 9});
}

TEST_CASE("the path goes down into grandchildren") {
  const std::vector<TimedSpan> spans = {{0, 100, -1}, {10, 90, 0}, {20, 40, 1}, {50, 90, 1}};
  CHECK(CriticalPathNs(spans) == Times{20, 20, 20, 40});
}

TEST_CASE("children are clipped to their parents") {
  const std::vector<TimedSpan> spans = {{10, 20, -1}, {5, 15, 0}, {18, 30, 0}, {40, 50, 0}};
  CHECK(CriticalPathNs(spans) == Times{3, 5, 2, 0});
}

TEST_CASE("each moment belongs to one of several roots") {
  const std::vector<TimedSpan> spans = {{0, 10, -1}, {5, 20, -1}, {20, 30, -1}};
  CHECK(CriticalPathNs(spans) == Times{0, 15, 10});
}

TEST_CASE("open, empty and reversed spans have no length and hide nothing below them") {
  const std::vector<TimedSpan> spans = {
      {0, 0, -1}, {10, 20, 0}, {20, 20, 0}, {20, 15, 0}, {20, 30, 3}};
  CHECK(CriticalPathNs(spans) == Times{0, 10, 0, 0, 10});
}

TEST_CASE("the time in which a person was asked is nobody's") {
  const std::vector<TimedSpan> spans = {{0, 100, -1}, {10, 60, 0, true}, {60, 70, 0}};
  CHECK(CriticalPathNs(spans) == Times{40, 0, 10});
}

TEST_CASE("a chain of 100,000 spans needs no deep stack") {
  std::vector<TimedSpan> spans;
  for (std::int32_t i = 0; i < 100'000; ++i) spans.push_back({i, 300'000 - i, i - 1});
  const Times path = CriticalPathNs(spans);
  CHECK(std::accumulate(path.begin(), path.end(), std::int64_t{0}) == 300'000);
  CHECK(path.front() == 2);
}

TEST_CASE("no spans have no path") {
  CHECK(CriticalPathNs({}).empty());
}

}  // namespace
}  // namespace halo
