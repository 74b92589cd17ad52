// SPDX-License-Identifier: MIT
// The receiver of OTLP/HTTP: checks a request, has its body stored, and answers in its encoding.
// Does no I/O. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "engine/ingest/received_message.h"
#include "server/http/message.h"
#include "server/session/worker_pool.h"

namespace halo {

struct OtlpEndpointOptions {
  // Stores a message; see Engine::Receive. Empty: there is no receiver.
  std::function<void(const ReceivedMessage& message, Acknowledge acknowledge)> receive;
  std::size_t max_requests = 256;  // in progress at once; beyond that, status 429
  std::size_t threads = 2;         // that decode bodies; each may hold one decompressed body
};

class OtlpEndpoint {
 public:
  explicit OtlpEndpoint(OtlpEndpointOptions options);

  // The signal that is received at this path; empty if it is not one of OTLP. Besides /v1/traces
  // and its siblings, these are the paths to which Langfuse's SDK exports.
  static std::optional<Signal> SignalOf(std::string_view path);
  // A refusal as exporters expect it: a Status, in the encoding of the request.
  static HttpResponse ToSender(const HttpRequest& request, HttpResponse refusal);

  // The error response to a request that is refused by its head alone, else empty.
  std::optional<HttpResponse> Refuse(const HttpRequest& request);
  // Answers once the body is stored.
  void Answer(const HttpRequest& request, std::shared_ptr<HttpAnswer> answer);
  // Waits until no request is in progress, not even one whose client has gone; false if `limit`
  // passed first. Call it before the server that gave the answers is destroyed.
  bool Drain(std::chrono::milliseconds limit);

 private:
  bool Begin();
  void End();

  const OtlpEndpointOptions options_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t requests_ = 0;  // in progress
  WorkerPool decoders_;
};

}  // namespace halo
