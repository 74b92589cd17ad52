// SPDX-License-Identifier: MIT
#include "engine/importers/open_calls.h"

#include <algorithm>

namespace halo {

void OpenCalls::Clear() {
  calls_.clear();
  open_ = 0;
  all_ = without_id_ = {};
  by_id_.clear();
  by_name_.clear();
  without_id_by_name_.clear();
}

void OpenCalls::Add(std::size_t step, std::string_view id, std::string_view name) {
  const std::size_t call = calls_.size();
  calls_.push_back({step});
  ++open_;
  all_.calls.push_back(call);
  by_id_[id].calls.push_back(call);
  by_name_[name].calls.push_back(call);
  if (!id.empty()) return;
  without_id_.calls.push_back(call);
  without_id_by_name_[name].calls.push_back(call);
}

std::size_t OpenCalls::First(Queue& queue) const {
  while (queue.next < queue.calls.size() && calls_[queue.calls[queue.next]].taken) ++queue.next;
  return queue.next < queue.calls.size() ? queue.calls[queue.next] : kNone;
}

std::size_t OpenCalls::First(Queues& queues, std::string_view key) const {
  const auto queue = queues.find(key);
  return queue == queues.end() ? kNone : First(queue->second);
}

// A call or result without a name matches any.
std::size_t OpenCalls::FirstNamed(Queue& all, Queues& by_name, std::string_view name) const {
  if (name.empty()) return First(all);
  return std::min(First(by_name, name), First(by_name, {}));
}

std::optional<std::size_t> OpenCalls::Take(std::size_t call) {
  if (call == kNone) return std::nullopt;
  calls_[call].taken = true;
  --open_;
  return calls_[call].step;
}

std::optional<std::size_t> OpenCalls::TakeId(std::string_view id) {
  return Take(First(by_id_, id));
}

std::optional<std::size_t> OpenCalls::TakeMatch(std::string_view id, std::string_view name) {
  if (id.empty()) return Take(FirstNamed(all_, by_name_, name));
  return Take(std::min(First(by_id_, id), FirstNamed(without_id_, without_id_by_name_, name)));
}

}  // namespace halo
