// SPDX-License-Identifier: MIT
#include "server/session/task_table.h"

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include "tools/common/time_text.h"

namespace halo {
namespace {

namespace json = boost::json;

// Random, because anyone who knows the id may read the result.
std::string RandomId() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::random_device random;
  std::uniform_int_distribution<std::size_t> digit(0, kDigits.size() - 1);
  std::string id = "task_";
  while (id.size() < 37) id += kDigits[digit(random)];
  return id;
}

std::string Text(Task::Clock::time_point time) {
  using std::chrono::milliseconds;
  const auto ms = std::chrono::duration_cast<milliseconds>(time.time_since_epoch());
  return TimeText(std::chrono::nanoseconds(ms).count());
}

}  // namespace

Task::Task() : id_(RandomId()), created_(Clock::now()), updated_(created_) {}

void Task::Finish(RpcResult result) {
  const std::lock_guard lock(mutex_);
  result_ = std::move(result);
  questions_.clear();
  updated_ = Clock::now();
  changed_.notify_all();
}

void Task::SetMessage(std::string message) {
  const std::lock_guard lock(mutex_);
  message_ = std::move(message);
  updated_ = Clock::now();
}

RpcResult Task::Ask(std::string_view method, json::object params, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  const std::string key = "input-" + std::to_string(++asked_);
  questions_[key].request = {{"method", method}, {"params", std::move(params)}};
  updated_ = Clock::now();
  changed_.notify_all();
  changed_.wait(lock, std::move(stop),
                [&] { return refuses_ || questions_[key].response.has_value(); });
  auto question = questions_.extract(key);
  if (question && question.mapped().response) return *std::move(question.mapped().response);
  return RpcError{kInternalError, "The client can no longer be asked"};
}

void Task::RefuseQuestions() {
  const std::lock_guard lock(mutex_);
  refuses_ = true;
  changed_.notify_all();
}

bool Task::WaitUntil(std::chrono::steady_clock::time_point time) {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, time, [this] { return result_ || AsksLocked(); });
}

void Task::Wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return result_.has_value(); });
}

std::optional<RpcResult> Task::result() const {
  const std::lock_guard lock(mutex_);
  return result_;
}

void Task::Cancel() {
  {
    const std::lock_guard lock(mutex_);
    if (result_ || cancelled_) return;
    cancelled_ = true;
    updated_ = Clock::now();
  }
  stop_.request_stop();
}

void Task::Respond(const json::object& responses) {
  const std::lock_guard lock(mutex_);
  for (const auto& member : responses) {
    const auto question = questions_.find(std::string(std::string_view(member.key())));
    const json::object* response = member.value().if_object();
    if (question == questions_.end() || question->second.response || !response) continue;
    question->second.response = *response;
    updated_ = Clock::now();
  }
  changed_.notify_all();
}

bool Task::AsksLocked() const {
  return std::any_of(questions_.begin(), questions_.end(),
                     [](const auto& entry) { return !entry.second.response; });
}

std::string_view Task::StatusLocked() const {
  if (cancelled_) return "cancelled";
  if (result_) return *result_ ? "completed" : "failed";
  return AsksLocked() ? "input_required" : "working";
}

json::object Task::Describe(bool detail, std::chrono::milliseconds ttl,
                            std::chrono::milliseconds poll) const {
  const std::lock_guard lock(mutex_);
  json::object out{{"taskId", id_}, {"status", StatusLocked()}};
  if (!message_.empty()) out.emplace("statusMessage", message_);
  out.emplace("createdAt", Text(created_));
  out.emplace("lastUpdatedAt", Text(updated_));
  out.emplace("ttlMs", ttl.count());
  out.emplace("pollIntervalMs", poll.count());
  if (!detail || cancelled_) return out;
  if (result_ && *result_) {
    out.emplace("result", **result_);
  } else if (result_) {
    out.emplace("error", ErrorObject(result_->error()));
  } else if (AsksLocked()) {
    json::object requests;
    for (const auto& [key, question] : questions_) {
      if (!question.response) requests.emplace(key, question.request);
    }
    out.emplace("inputRequests", std::move(requests));
  }
  return out;
}

bool TaskTable::Add(std::shared_ptr<Task> task) {
  const std::lock_guard lock(mutex_);
  DropExpiredLocked();
  const auto running = std::count_if(tasks_.begin(), tasks_.end(),
                                     [](const auto& entry) { return !entry.second->result(); });
  if (tasks_.size() >= limits_.tasks || running >= static_cast<int>(limits_.running)) return false;
  const std::string id = task->id();
  tasks_.emplace(id, std::move(task));
  return true;
}

std::shared_ptr<Task> TaskTable::Find(std::string_view id) {
  const std::lock_guard lock(mutex_);
  DropExpiredLocked();
  const auto found = tasks_.find(id);
  return found == tasks_.end() ? nullptr : found->second;
}

void TaskTable::StopAll() {
  std::vector<std::shared_ptr<Task>> tasks;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, task] : tasks_) tasks.push_back(task);
  }
  for (const auto& task : tasks) task->Cancel();
}

// A task that is still running when it expires is cancelled.
void TaskTable::DropExpiredLocked() {
  const Task::Clock::time_point oldest = Task::Clock::now() - limits_.ttl;
  std::erase_if(tasks_, [&](const auto& entry) {
    if (entry.second->created() >= oldest) return false;
    entry.second->Cancel();
    return true;
  });
}

}  // namespace halo
