// SPDX-License-Identifier: MIT
// A client's end of each transport, so that one transcript runs over all of them.
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

// What came from the server, in order. Thread-safe.
class Inbox {
 public:
  void Put(std::string message);
  // Waits; nothing after a time that is long enough for any machine, or when closed and empty.
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
  // Leaves, and returns what still came.
  virtual std::vector<std::string> Close() = 0;
};

struct WireKind {
  std::string_view name;
  // Whether legacy clients are sent what belongs to no request, and ids share one connection.
  bool pushes;
  std::unique_ptr<Wire> (*open)(const Dispatcher&);
};

// Every transport.
std::vector<WireKind> AllWires();

// Over pipes; `options` need no descriptors.
std::unique_ptr<Wire> OpenStdio(const Dispatcher& dispatcher, StdioOptions options);

// Over HTTP on this machine, as a client that holds a session of the legacy era.
std::unique_ptr<Wire> OpenHttp(const Dispatcher& dispatcher);

}  // namespace halo
