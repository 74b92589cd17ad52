// SPDX-License-Identifier: MIT
// Calls that outlive their request: the extension io.modelcontextprotocol/tasks (SEP-2663). Kept in
// memory, bounded in number and by a time to live. Thread-safe.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "server/protocol/json_rpc.h"

namespace halo {

inline constexpr std::string_view kTasksExtension = "io.modelcontextprotocol/tasks";

// One call. It exists from the start of the call; whether it becomes a task is decided later.
// Thread-safe.
class Task {
 public:
  using Clock = std::chrono::system_clock;

  Task();

  const std::string& id() const { return id_; }
  std::stop_token stop_token() const { return stop_.get_token(); }

  // Called by the worker.
  void Finish(RpcResult result);
  void SetMessage(std::string message);
  // Shows the request to the client when it polls the task, and waits for the response.
  RpcResult Ask(std::string_view method, boost::json::object params, std::stop_token stop);

  // The client will not see questions any more: pending and later ones fail.
  void RefuseQuestions();

  // Waits until the call has ended or needs input from the client; false on timeout.
  bool WaitUntil(std::chrono::steady_clock::time_point time);
  // Waits until the call has ended.
  void Wait();
  // The result, once it has ended.
  std::optional<RpcResult> result() const;

  // Called on behalf of the client.
  void Cancel();
  void Respond(const boost::json::object& responses);
  // The protocol's Task object; with `detail` also its result, error or input requests.
  boost::json::object Describe(bool detail, std::chrono::milliseconds ttl,
                               std::chrono::milliseconds poll) const;
  Clock::time_point created() const { return created_; }

 private:
  struct Question {
    boost::json::object request;
    std::optional<boost::json::object> response;
  };

  std::string_view StatusLocked() const;
  bool AsksLocked() const;

  const std::string id_;
  const Clock::time_point created_;
  std::stop_source stop_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Clock::time_point updated_;
  std::string message_;
  std::optional<RpcResult> result_;
  bool cancelled_ = false;
  bool refuses_ = false;
  int asked_ = 0;
  std::map<std::string, Question> questions_;
};

class TaskTable {
 public:
  struct Limits {
    std::size_t tasks = 100;   // with at most 80 KB of results each
    std::size_t running = 16;  // each occupies a worker of its transport
    std::chrono::milliseconds ttl = std::chrono::hours(1);
    std::chrono::milliseconds poll = std::chrono::seconds(1);
  };

  TaskTable() = default;
  explicit TaskTable(Limits limits) : limits_(limits) {}

  // False if the table is full; the caller then waits for the call itself.
  bool Add(std::shared_ptr<Task> task);
  // Null if there is no such task, or it has expired.
  std::shared_ptr<Task> Find(std::string_view id);
  boost::json::object Describe(const Task& task, bool detail) const {
    return task.Describe(detail, limits_.ttl, limits_.poll);
  }
  // Cancels all running tasks.
  void StopAll();

 private:
  void DropExpiredLocked();

  const Limits limits_{};
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Task>, std::less<>> tasks_;
};

}  // namespace halo
