// SPDX-License-Identifier: MIT
// Where the messages of a session go that belong to no request: the stream that its client opened
// with GET, or nowhere. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "server/http/message.h"

namespace halo {

// A message as a server-sent event, and the head of a stream of them.
std::string EventOf(std::string_view message);
HttpResponse StreamHead();

class EventChannel {
 public:
  // False where there is a stream already.
  bool Open(std::shared_ptr<HttpAnswer> stream);
  void Tell(std::string_view message);
  // The client has left, or the server ends the stream.
  void Drop();
  void Close();

 private:
  std::mutex mutex_;
  std::shared_ptr<HttpAnswer> stream_;
};

}  // namespace halo
