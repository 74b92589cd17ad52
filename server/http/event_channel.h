// SPDX-License-Identifier: MIT
// The event stream of a session, which its client opens with GET: carries messages that belong to
// no request. Without a stream they are dropped. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "server/http/message.h"

namespace halo {

// Formats a message as a server-sent event.
std::string EventOf(std::string_view message);
// The response head of a stream of such events.
HttpResponse StreamHead();

class EventChannel {
 public:
  // False if the session already has a stream.
  bool Open(std::shared_ptr<HttpAnswer> stream);
  void Send(std::string_view message);
  void Drop();   // the client has closed the stream
  void Close();  // closes the stream from this side

 private:
  std::mutex mutex_;
  std::shared_ptr<HttpAnswer> stream_;
};

}  // namespace halo
