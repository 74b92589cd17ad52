// SPDX-License-Identifier: MIT
// Caches answers until the store changes, so that clients that ask the same question repeatedly, or
// all at once, cost one computation. Thread-safe.
#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "engine/base/result.h"
#include "server/protocol/json_rpc.h"

namespace halo {

// A result as JSON text, or the error.
using AnswerText = boost::system::result<std::shared_ptr<const std::string>, RpcError>;

class AnswerCache {
 public:
  using Clock = std::chrono::steady_clock;

  struct Options {
    std::size_t max_answers = 64;
    // Some answers also depend on the time: "the last day", or which runs have settled.
    Clock::duration max_age = std::chrono::seconds(2);
    std::function<Clock::time_point()> now = &Clock::now;
  };

  // `sequence` returns a different number whenever an answer may have changed. It is cheap.
  AnswerCache(std::function<Result<std::int64_t>()> sequence, Options options)
      : sequence_(std::move(sequence)), options_(std::move(options)) {}

  // The answer to `key`: cached, or computed by a concurrent caller, or by `compute`. Errors and
  // results with `isError` are not cached.
  AnswerText Get(const std::string& key, const std::function<RpcResult()>& compute);

 private:
  struct Entry {
    std::shared_ptr<const std::string> answer;
    std::int64_t sequence = 0;  // of the answer
    Clock::time_point made{};
    Clock::time_point used{};
    std::optional<std::int64_t> computing;  // sequence at which a running computation began
  };

  // Ends a computation. `answer` is null if it is not to be cached.
  void Keep(const std::string& key, std::int64_t sequence,
            std::shared_ptr<const std::string> answer);
  void DropUnused();

  const std::function<Result<std::int64_t>()> sequence_;
  const Options options_;
  std::mutex mutex_;
  std::condition_variable computed_;
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace halo
