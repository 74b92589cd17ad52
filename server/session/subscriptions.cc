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
  // False where there is nobody any more.
  std::function<bool(std::string_view method, json::object params)> tell;
  std::function<bool()> gone;
  std::function<std::optional<LogLevel>()> log_level;
  Filter filter;  // guarded by the mutex of the whole
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
  listener->tell = [call, meta = std::move(meta)](std::string_view method, json::object params) {
    params.emplace("_meta", meta);
    call->Notify(NotificationText(method, std::move(params)));
    return !call->cancelled();
  };
  listener->gone = [] { return false; };  // the call says when it ends
  listener->log_level = [level = filter.log_level] { return level; };
  listener->filter = std::move(filter);
  const Key key = call.get();
  Start(key, listener);
  // Runs at once where the call was stopped before.
  listener->on_stop.emplace(call->stop_token(), [this, key, ended = std::move(ended)] {
    End(key);
    ended();
  });
}

// Called while a client opens, which must not wait for the list to be made: Watch does that.
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
  // Without the lock, since a client may be slow to take it.
  for (const auto& listener : listeners) {
    const std::optional<LogLevel> wanted = listener->log_level();
    if (wanted && level >= *wanted)
      listener->tell(kLogMessage, LogParams(level, json::value(text)));
  }
}

std::shared_ptr<Subscriptions::Listener> Subscriptions::LegacyLocked(
    const std::shared_ptr<Connection>& connection) {
  std::shared_ptr<Listener>& listener = listeners_[connection.get()];
  // Another connection may have had the same address.
  if (!listener || listener->gone()) {
    listener = std::make_shared<Listener>();
    listener->tell = [weak = std::weak_ptr(connection)](std::string_view method,
                                                        json::object params) {
      const std::shared_ptr<Connection> there = weak.lock();
      if (there) there->Tell(NotificationText(method, std::move(params)));
      return there != nullptr;
    };
    listener->gone = [weak = std::weak_ptr(connection)] { return weak.expired(); };
    listener->log_level = [weak = std::weak_ptr(connection)]() -> std::optional<LogLevel> {
      const std::shared_ptr<Connection> there = weak.lock();
      return there ? std::optional(there->log_level()) : std::nullopt;
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

// May run inside the listener's own callback, which must not be destroyed then.
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

// What the subscriber will compare with. Read before it is listed, so that a change between is
// told rather than missed.
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

// Of resources that nobody is subscribed to any more.
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
      std::erase_if(listeners_, [](const auto& entry) { return entry.second->gone(); });
      ForgetStatesLocked();
      needs_list = !list_state_ && AnyWantsListLocked();
    }
    if (stop.stop_requested()) return;
    if (needs_list) TakeBaseline({}, true, stop);
    const Result<std::int64_t> now = resources_.sequence();
    if (!now) continue;  // locked, for example: the next look will do
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
    TellChanges(stop);
  }
}

void Subscriptions::TellChanges(std::stop_token stop) {
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

  struct News {
    Key key;
    std::shared_ptr<Listener> listener;
    std::vector<std::string> uris;
    bool list;
  };
  std::vector<News> news;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, listener] : listeners_) {
      News one{key, listener, {}, list_changed && listener->filter.list_changed};
      for (const std::string& uri : listener->filter.uris) {
        if (changed.contains(uri)) one.uris.push_back(uri);
      }
      if (one.list || !one.uris.empty()) news.push_back(std::move(one));
    }
  }
  // Without the lock, since a client may be slow to take it.
  for (const News& one : news) {
    bool there = true;
    if (one.list) there = one.listener->tell(kListChanged, {});
    for (const std::string& uri : one.uris) {
      if (there) there = one.listener->tell(kUpdated, {{"uri", uri}});
    }
    if (!there) End(one.key);
  }
}

}  // namespace halo
