// SPDX-License-Identifier: MIT
// A message received over OTLP/HTTP, and the reply to its sender.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "engine/sources/decoder.h"

namespace halo {

enum class Signal : std::uint8_t { kTraces, kLogs, kMetrics };
enum class MessageFormat : std::uint8_t { kProtobuf, kJson };

// The body of one export request.
struct ReceivedMessage {
  Signal signal = Signal::kTraces;
  MessageFormat format = MessageFormat::kProtobuf;
  Encoding encoding = Encoding::kPlain;  // of `body`
  std::string_view body{};
  std::string_view project{};  // of all its spans; empty: by attribute, else "default"
};

struct Acknowledgement {
  enum class Status : std::uint8_t {
    kAccepted,     // what was accepted is durable
    kMalformed,    // cannot be decoded: nothing was stored, and sending it again does not help
    kTooLarge,     // the same, because it is too large once decompressed
    kUnavailable,  // the store cannot be written now: nothing is promised, so send it again
  };
  Status status = Status::kAccepted;
  std::int64_t refused = 0;  // parts that were not stored, such as spans without an id
  std::string message{};     // what is wrong; empty if everything was stored as it came
};

// Called exactly once, on any thread, perhaps before the call that it was given to returns. Must
// not throw or block.
using Acknowledge = std::function<void(Acknowledgement)>;

}  // namespace halo
