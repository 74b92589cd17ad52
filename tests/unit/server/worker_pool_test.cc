// SPDX-License-Identifier: MIT
#include "server/session/worker_pool.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <latch>

#include "tests/support/no_threads.h"

namespace halo {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

}  // namespace

TEST_CASE("jobs that wait for each other all run, up to the number of threads") {
  constexpr int kJobs = 8;
  std::latch all(kJobs);
  WorkerPool pool(kJobs);
  for (int i = 0; i < kJobs; ++i) pool.Run([&] { all.arrive_and_wait(); });
  CHECK(pool.Drain(minutes(1)));
}

TEST_CASE("jobs over the number of threads wait") {
  std::atomic<int> done = 0;
  WorkerPool pool(2);
  for (int i = 0; i < 500; ++i) pool.Run([&] { ++done; });
  CHECK(pool.Drain(minutes(1)));
  CHECK(done == 500);
}

TEST_CASE("destroying the pool leaves running jobs and drops waiting ones") {
  const auto started = std::make_shared<std::latch>(1);
  const auto release = std::make_shared<std::latch>(1);
  const auto ended = std::make_shared<std::latch>(1);
  const auto dropped = std::make_shared<std::atomic<bool>>(true);
  {
    WorkerPool pool(1);
    pool.Run([=] {
      started->count_down();
      release->wait();
      ended->count_down();
    });
    pool.Run([=] { *dropped = false; });
    started->wait();
    CHECK_FALSE(pool.Drain(milliseconds(1)));
  }
  release->count_down();
  ended->wait();
  CHECK(*dropped);
}

TEST_CASE("a pool without threads refuses jobs, and takes them once there are some") {
  std::atomic<int> done = 0;
  WorkerPool pool(2);
  {
    const NoThreads none;
    CHECK_FALSE(pool.Run([&] { ++done; }));
    CHECK_FALSE(pool.Run([&] { ++done; }));
    const Result<void> started = pool.Start();
    REQUIRE_FALSE(started.has_value());
    CHECK(started.error().code == Code::kUnavailable);
  }
  CHECK(pool.Start().has_value());
  {
    // One thread is enough.
    const NoThreads none;
    for (int i = 0; i < 10; ++i) CHECK(pool.Run([&] { ++done; }));
    CHECK(pool.Drain(minutes(1)));
  }
  CHECK(done == 10);
}

}  // namespace halo
