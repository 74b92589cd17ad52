// SPDX-License-Identifier: MIT
#include "server/http/event_channel.h"

#include <utility>

namespace halo {

std::string EventOf(std::string_view message) {
  return std::string("event: message\ndata: ").append(message).append("\n\n");
}

HttpResponse StreamHead() {
  return {
      200, "text/event-stream", {}, {{"X-Accel-Buffering", "no"}, {"Cache-Control", "no-store"}}};
}

bool EventChannel::Open(std::shared_ptr<HttpAnswer> stream) {
  const std::lock_guard lock(mutex_);
  if (stream_) return false;
  stream_ = std::move(stream);
  stream_->OpenStream(StreamHead());
  return true;
}

void EventChannel::Send(std::string_view message) {
  const std::lock_guard lock(mutex_);
  if (stream_) stream_->Write(EventOf(message));
}

void EventChannel::Drop() {
  const std::lock_guard lock(mutex_);
  stream_.reset();
}

void EventChannel::Close() {
  const std::lock_guard lock(mutex_);
  if (const auto stream = std::exchange(stream_, nullptr)) stream->CloseStream();
}

}  // namespace halo
