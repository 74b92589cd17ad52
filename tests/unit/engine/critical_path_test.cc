// SPDX-License-Identifier: MIT
#include "engine/trace/critical_path.h"

#include <catch2/catch.hpp>
#include <numeric>

namespace halo {
namespace {

using Times = std::vector<std::int64_t>;

TEST_CASE("adjacent spans are both on the path") {
  const std::vector<TimedSpan> spans = {{0, 10, -1}, {0, 5, 0}, {5, 10, 0}};
  CHECK(CriticalPathNs(spans) == Times{0, 5, 5});
}

TEST_CASE("of parallel children, the one that ended last is on the path") {
  const std::vector<TimedSpan> spans = {{0, 100, -1}, {10, 50, 0}, {10, 80, 0}};
  CHECK(CriticalPathNs(spans) == Times{30, 0, 70});
}

TEST_CASE("of children that end together, the longest is on the path") {
  const std::vector<TimedSpan> spans = {{0, 10, -1}, {5, 10, 0}, {1, 10, 0}};
  CHECK(CriticalPathNs(spans) == Times{1, 0, 9});
}

TEST_CASE("the path includes grandchildren") {
  const std::vector<TimedSpan> spans = {{0, 100, -1}, {10, 90, 0}, {20, 40, 1}, {50, 90, 1}};
  CHECK(CriticalPathNs(spans) == Times{20, 20, 20, 40});
}

TEST_CASE("children are clipped to their parents") {
  const std::vector<TimedSpan> spans = {{10, 20, -1}, {5, 15, 0}, {18, 30, 0}, {40, 50, 0}};
  CHECK(CriticalPathNs(spans) == Times{3, 5, 2, 0});
}

TEST_CASE("each moment is attributed to one root") {
  const std::vector<TimedSpan> spans = {{0, 10, -1}, {5, 20, -1}, {20, 30, -1}};
  CHECK(CriticalPathNs(spans) == Times{0, 15, 10});
}

TEST_CASE("open, empty and reversed spans have no length and do not hide their children") {
  const std::vector<TimedSpan> spans = {
      {0, 0, -1}, {10, 20, 0}, {20, 20, 0}, {20, 15, 0}, {20, 30, 3}};
  CHECK(CriticalPathNs(spans) == Times{0, 10, 0, 0, 10});
}

TEST_CASE("time spent waiting for a person is not attributed") {
  const std::vector<TimedSpan> spans = {{0, 100, -1}, {10, 60, 0, true}, {60, 70, 0}};
  CHECK(CriticalPathNs(spans) == Times{40, 0, 10});
}

TEST_CASE("a chain of 100,000 spans does not overflow the stack") {
  std::vector<TimedSpan> spans;
  for (std::int32_t i = 0; i < 100'000; ++i) spans.push_back({i, 300'000 - i, i - 1});
  const Times path = CriticalPathNs(spans);
  CHECK(std::accumulate(path.begin(), path.end(), std::int64_t{0}) == 300'000);
  CHECK(path.front() == 2);
}

TEST_CASE("an empty trace has an empty path") { CHECK(CriticalPathNs({}).empty()); }

}  // namespace
}  // namespace halo
