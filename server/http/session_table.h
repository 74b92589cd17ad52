// SPDX-License-Identifier: MIT
// The sessions of legacy clients, by session id. Bounded in number and idle time. Thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "server/http/event_channel.h"
#include "server/session/connection.h"

namespace halo {

struct HttpSession {
  const std::shared_ptr<Connection> connection = std::make_shared<Connection>();
  const std::shared_ptr<EventChannel> channel = std::make_shared<EventChannel>();
};

class SessionTable {
 public:
  using Clock = std::chrono::steady_clock;

  SessionTable(std::size_t max_sessions, Clock::duration max_idle,
               std::function<Clock::time_point()> now = &Clock::now)
      : max_sessions_(max_sessions), max_idle_(max_idle), now_(std::move(now)) {}

  // Returns its new id, 32 random hex digits. If the table is full, the least recently used session
  // is dropped.
  std::string Add(std::shared_ptr<HttpSession> session);
  // Null if there is no such session, or it has expired.
  std::shared_ptr<HttpSession> Find(std::string_view id);
  // Ends a session, its stream and its calls. False if there is no such session.
  bool Remove(std::string_view id);
  std::size_t size() const;

 private:
  struct Entry {
    std::string id;
    std::shared_ptr<HttpSession> session;
    Clock::time_point used;
  };
  using Entries = std::list<Entry>;  // least recently used first

  void DropExpired();

  const std::size_t max_sessions_;
  const Clock::duration max_idle_;
  const std::function<Clock::time_point()> now_;
  mutable std::mutex mutex_;
  Entries entries_;
  std::unordered_map<std::string_view, Entries::iterator> by_id_;  // keys point into the entries
};

}  // namespace halo
