// SPDX-License-Identifier: MIT
#include "server/http/session_table.h"

#include "server/http/random_token.h"

namespace halo {

std::string SessionTable::Add(std::shared_ptr<HttpSession> session) {
  std::string id = RandomToken(16);
  const std::lock_guard lock(mutex_);
  DropExpired();
  while (!entries_.empty() && entries_.size() >= max_sessions_) {
    by_id_.erase(entries_.front().id);
    entries_.pop_front();
  }
  entries_.push_back({id, std::move(session), now_()});
  by_id_.emplace(entries_.back().id, std::prev(entries_.end()));
  return id;
}

std::shared_ptr<HttpSession> SessionTable::Find(std::string_view id) {
  const std::lock_guard lock(mutex_);
  DropExpired();
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return nullptr;
  found->second->used = now_();
  entries_.splice(entries_.end(), entries_, found->second);
  return found->second->session;
}

bool SessionTable::Remove(std::string_view id) {
  std::shared_ptr<HttpSession> session;
  {
    const std::lock_guard lock(mutex_);
    DropExpired();
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return false;
    const Entries::iterator entry = found->second;
    session = std::move(entry->session);
    by_id_.erase(found);
    entries_.erase(entry);
  }
  session->connection->CancelAll();
  session->channel->Close();
  return true;
}

std::size_t SessionTable::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

void SessionTable::DropExpired() {
  const Clock::time_point oldest = now_() - max_idle_;
  while (!entries_.empty() && entries_.front().used < oldest) {
    by_id_.erase(entries_.front().id);
    entries_.pop_front();
  }
}

}  // namespace halo
