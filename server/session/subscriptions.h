// SPDX-License-Identifier: MIT
// Notifies clients of changed resources. One thread polls the sequence of the store, which other
// processes may advance as well. When the sequence has changed and then stayed the same for one
// poll, each subscribed resource is read again and compared, so that only real changes are
// reported, once per burst. The thread runs only while there are subscribers. Thread-safe.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "server/session/catalogue.h"
#include "server/session/connection.h"

namespace halo {

class Subscriptions {
 public:
  struct Pace {
    std::chrono::milliseconds poll = std::chrono::milliseconds(500);
    int longest_burst = 10;  // in polls; changes are reported even if the burst lasts longer
  };
  struct Filter {
    bool list_changed = false;
    std::set<std::string> uris;
    std::optional<LogLevel> log_level{};  // of a modern client; absent: no log messages
  };
  static constexpr std::size_t kMaxUris = 100;  // per client

  // `resources` must outlive this.
  Subscriptions(const Resources& resources, Pace pace) : resources_(resources), pace_(pace) {}
  ~Subscriptions();
  Subscriptions(const Subscriptions&) = delete;
  Subscriptions& operator=(const Subscriptions&) = delete;

  // Modern revisions: listens until the call is stopped or cancelled, then calls `ended` once.
  void Listen(const std::shared_ptr<Call>& call, boost::json::object meta, Filter filter,
              std::function<void()> ended);
  // Legacy revisions: changes of the resource list, while the connection exists.
  void Follow(const std::shared_ptr<Connection>& connection);
  // Legacy revisions: changes of one resource. False if the client already has kMaxUris.
  bool Subscribe(const std::shared_ptr<Connection>& connection, const std::string& uri);
  void Unsubscribe(const std::shared_ptr<Connection>& connection, const std::string& uri);

  // Sends a log message to all clients that listen and want this level.
  void Log(LogLevel level, std::string_view text);

 private:
  struct Listener;
  using Key = const void*;

  void Start(Key key, std::shared_ptr<Listener> listener);
  void End(Key key);
  std::shared_ptr<Listener> LegacyLocked(const std::shared_ptr<Connection>& connection);
  void StartThreadLocked();
  bool AnyWantsListLocked() const;
  void ForgetStatesLocked();
  void TakeBaseline(const std::set<std::string>& uris, bool list, std::stop_token stop = {});
  void Watch(std::stop_token stop);
  void NotifyChanges(std::stop_token stop);
  std::size_t ListState(std::stop_token stop) const;
  std::size_t StateOf(const std::string& uri, std::stop_token stop) const;

  const Resources& resources_;
  const Pace pace_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<Key, std::shared_ptr<Listener>> listeners_;
  std::vector<std::shared_ptr<Listener>> ended_;  // to be destroyed by the thread
  std::map<std::string, std::size_t> states_;     // hash of the last reported content, by URI
  std::optional<std::size_t> list_state_;
  std::optional<std::int64_t> seen_;  // sequence of states_ and list_state_
  std::jthread thread_;               // last member, so that it is joined first
};

}  // namespace halo
