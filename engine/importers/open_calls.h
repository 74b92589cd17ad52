// SPDX-License-Identifier: MIT
// The tool calls of a run whose results have not come. Each is found in the logarithm of the number
// of calls, since a transcript may hold hundreds of thousands that are never answered. One thread.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace halo {

class OpenCalls {
 public:
  void Clear();
  bool empty() const { return open_ == 0; }
  // Texts must outlive the calls.
  void Add(std::size_t step, std::string_view id, std::string_view name);

  // Take out the first call that matches, and return its step.
  std::optional<std::size_t> TakeId(std::string_view id);
  // By id where both have one, else by name where both have one.
  std::optional<std::size_t> TakeMatch(std::string_view id, std::string_view name);

  // Calls use(step) for each, in their order.
  template <class Use>
  void ForEach(Use use) const {
    for (const Call& call : calls_) {
      if (!call.taken) use(call.step);
    }
  }

 private:
  struct Call {
    std::size_t step;
    bool taken = false;
  };
  // Indexes of calls_; those before `next` are taken.
  struct Queue {
    std::vector<std::size_t> calls;
    std::size_t next = 0;
  };
  using Queues = std::map<std::string_view, Queue>;

  // The index of the first call of the queue, or kNone.
  std::size_t First(Queue& queue) const;
  std::size_t First(Queues& queues, std::string_view key) const;
  std::size_t FirstNamed(Queue& all, Queues& by_name, std::string_view name) const;
  std::optional<std::size_t> Take(std::size_t call);

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::vector<Call> calls_;
  std::size_t open_ = 0;
  Queue all_, without_id_;
  Queues by_id_, by_name_, without_id_by_name_;
};

}  // namespace halo
