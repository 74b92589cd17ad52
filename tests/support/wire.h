// SPDX-License-Identifier: MIT
// The client's end of each transport, so that a transcript runs over all of them.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/methods/dispatcher.h"
#include "server/stdio/stdio_transport.h"

namespace halo {

// The messages from the server, in order. Thread-safe.
class Inbox {
 public:
  void Put(std::string message);
  // Waits for the next message; nullopt if it is closed and empty, or after a timeout that is long
  // enough for slow machines.
  std::optional<std::string> Take();
  void Close();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> messages_;
  bool closed_ = false;
};

class Wire {
 public:
  virtual ~Wire() = default;
  virtual void Send(std::string_view message) = 0;
  virtual std::optional<std::string> Receive() = 0;
  // Disconnects, and returns the remaining messages.
  virtual std::vector<std::string> Close() = 0;
};

struct WireKind {
  std::string_view name;
  // Whether legacy clients receive messages that belong to no request, and all requests share one
  // connection, so that ids must differ.
  bool pushes;
  std::unique_ptr<Wire> (*open)(const Dispatcher&);
};

// Every transport.
std::vector<WireKind> AllWires();

// Over pipes. The descriptors in `options` are ignored.
std::unique_ptr<Wire> OpenStdio(const Dispatcher& dispatcher, StdioOptions options);

// Over HTTP on loopback, as a client with a legacy session.
std::unique_ptr<Wire> OpenHttp(const Dispatcher& dispatcher);

}  // namespace halo
