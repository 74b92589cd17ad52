// SPDX-License-Identifier: MIT
#include "server/session/connection.h"

#include <utility>
#include <vector>

#include "schemas/json_text.h"

namespace halo {
namespace {

// Real clients have tens of calls in progress; the limit bounds memory.
constexpr std::size_t kMaxCalls = 1000;

}  // namespace

boost::json::object LogParams(LogLevel level, boost::json::value data) {
  return {{"level", Names(level)[static_cast<std::size_t>(level)].text},
          {"logger", "halo-mcp"},
          {"data", std::move(data)}};
}

void Call::Notify(std::string message) {
  const std::lock_guard lock(mutex_);
  if (!ended_ && outbox_.notify) outbox_.notify(std::move(message));
}

void Call::Answer(Reply reply) {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(ended_, true)) outbox_.reply(std::move(reply));
}

void Call::Cancel() {
  Answer({});
  stop_.request_stop();
}

bool Call::cancelled() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

std::optional<Revision> Connection::opened() const {
  const std::lock_guard lock(mutex_);
  return opened_;
}

boost::json::object Connection::capabilities() const {
  const std::lock_guard lock(mutex_);
  return capabilities_;
}

void Connection::Open(Revision revision, boost::json::object capabilities) {
  const std::lock_guard lock(mutex_);
  opened_ = revision;
  capabilities_ = std::move(capabilities);
}

LogLevel Connection::log_level() const {
  const std::lock_guard lock(mutex_);
  return log_level_;
}

void Connection::SetLogLevel(LogLevel level) {
  const std::lock_guard lock(mutex_);
  log_level_ = level;
}

void Connection::SetChannel(Send channel) {
  const std::lock_guard lock(mutex_);
  channel_ = std::move(channel);
}

bool Connection::has_channel() const {
  const std::lock_guard lock(mutex_);
  return static_cast<bool>(channel_);
}

void Connection::Notify(std::string message) {
  Send channel;
  {
    const std::lock_guard lock(mutex_);
    channel = channel_;
  }
  if (channel) channel(std::move(message));
}

RpcResult Connection::Ask(Call& call, std::string_view method, boost::json::object params,
                          std::stop_token stop) {
  if (!call.can_notify()) {
    return RpcError{kInternalError,
                    "Cannot send a request to the client: it accepts this answer only as JSON, "
                    "not as an event stream"};
  }
  boost::json::value id;
  {
    const std::lock_guard lock(mutex_);
    id = "server-" + std::to_string(++asked_);
    questions_.emplace(Serialise(id), std::nullopt);
  }
  const std::string key = Serialise(id);
  call.Notify(RequestText(id, method, std::move(params)));
  std::unique_lock lock(mutex_);
  answered_.wait(lock, std::move(stop), [&] { return questions_[key].has_value(); });
  const auto question = questions_.extract(key);
  if (question.mapped()) return *std::move(question.mapped());
  return RpcError{kInternalError, "The call ended before the client answered"};
}

void Connection::TakeAnswer(const boost::json::value& id, RpcResult outcome) {
  const std::lock_guard lock(mutex_);
  const auto question = questions_.find(Serialise(id));
  if (question == questions_.end() || question->second) return;
  question->second = std::move(outcome);
  answered_.notify_all();
}

boost::system::result<std::shared_ptr<Call>, RpcError> Connection::Begin(
    const boost::json::value& id, Outbox outbox) {
  auto call = std::make_shared<Call>(std::move(outbox));
  std::string key = Serialise(id);
  const std::lock_guard lock(mutex_);
  if (calls_.size() >= kMaxCalls) {
    return RpcError{kInternalError, "Too many calls in progress; the limit is " +
                                        std::to_string(kMaxCalls) + " per client"};
  }
  if (!calls_.emplace(std::move(key), call).second) {
    return RpcError{kInvalidRequest, "Invalid request: a call with this id is already in progress"};
  }
  return call;
}

void Connection::End(const boost::json::value& id) {
  const std::lock_guard lock(mutex_);
  calls_.erase(Serialise(id));
}

void Connection::Cancel(const boost::json::value& id) {
  std::shared_ptr<Call> call;
  {
    const std::lock_guard lock(mutex_);
    const auto found = calls_.find(Serialise(id));
    if (found == calls_.end()) return;
    call = found->second;
  }
  call->Cancel();
}

void Connection::StopAll() {
  for (const auto& call : Calls()) call->Stop();
}

void Connection::CancelAll() {
  for (const auto& call : Calls()) call->Cancel();
}

std::vector<std::shared_ptr<Call>> Connection::Calls() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Call>> calls;
  for (const auto& [id, call] : calls_) calls.push_back(call);
  return calls;
}

}  // namespace halo
