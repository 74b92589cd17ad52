// SPDX-License-Identifier: MIT
#include "server/http/session_table.h"

#include "server/http/random_token.h"

namespace halo {

std::string SessionTable::Add(std::shared_ptr<Connection> connection) {
  std::string id = RandomToken(16);
  const std::lock_guard lock(mutex_);
  DropExpired();
  while (!sessions_.empty() && sessions_.size() >= max_sessions_) {
    by_id_.erase(sessions_.front().id);
    sessions_.pop_front();
  }
  sessions_.push_back({id, std::move(connection), now_()});
  by_id_.emplace(sessions_.back().id, std::prev(sessions_.end()));
  return id;
}

std::shared_ptr<Connection> SessionTable::Find(std::string_view id) {
  const std::lock_guard lock(mutex_);
  DropExpired();
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return nullptr;
  found->second->used = now_();
  sessions_.splice(sessions_.end(), sessions_, found->second);
  return found->second->connection;
}

bool SessionTable::Remove(std::string_view id) {
  std::shared_ptr<Connection> connection;
  {
    const std::lock_guard lock(mutex_);
    DropExpired();
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return false;
    const Sessions::iterator session = found->second;
    connection = std::move(session->connection);
    by_id_.erase(found);
    sessions_.erase(session);
  }
  connection->CancelAll();
  return true;
}

std::size_t SessionTable::size() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

void SessionTable::DropExpired() {
  const Clock::time_point oldest = now_() - max_idle_;
  while (!sessions_.empty() && sessions_.front().used < oldest) {
    by_id_.erase(sessions_.front().id);
    sessions_.pop_front();
  }
}

}  // namespace halo
