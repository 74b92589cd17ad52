// SPDX-License-Identifier: MIT
#include "engine/analysis/sample_size.h"

#include <catch2/catch.hpp>

namespace halo {

TEST_CASE("a rarer failure needs more clean runs to show that it is gone") {
  CHECK(RunsToShowGone(0.5) == 5);  // 0.5^5 = 0.03
  CHECK(RunsToShowGone(0.1) == 29);
  CHECK(RunsToShowGone(0.01) == 299);  // the rule of three says 300
  CHECK(RunsToShowGone(1) == 1);
  CHECK(RunsToShowGone(0) == 0);
}

TEST_CASE("the sample size for a decrease matches the textbook") {
  CHECK(RunsToShowFall(0.6, 0.3) == 42);
  CHECK(RunsToShowFall(0.2, 0.1) == 199);
  CHECK(RunsToShowFall(0.1, 0.1) == 0);
  CHECK(RunsToShowFall(1, 0.5) > 0);
}

}  // namespace halo
