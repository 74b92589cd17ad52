// SPDX-License-Identifier: MIT
#include "server/session/task_table.h"

#include <boost/json/object.hpp>
#include <catch2/catch.hpp>
#include <thread>

namespace halo {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

std::string StatusOf(const TaskTable& table, const Task& task) {
  return std::string(std::string_view(table.Describe(task, true).at("status").as_string()));
}

std::shared_ptr<Task> Done() {
  auto task = std::make_shared<Task>();
  task->Finish(boost::json::object{{"content", boost::json::array{}}});
  return task;
}

}  // namespace

TEST_CASE("a task is kept with its result until it expires") {
  TaskTable table({10, 10, hours(1), milliseconds(500)});
  const auto task = std::make_shared<Task>();
  REQUIRE(table.Add(task));
  REQUIRE(table.Find(task->id()) == task);
  CHECK(StatusOf(table, *task) == "working");
  task->SetMessage("halfway");
  const boost::json::object working = table.Describe(*task, true);
  CHECK(working.at("statusMessage") == "halfway");
  CHECK(working.at("ttlMs") == 3'600'000);
  CHECK(working.at("pollIntervalMs") == 500);
  CHECK_FALSE(working.contains("result"));
  task->Finish(boost::json::object{{"isError", true}});
  CHECK(StatusOf(table, *task) == "completed");
  CHECK(table.Describe(*task, true).at("result") == boost::json::object{{"isError", true}});
  CHECK_FALSE(table.Describe(*task, false).contains("result"));
  CHECK(table.Find(task->id()) == task);

  TaskTable brief({10, 10, milliseconds(0), milliseconds(500)});
  const auto short_lived = std::make_shared<Task>();
  REQUIRE(brief.Add(short_lived));
  std::this_thread::sleep_for(milliseconds(2));
  CHECK(brief.Find(short_lived->id()) == nullptr);
  CHECK(short_lived->stop_token().stop_requested());
}

TEST_CASE("a protocol error fails a task") {
  const TaskTable table;
  Task task;
  task.Finish(RpcError{-32603, "broken"});
  CHECK(StatusOf(table, task) == "failed");
  CHECK(table.Describe(task, true).at("error").at("message") == "broken");
}

TEST_CASE("a cancelled task stays cancelled, a finished one cannot be cancelled") {
  TaskTable table;
  const auto running = std::make_shared<Task>();
  const auto done = Done();
  REQUIRE(table.Add(running));
  REQUIRE(table.Add(done));
  table.StopAll();
  CHECK(running->stop_token().stop_requested());
  running->Finish(boost::json::object{});
  CHECK(StatusOf(table, *running) == "cancelled");
  CHECK_FALSE(table.Describe(*running, true).contains("result"));
  CHECK(StatusOf(table, *done) == "completed");
}

TEST_CASE("the numbers of tasks and of running tasks are limited") {
  TaskTable table({3, 1, hours(1), milliseconds(500)});
  const auto running = std::make_shared<Task>();
  CHECK(table.Add(running));
  CHECK_FALSE(table.Add(std::make_shared<Task>()));
  running->Finish(boost::json::object{});
  CHECK(table.Add(Done()));
  CHECK(table.Add(Done()));
  CHECK_FALSE(table.Add(Done()));
}

TEST_CASE("a task asks several questions, gets answers one by one, and continues") {
  TaskTable table;
  const auto task = std::make_shared<Task>();
  REQUIRE(table.Add(task));
  RpcResult first, second;
  std::thread asking([&] { first = task->Ask("elicitation/create", {{"n", 1}}, {}); });
  CHECK(task->WaitUntil(std::chrono::steady_clock::now() + std::chrono::minutes(1)));
  std::thread asking_too([&] { second = task->Ask("elicitation/create", {{"n", 2}}, {}); });
  boost::json::object asked;
  while (asked.size() < 2) asked = table.Describe(*task, true).at("inputRequests").as_object();
  CHECK(StatusOf(table, *task) == "input_required");

  task->Respond({{"input-1", {{"a", 1}}}, {"never-asked", boost::json::object{}}});
  asking.join();
  CHECK(first->at("a") == 1);
  CHECK(table.Describe(*task, true).at("inputRequests").as_object().size() == 1);
  task->Respond({{"input-1", {{"a", 9}}}, {"input-2", 7}});
  CHECK(StatusOf(table, *task) == "input_required");
  task->Respond({{"input-2", {{"a", 2}}}});
  asking_too.join();
  CHECK(second->at("a") == 2);
  CHECK(StatusOf(table, *task) == "working");
}

TEST_CASE("a question is dropped when its task ends") {
  const auto task = std::make_shared<Task>();
  RpcResult answer;
  std::thread asking([&] { answer = task->Ask("roots/list", {}, task->stop_token()); });
  task->WaitUntil(std::chrono::steady_clock::now() + std::chrono::minutes(1));
  task->Cancel();
  asking.join();
  CHECK_FALSE(answer.has_value());
}

}  // namespace halo
