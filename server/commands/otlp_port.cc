// SPDX-License-Identifier: MIT
#include "server/commands/otlp_port.h"

#include <spdlog/spdlog.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

#include "server/commands/health.h"
#include "server/commands/receive.h"
#include "server/http/http_transport.h"
#include "server/http/port_owner.h"
#include "server/session/worker_pool.h"

namespace halo {
namespace {

// For health checks, and to count refused gRPC clients.
constexpr std::size_t kWorkers = 2;
constexpr std::chrono::milliseconds kToAnswer{300}, kToStop{300};

HttpServiceOptions ServiceOf(Engine& engine, const OtlpPortOptions& options) {
  HttpServiceOptions service;
  service.access = options.access;
  service.serves_mcp = false;
  service.health = [&engine, identity = StoreIdentity(options.store)] {
    return HealthOf(engine, identity);
  };
  ReceiveInto(engine, options.project, service);
  return service;
}

void Wait(const std::stop_token& stop, std::chrono::milliseconds time) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any().wait_for(lock, stop, time, [] { return false; });
}

}  // namespace

OtlpPort::OtlpPort(Engine& engine, const Dispatcher& dispatcher, OtlpPortOptions options)
    : engine_(engine),
      dispatcher_(dispatcher),
      options_(std::move(options)),
      place_(UrlOf(options_.listen.address, options_.listen.port).substr(7)),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

OtlpPort::~OtlpPort() { Close(); }

bool OtlpPort::Close() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  return answered_;
}

void OtlpPort::Run(const std::stop_token& stop) {
  auto workers = std::make_unique<WorkerPool>(kWorkers);
  auto service = std::make_unique<HttpService>(
      dispatcher_, [pool = workers.get()](std::function<void()> job) { pool->Run(std::move(job)); },
      ServiceOf(engine_, options_));
  HttpOptions http;
  http.address = options_.listen.address;
  http.port = options_.listen.port;
  http.threads = 1;
  http.to_answer = kToAnswer;
  http.to_stop = kToStop;
  while (!stop.stop_requested()) {
    if (const Result<void> started = workers->Start(); !started) {
      Tell("OTLP cannot be received at " + place_ + ": " + started.error().message);
      Wait(stop, options_.retry);
      continue;
    }
    Result<std::unique_ptr<HttpServer>> server = HttpServer::Start(*service, http);
    if (!server) {
      Tell(WhyClosed(server.error().message));
      Wait(stop, options_.retry);
      continue;
    }
    Tell({});
    spdlog::info("receiving OTLP at {}/v1/traces", UrlOf(http.address, (*server)->port()));
    while (!stop.stop_requested()) Wait(stop, std::chrono::hours(1));
    const bool answered = (*server)->Stop();
    answered_ = workers->Drain(kToStop) && service->Drain(kToStop) && answered;
    if (answered_) return;
    // A request that is still in progress uses them until the process exits.
    static_cast<void>(server->release());
    static_cast<void>(service.release());
    static_cast<void>(workers.release());
    return;
  }
}

std::string OtlpPort::WhyClosed(const std::string& failure) const {
  const PortOwner owner = AskPortOwner(options_.listen.address, options_.listen.port);
  if (!owner.is_halo) {
    return place_ +
           " cannot be opened, so spans that are sent there do not arrive here: " + failure;
  }
  if (owner.store == StoreIdentity(options_.store)) return {};
  return place_ +
         " belongs to a halo-mcp with another store; spans that are sent there arrive in "
         "that store. Give both the same --store, or this one another --otlp";
}

void OtlpPort::Tell(const std::string& why) {
  if (why == told_) return;
  told_ = why;
  engine_.SetNotReceiving(why);
  if (!why.empty()) spdlog::warn("{}", why);
}

}  // namespace halo
