// SPDX-License-Identifier: MIT
#include "server/session/answer_cache.h"

#include <boost/json/object.hpp>
#include <utility>

#include "schemas/json_text.h"

namespace halo {
namespace {

AnswerText TextOf(RpcResult&& answer) {
  if (!answer) return answer.error();
  return std::make_shared<const std::string>(Serialise(*answer));
}

}  // namespace

AnswerText AnswerCache::Get(const std::string& key, const std::function<RpcResult()>& compute) {
  const Result<std::int64_t> sequence = sequence_();
  if (!sequence) return TextOf(compute());
  {
    std::unique_lock lock(mutex_);
    while (true) {
      Entry& entry = entries_[key];
      entry.used = options_.now();
      const bool begun = entry.computing == *sequence;
      // An expired answer will do while its successor is being computed.
      const bool fresh = entry.used - entry.made < options_.max_age || begun;
      if (entry.answer && entry.sequence == *sequence && fresh) return entry.answer;
      if (!begun) {
        entry.computing = *sequence;
        DropUnused();
        break;
      }
      computed_.wait(lock);
    }
  }
  try {
    RpcResult answer = compute();
    const bool keeps = answer && !answer->contains("isError");
    AnswerText text = TextOf(std::move(answer));
    Keep(key, *sequence, keeps ? *text : nullptr);
    return text;
  } catch (...) {
    Keep(key, *sequence, nullptr);
    throw;
  }
}

void AnswerCache::Keep(const std::string& key, std::int64_t sequence,
                       std::shared_ptr<const std::string> answer) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_[key];
  if (entry.computing == sequence) entry.computing.reset();
  if (answer) {
    entry.answer = std::move(answer);
    entry.sequence = sequence;
    entry.made = options_.now();
  }
  computed_.notify_all();
}

void AnswerCache::DropUnused() {
  while (entries_.size() > options_.max_answers) {
    auto oldest = entries_.end();
    for (auto at = entries_.begin(); at != entries_.end(); ++at) {
      if (at->second.computing) continue;
      if (oldest == entries_.end() || at->second.used < oldest->second.used) oldest = at;
    }
    if (oldest == entries_.end()) return;
    entries_.erase(oldest);
  }
}

}  // namespace halo
