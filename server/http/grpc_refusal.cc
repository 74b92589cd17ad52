// SPDX-License-Identifier: MIT
#include "server/http/grpc_refusal.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace halo {
namespace {

enum Frame : std::uint8_t {
  kData = 0,
  kHeaders = 1,
  kResetStream = 3,
  kSettings = 4,
  kPing = 6,
  kGoAway = 7,
  kContinuation = 9,
};
constexpr std::uint8_t kAck = 1, kEndStream = 1, kEndHeaders = 4;
constexpr std::size_t kMaxFrame = 16384, kPingBytes = 8;
constexpr std::uint32_t kFrameSizeError = 6;

constexpr std::string_view kUnimplemented = "12";
constexpr std::string_view kMessage =
    "halo-mcp receives OTLP over HTTP, not gRPC: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf";

std::string Number(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift));
  return bytes;
}

void PutFrame(std::string& out, Frame type, std::uint8_t flags, std::uint32_t stream,
              std::string_view payload) {
  out.append(Number(static_cast<std::uint32_t>(payload.size())), 1, 3);
  out.push_back(static_cast<char>(type));
  out.push_back(static_cast<char>(flags));
  out.append(Number(stream)).append(payload);
}

// A field that is not indexed, with a name and a value of less than 127 bytes each.
void PutField(std::string& out, std::string_view name, std::string_view value) {
  static_assert(kMessage.size() < 127);
  out.push_back('\0');
  for (const std::string_view text : {name, value}) {
    out.push_back(static_cast<char>(text.size()));
    out.append(text);
  }
}

std::string Trailers() {
  std::string block = "\x88";  // :status: 200
  PutField(block, "content-type", "application/grpc");
  PutField(block, "grpc-status", kUnimplemented);
  PutField(block, "grpc-message", kMessage);
  return block;
}

std::string GoAway(std::uint32_t last_stream, std::uint32_t error) {
  std::string out;
  PutFrame(out, kGoAway, 0, 0, Number(last_stream) + Number(error) + std::string(kMessage));
  return out;
}

}  // namespace

std::string GrpcRefusal::Feed(std::string_view bytes) {
  std::string out;
  while (!bytes.empty() && !ends_) {
    if (preface_ < kHttp2Preface.size()) {
      if (bytes.front() != kHttp2Preface[preface_]) {
        ends_ = true;
        break;
      }
      bytes.remove_prefix(1);
      if (++preface_ == kHttp2Preface.size()) PutFrame(out, kSettings, 0, 0, {});
      continue;
    }
    if (head_size_ < head_.size()) {
      head_[head_size_++] = bytes.front();
      bytes.remove_prefix(1);
      if (head_size_ == head_.size()) OnHead(out);
    } else {
      const std::size_t taken = std::min(left_, bytes.size());
      if (head_[3] == kPing) payload_.append(bytes.substr(0, taken));
      bytes.remove_prefix(taken);
      left_ -= taken;
    }
    if (head_size_ == head_.size() && left_ == 0 && !ends_) {
      OnFrame(out);
      head_size_ = 0;
      payload_.clear();
    }
  }
  return out;
}

void GrpcRefusal::OnHead(std::string& out) {
  const auto byte = [this](std::size_t i) { return static_cast<std::uint8_t>(head_[i]); };
  left_ =
      static_cast<std::size_t>(byte(0)) << 16 | static_cast<std::size_t>(byte(1)) << 8 | byte(2);
  if (left_ <= kMaxFrame && (byte(3) != kPing || left_ == kPingBytes)) return;
  out.append(GoAway(0, kFrameSizeError));
  ends_ = true;
}

void GrpcRefusal::OnFrame(std::string& out) {
  const auto byte = [this](std::size_t i) { return static_cast<std::uint8_t>(head_[i]); };
  const std::uint8_t type = byte(3), flags = byte(4);
  const std::uint32_t stream = static_cast<std::uint32_t>(byte(5) & 0x7f) << 24 |
                               static_cast<std::uint32_t>(byte(6)) << 16 |
                               static_cast<std::uint32_t>(byte(7)) << 8 | byte(8);
  switch (type) {
    case kSettings:
      if (!(flags & kAck)) PutFrame(out, kSettings, kAck, 0, {});
      break;
    case kPing:
      if (!(flags & kAck)) PutFrame(out, kPing, kAck, 0, payload_);
      break;
    case kHeaders:
    case kContinuation:
      if (!(flags & kEndHeaders)) break;
      PutFrame(out, kHeaders, kEndStream | kEndHeaders, stream, Trailers());
      // The client need not send the rest of its request.
      PutFrame(out, kResetStream, 0, stream, Number(0));
      break;
    case kGoAway:
      ends_ = true;
      break;
    default:
      break;
  }
}

}  // namespace halo
