// SPDX-License-Identifier: MIT
#include "engine/trace/drag.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <random>

#include "engine/trace/critical_path.h"
#include "engine/trace/self_time.h"

namespace halo {
namespace {

using Times = std::vector<std::int64_t>;
using Spans = std::vector<TimedSpan>;

Times Drags(const Spans& spans) { return DragsNs(TimedTree(spans), spans); }
Times SelfTimes(const Spans& spans) { return SelfTimesNs(TimedTree(spans)); }

// The end of the trace if everything waits for what it waited for, and `without` takes no time.
// Requires children that lie in their parents.
class Replay {
 public:
  Replay(const Spans& spans, std::int32_t without) : spans_(spans), without_(without) {}

  std::int64_t End() const {
    std::int64_t start = INT64_MAX, end = INT64_MIN;
    for (const TimedSpan& span : spans_) {
      if (span.parent != -1) continue;
      start = std::min(start, span.start_ns);
      end = std::max(end, span.end_ns);
    }
    return EndOf(-1, {start, end, -1}, start);
  }

 private:
  std::int64_t EndOf(std::int32_t parent, const TimedSpan& given, std::int64_t new_start) const {
    struct Child {
      std::int32_t index;
      TimedSpan given;
      std::int64_t new_end;
    };
    std::vector<Child> children;
    for (std::size_t i = 0; i < spans_.size(); ++i) {
      if (spans_[i].parent == parent)
        children.push_back({static_cast<std::int32_t>(i), spans_[i], 0});
    }
    std::sort(children.begin(), children.end(),
              [](const Child& a, const Child& b) { return a.given.start_ns < b.given.start_ns; });
    std::int64_t last = given.start_ns, new_last = new_start;
    for (Child& child : children) {
      std::int64_t release = given.start_ns, new_release = new_start;
      for (const Child& other : children) {
        if (other.given.end_ns > child.given.start_ns) continue;
        release = std::max(release, other.given.end_ns);
        new_release = std::max(new_release, other.new_end);
      }
      const std::int64_t at = new_release + child.given.start_ns - release;
      child.new_end = child.index == without_ ? at : EndOf(child.index, child.given, at);
      last = std::max(last, child.given.end_ns);
      new_last = std::max(new_last, child.new_end);
    }
    return new_last + given.end_ns - last;
  }

  const Spans& spans_;
  const std::int32_t without_;
};

Spans RandomTree(std::mt19937& random) {
  const auto below = [&](std::int64_t limit) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(limit));
  };
  Spans spans;
  const std::int64_t roots = 1 + below(3);
  for (std::int64_t i = 0; i < roots; ++i) {
    const std::int64_t start = 1 + below(40);
    spans.push_back({start, start + 20 + below(60), -1});
  }
  const std::int64_t more = below(24);
  for (std::int64_t i = 0; i < more; ++i) {
    const auto parent = static_cast<std::int32_t>(below(static_cast<std::int64_t>(spans.size())));
    const TimedSpan around = spans[static_cast<std::size_t>(parent)];
    const std::int64_t length = around.end_ns - around.start_ns;
    if (length < 2) continue;
    const std::int64_t from = below(length - 1);
    spans.push_back(
        {around.start_ns + from, around.start_ns + from + 1 + below(length - from), parent});
  }
  return spans;
}

TEST_CASE("the drag of a span is what a replay without it saves, on random trees") {
  std::mt19937 random(11);
  std::int64_t with_drag = 0, limited = 0;
  for (int tree = 0; tree < 1500; ++tree) {
    const Spans spans = RandomTree(random);
    const Times drags = Drags(spans);
    const std::int64_t end = Replay(spans, -1).End();
    for (std::size_t i = 0; i < spans.size(); ++i) {
      const std::int64_t saved = end - Replay(spans, static_cast<std::int32_t>(i)).End();
      CAPTURE(tree, i);
      REQUIRE(drags[i] == saved);
      with_drag += saved > 0;
      limited += saved > 0 && saved < spans[i].end_ns - spans[i].start_ns;
    }
  }
  CHECK(with_drag > 1000);
  CHECK(limited > 100);
}

TEST_CASE("a span that ran in parallel limits the drag") {
  CHECK(Drags({{0, 100, -1}, {10, 60, 0}, {10, 90, 0}}) == Times{100, 0, 30});
  // The second starts with the run, not when the first does: it would end at 80 all the same.
  CHECK(Drags({{0, 100, -1}, {0, 100, 0}, {50, 80, 0}}) == Times{100, 20, 0});
}

TEST_CASE("of two spans that end the run together neither has drag") {
  CHECK(Drags({{0, 10, -1}, {0, 10, 0}, {2, 10, 0}}) == Times{10, 0, 0});
}

TEST_CASE("spans one after another have their whole length, and so have those inside them") {
  CHECK(Drags({{0, 30, -1}, {0, 10, 0}, {10, 30, 0}, {12, 20, 2}}) == Times{30, 10, 20, 8});
}

TEST_CASE("what runs inside a span cannot save more than the span") {
  CHECK(Drags({{0, 100, -1}, {0, 100, 0}, {0, 95, 0}, {0, 100, 1}}) == Times{100, 5, 0, 5});
}

TEST_CASE("a wait for a person has no drag") {
  CHECK(Drags({{0, 30, -1}, {0, 20, 0, true}, {20, 30, 0}, {5, 10, 1}}) == Times{30, 0, 10, 0});
}

TEST_CASE("self time leaves out the union of the children") {
  CHECK(SelfTimes({{0, 100, -1}, {10, 50, 0}, {30, 60, 0}, {35, 40, 0}, {90, 120, 0}}) ==
        Times{40, 40, 30, 5, 10});
  CHECK(SelfTimes({{0, 0, -1}, {10, 20, 0}}) == Times{0, 10});
}

TEST_CASE("gaps on the critical path name the spans around them") {
  const Spans spans = {{0, 100, -1}, {10, 30, 0}, {50, 90, 0}, {120, 150, -1}};
  std::vector<PathGap> gaps;
  CHECK(CriticalPathNs(TimedTree(spans), spans, 5, gaps) == Times{40, 20, 40, 30});
  REQUIRE(gaps.size() == 2);
  CHECK(gaps[0].span == -1);
  CHECK(gaps[0].ns == 20);
  CHECK(gaps[1].span == 0);
  CHECK(gaps[1].before == 1);
  CHECK(gaps[1].after == 2);
  CHECK(gaps[1].ns == 20);
}

TEST_CASE("100,000 children take no quadratic time") {
  Spans spans = {{0, 10'000'000, -1}};
  for (std::int32_t i = 0; i < 50'000; ++i) {
    spans.push_back({i * 100, i * 100 + 100, 0});
    spans.push_back({i * 100 + 10, i * 100 + 60, 0});
  }
  const Times drags = Drags(spans);
  CHECK(drags[0] == 10'000'000);
  CHECK(drags[1] > 0);
}

}  // namespace
}  // namespace halo
