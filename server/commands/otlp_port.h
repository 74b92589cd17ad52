// SPDX-License-Identifier: MIT
// The port of `stdio --otlp`, which one process at a time can hold. The first one that wants it
// opens it and receives for the store that all of them share; the others try again every few
// seconds, so that one of them takes over when it ends.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <thread>

#include "engine/engine.h"
#include "server/http/access.h"
#include "server/http/listen_address.h"
#include "server/methods/dispatcher.h"

namespace halo {

struct OtlpPortOptions {
  ListenAddress listen;
  AccessOptions access;
  std::string store;    // URL
  std::string project;  // of received spans; empty: their own
  std::chrono::milliseconds retry{2000};
};

class OtlpPort {
 public:
  // Returns at once. Engine and dispatcher must outlive this.
  OtlpPort(Engine& engine, const Dispatcher& dispatcher, OtlpPortOptions options);
  ~OtlpPort();  // see Close
  OtlpPort(const OtlpPort&) = delete;
  OtlpPort& operator=(const OtlpPort&) = delete;

  // Closes the port; requests in progress have a moment to be answered. False if one was not: the
  // engine is then still in use, so the process should exit without destroying it.
  bool Close();

 private:
  void Run(const std::stop_token& stop);
  // Why the port cannot be opened; empty if that is no loss, since its owner receives for the same
  // store.
  std::string WhyClosed(const std::string& failure) const;
  void Tell(const std::string& why);

  Engine& engine_;
  const Dispatcher& dispatcher_;
  const OtlpPortOptions options_;
  const std::string place_;  // such as 127.0.0.1:4318
  std::string told_;         // the last reason
  bool answered_ = true;
  std::jthread thread_;
};

}  // namespace halo
