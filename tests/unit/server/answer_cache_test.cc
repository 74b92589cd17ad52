// SPDX-License-Identifier: MIT
#include "server/session/answer_cache.h"

#include <atomic>
#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <latch>
#include <stdexcept>
#include <thread>
#include <vector>

namespace halo {
namespace {

using std::chrono::seconds;

// A cache whose clock and sequence the test controls, and which counts computations.
struct Desk {
  AnswerCache::Clock::time_point now = AnswerCache::Clock::time_point() + seconds(1000);
  std::atomic<std::int64_t> sequence{1};
  std::atomic<int> computed{0};
  AnswerCache cache{[this]() -> Result<std::int64_t> { return sequence.load(); },
                    {3, seconds(2), [this] { return now; }}};

  int Ask(const std::string& key) {
    const AnswerText answer = cache.Get(key, [this]() -> RpcResult {
      return boost::json::object{{"number", ++computed}};
    });
    return boost::json::parse(**answer).at("number").to_number<int>();
  }
};

}  // namespace

TEST_CASE("an answer is cached until the sequence changes or it expires") {
  Desk desk;
  CHECK(desk.Ask("a") == 1);
  CHECK(desk.Ask("a") == 1);
  CHECK(desk.Ask("b") == 2);
  desk.sequence = 2;
  CHECK(desk.Ask("a") == 3);
  CHECK(desk.Ask("a") == 3);
  desk.now += seconds(1);
  CHECK(desk.Ask("a") == 3);
  desk.now += seconds(1);
  CHECK(desk.Ask("a") == 4);
}

TEST_CASE("an answer is not cached for a sequence that changed during the computation") {
  Desk desk;
  int computed = 0;
  const auto moving = [&]() -> RpcResult {
    ++desk.sequence;
    return boost::json::object{{"number", ++computed}};
  };
  desk.cache.Get("a", moving);
  desk.cache.Get("a", moving);
  CHECK(computed == 2);
}

TEST_CASE("errors are not cached") {
  Desk desk;
  int asked = 0;
  const auto fails = [&]() -> RpcResult {
    ++asked;
    return RpcError{kInternalError, "no"};
  };
  CHECK_FALSE(desk.cache.Get("a", fails).has_value());
  CHECK_FALSE(desk.cache.Get("a", fails).has_value());
  const auto refuses = [&]() -> RpcResult {
    ++asked;
    return boost::json::object{{"isError", true}};
  };
  CHECK(desk.cache.Get("a", refuses).has_value());
  CHECK(desk.cache.Get("a", refuses).has_value());
  CHECK(asked == 4);
  CHECK(desk.Ask("a") == 1);
}

TEST_CASE("the least recently used answer is evicted") {
  Desk desk;
  for (const char* key : {"a", "b", "c"}) {
    desk.Ask(key);
    desk.now += std::chrono::milliseconds(1);
  }
  CHECK(desk.Ask("a") == 1);
  desk.now += std::chrono::milliseconds(1);
  CHECK(desk.Ask("d") == 4);
  CHECK(desk.Ask("a") == 1);
  CHECK(desk.Ask("c") == 3);
  CHECK(desk.Ask("b") == 5);
}

TEST_CASE("a concurrent request waits for the computation") {
  Desk desk;
  std::latch begun(1), release(1);
  std::thread first([&] {
    desk.cache.Get("a", [&]() -> RpcResult {
      begun.count_down();
      release.wait();
      return boost::json::object{{"number", 7}};
    });
  });
  begun.wait();
  std::vector<std::thread> others;
  std::atomic<int> sevens{0};
  for (int i = 0; i < 8; ++i) {
    others.emplace_back([&] { sevens += desk.Ask("a") == 7 ? 1 : 0; });
  }
  release.count_down();
  first.join();
  for (std::thread& other : others) other.join();
  CHECK(sevens == 8);
  CHECK(desk.computed == 0);
}

TEST_CASE("after a failed computation, the next waiter computes") {
  Desk desk;
  std::latch begun(1), release(1);
  std::thread first([&] {
    desk.cache.Get("a", [&]() -> RpcResult {
      begun.count_down();
      release.wait();
      return RpcError{kInternalError, "no"};
    });
  });
  begun.wait();
  int got = 0;
  std::thread second([&] { got = desk.Ask("a"); });
  release.count_down();
  first.join();
  second.join();
  CHECK(got == 1);
}

TEST_CASE("a computation that throws does not block waiters") {
  Desk desk;
  const auto throws = []() -> RpcResult { throw std::runtime_error("thrown"); };
  CHECK_THROWS(desk.cache.Get("a", throws));
  CHECK(desk.Ask("a") == 1);
}

}  // namespace halo
