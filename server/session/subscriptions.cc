// SPDX-License-Identifier: MIT
#include "server/session/subscriptions.h"

#include <algorithm>
#include <utility>

namespace halo {
namespace {

namespace json = boost::json;

constexpr std::string_view kUpdated = "notifications/resources/updated";
constexpr std::string_view kListChanged = "notifications/resources/list_changed";

}  // namespace

struct Subscriptions::Listener {
  // False if the client has gone.
  std::function<bool(std::string_view method, json::object params)> send;
  std::function<bool()> expired;
  std::function<std::optional<LogLevel>()> log_level;
  Filter filter;  // guarded by Subscriptions::mutex_
  std::optional<std::stop_callback<std::function<void()>>> on_stop{};
};

Subscriptions::~Subscriptions() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Subscriptions::Listen(const std::shared_ptr<Call>& call, json::object meta, Filter filter,
                           std::function<void()> ended) {
  TakeBaseline(filter.uris, filter.list_changed);
  auto listener = std::make_shared<Listener>();
  listener->send = [call, meta = std::move(meta)](std::string_view method, json::object params) {
    params.emplace("_meta", meta);
    call->Notify(NotificationText(method, std::move(params)));
    return !call->cancelled();
  };
  listener->expired = [] { return false; };  // its call ends it
  listener->log_level = [level = filter.log_level] { return level; };
  listener->filter = std::move(filter);
  const Key key = call.get();
  Start(key, listener);
  // Runs at once if the call has already been stopped.
  listener->on_stop.emplace(call->stop_token(), [this, key, ended = std::move(ended)] {
    End(key);
    ended();
  });
}

// Called from `initialize`, which must not wait for the list to be read: Watch does that.
void Subscriptions::Follow(const std::shared_ptr<Connection>& connection) {
  const std::lock_guard lock(mutex_);
  LegacyLocked(connection)->filter.list_changed = true;
}

bool Subscriptions::Subscribe(const std::shared_ptr<Connection>& connection,
                              const std::string& uri) {
  TakeBaseline({uri}, false);
  const std::lock_guard lock(mutex_);
  std::set<std::string>& uris = LegacyLocked(connection)->filter.uris;
  if (uris.size() >= kMaxUris && !uris.contains(uri)) return false;
  uris.insert(uri);
  return true;
}

void Subscriptions::Unsubscribe(const std::shared_ptr<Connection>& connection,
                                const std::string& uri) {
  const std::lock_guard lock(mutex_);
  const auto found = listeners_.find(connection.get());
  if (found != listeners_.end()) found->second->filter.uris.erase(uri);
}

void Subscriptions::Log(LogLevel level, std::string_view text) {
  std::vector<std::shared_ptr<Listener>> listeners;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, listener] : listeners_) listeners.push_back(listener);
  }
  // Without the lock, since a client may be slow to read.
  for (const auto& listener : listeners) {
    const std::optional<LogLevel> wanted = listener->log_level();
    if (wanted && level >= *wanted)
      listener->send(kLogMessage, LogParams(level, json::value(text)));
  }
}

std::shared_ptr<Subscriptions::Listener> Subscriptions::LegacyLocked(
    const std::shared_ptr<Connection>& connection) {
  std::shared_ptr<Listener>& listener = listeners_[connection.get()];
  // A connection that has gone may have had the same address.
  if (!listener || listener->expired()) {
    listener = std::make_shared<Listener>();
    listener->send = [weak = std::weak_ptr(connection)](std::string_view method,
                                                        json::object params) {
      const std::shared_ptr<Connection> live = weak.lock();
      if (live) live->Notify(NotificationText(method, std::move(params)));
      return live != nullptr;
    };
    listener->expired = [weak = std::weak_ptr(connection)] { return weak.expired(); };
    listener->log_level = [weak = std::weak_ptr(connection)]() -> std::optional<LogLevel> {
      const std::shared_ptr<Connection> live = weak.lock();
      return live ? std::optional(live->log_level()) : std::nullopt;
    };
    StartThreadLocked();
  }
  return listener;
}

void Subscriptions::Start(Key key, std::shared_ptr<Listener> listener) {
  const std::lock_guard lock(mutex_);
  listeners_[key] = std::move(listener);
  StartThreadLocked();
}

// May run inside the listener's own callback, so the listener must not be destroyed here.
void Subscriptions::End(Key key) {
  const std::lock_guard lock(mutex_);
  if (const auto found = listeners_.find(key); found != listeners_.end()) {
    ended_.push_back(std::move(found->second));
    listeners_.erase(found);
  }
}

void Subscriptions::StartThreadLocked() {
  if (!resources_.sequence) return;
  if (!thread_.joinable()) thread_ = std::jthread([this](std::stop_token stop) { Watch(stop); });
  changed_.notify_all();
}

std::size_t Subscriptions::ListState(std::stop_token stop) const {
  const auto list = resources_.list(CallContext{std::move(stop)});
  if (!list) return 0;
  std::string all;
  for (const ServedResource& one : *list) all.append(one.uri).append(1, '\0').append(one.title);
  return std::hash<std::string>()(all);
}

std::size_t Subscriptions::StateOf(const std::string& uri, std::stop_token stop) const {
  const auto text = resources_.read(uri, CallContext{std::move(stop)});
  return text ? std::hash<std::string>()(text->text) : 0;
}

// Records the state that later changes are compared with. Called before the subscriber is
// registered, so that a change in between is reported rather than missed.
void Subscriptions::TakeBaseline(const std::set<std::string>& uris, bool list,
                                 std::stop_token stop) {
  if (!resources_.sequence) return;
  const Result<std::int64_t> sequence = resources_.sequence();
  std::set<std::string> missing = uris;
  {
    const std::lock_guard lock(mutex_);
    if (!seen_ && sequence) seen_ = *sequence;
    std::erase_if(missing, [&](const std::string& uri) { return states_.contains(uri); });
    list = list && !list_state_;
  }
  if (list) {
    const std::size_t state = ListState(stop);
    const std::lock_guard lock(mutex_);
    list_state_ = state;
  }
  for (const std::string& uri : missing) {
    const std::size_t state = StateOf(uri, stop);
    const std::lock_guard lock(mutex_);
    states_.emplace(uri, state);
  }
}

bool Subscriptions::AnyWantsListLocked() const {
  return std::any_of(listeners_.begin(), listeners_.end(),
                     [](const auto& entry) { return entry.second->filter.list_changed; });
}

// Drops the states of resources without subscribers.
void Subscriptions::ForgetStatesLocked() {
  std::erase_if(states_, [this](const auto& state) {
    return std::none_of(listeners_.begin(), listeners_.end(), [&](const auto& entry) {
      return entry.second->filter.uris.contains(state.first);
    });
  });
}

void Subscriptions::Watch(std::stop_token stop) {
  std::optional<std::int64_t> last;
  int burst = 0;
  while (!stop.stop_requested()) {
    std::vector<std::shared_ptr<Listener>> ended;  // destroyed without the lock
    bool needs_list = false;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, stop, [this] { return !listeners_.empty(); });
      changed_.wait_for(lock, stop, pace_.poll, [] { return false; });
      ended.swap(ended_);
      std::erase_if(listeners_, [](const auto& entry) { return entry.second->expired(); });
      ForgetStatesLocked();
      needs_list = !list_state_ && AnyWantsListLocked();
    }
    if (stop.stop_requested()) return;
    if (needs_list) TakeBaseline({}, true, stop);
    const Result<std::int64_t> now = resources_.sequence();
    if (!now) continue;  // for example locked; try again at the next poll
    const bool resting = last == *now;
    last = *now;
    {
      const std::lock_guard lock(mutex_);
      if (seen_ == *now) {
        burst = 0;
        continue;
      }
      if (!resting && ++burst < pace_.longest_burst) continue;
      seen_ = *now;
      burst = 0;
    }
    NotifyChanges(stop);
  }
}

void Subscriptions::NotifyChanges(std::stop_token stop) {
  std::set<std::string> uris;
  bool list = false;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, listener] : listeners_) {
      uris.insert(listener->filter.uris.begin(), listener->filter.uris.end());
      list = list || listener->filter.list_changed;
    }
  }
  std::set<std::string> changed;
  for (const std::string& uri : uris) {
    if (stop.stop_requested()) return;
    const std::size_t state = StateOf(uri, stop);
    const std::lock_guard lock(mutex_);
    if (std::exchange(states_[uri], state) != state) changed.insert(uri);
  }
  bool list_changed = false;
  if (list) {
    const std::size_t state = ListState(stop);
    const std::lock_guard lock(mutex_);
    list_changed = std::exchange(list_state_, state) != state;
  }

  struct Update {
    Key key;
    std::shared_ptr<Listener> listener;
    std::vector<std::string> uris;
    bool list;
  };
  std::vector<Update> updates;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, listener] : listeners_) {
      Update one{key, listener, {}, list_changed && listener->filter.list_changed};
      for (const std::string& uri : listener->filter.uris) {
        if (changed.contains(uri)) one.uris.push_back(uri);
      }
      if (one.list || !one.uris.empty()) updates.push_back(std::move(one));
    }
  }
  // Without the lock, since a client may be slow to read.
  for (const Update& one : updates) {
    bool connected = true;
    if (one.list) connected = one.listener->send(kListChanged, {});
    for (const std::string& uri : one.uris) {
      if (connected) connected = one.listener->send(kUpdated, {{"uri", uri}});
    }
    if (!connected) End(one.key);
  }
}

}  // namespace halo
