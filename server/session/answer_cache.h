// SPDX-License-Identifier: MIT
// Keeps answers for as long as what they rest on has not changed, so that clients that ask the same
// again and again, or all at once, cost one computation. Thread-safe.
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
    // Some answers also depend on the time ("the last day"; which runs have come to rest).
    Clock::duration max_age = std::chrono::seconds(2);
    std::function<Clock::time_point()> now = &Clock::now;
  };

  // `sequence` gives another number whenever an answer may have changed, and is cheap.
  AnswerCache(std::function<Result<std::int64_t>()> sequence, Options options)
      : sequence_(std::move(sequence)), options_(std::move(options)) {}

  // The answer to `key`: a kept one, that of somebody who computes it now, or `compute`'s own.
  // Errors are not kept, nor results with `isError`.
  AnswerText Get(const std::string& key, const std::function<RpcResult()>& compute);

 private:
  struct Entry {
    std::shared_ptr<const std::string> answer;
    std::int64_t sequence = 0;  // of the answer
    Clock::time_point made{};
    Clock::time_point used{};
    std::optional<std::int64_t> computing;  // the sequence that it was begun at
  };

  // The end of a computation.
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
