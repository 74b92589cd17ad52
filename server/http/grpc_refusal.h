// SPDX-License-Identifier: MIT
// Answers a client that speaks gRPC to the OTLP/HTTP port: as much of HTTP/2 as it takes to fail
// each call with UNIMPLEMENTED and a message that says which variable to set, since exporters log
// that message. Sources: RFC 9113 (frames), RFC 7541 (literal fields), "gRPC over HTTP2". Does no
// I/O. Not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace halo {

// The first bytes of every HTTP/2 connection without TLS.
inline constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

class GrpcRefusal {
 public:
  // Takes the next bytes of the client, from the preface on. Returns the bytes to send.
  std::string Feed(std::string_view bytes);
  // Whether to close the connection once those are sent.
  bool ends() const { return ends_; }

 private:
  void OnHead(std::string& out);
  void OnFrame(std::string& out);

  std::size_t preface_ = 0;     // bytes of it so far
  std::array<char, 9> head_{};  // of the current frame
  std::size_t head_size_ = 0;
  std::size_t left_ = 0;  // bytes of its payload to come
  std::string payload_;   // of a PING
  bool ends_ = false;
};

}  // namespace halo
