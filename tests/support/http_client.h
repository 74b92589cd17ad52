// SPDX-License-Identifier: MIT
// One connection to an HTTP server on this machine, byte by byte, for tests that must say exactly
// what is sent and see exactly what is received.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace halo {

struct HttpReply {
  int status = 0;
  std::map<std::string, std::string> fields;  // names in lower case
  std::string body;                           // without the framing of chunks

  std::string Get(const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : found->second;
  }
};

class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port);
  ~HttpClient() { Close(); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // False if the server has stopped reading.
  bool Send(std::string_view bytes);
  // The next complete answer; nullopt if the connection ends first. The timeout is long enough for
  // slow machines.
  std::optional<HttpReply> Receive(bool has_body = true);
  // Only the head of the next answer, which says whether a stream follows.
  std::optional<HttpReply> ReceiveHead();
  std::optional<std::string> ReceiveBody(const HttpReply& head);
  // The data of the next event of a stream; nullopt at its end. Counts comments.
  std::optional<std::string> ReceiveEvent();
  int comments() const { return comments_; }
  // Everything until the server closes the connection, as it came.
  std::string ReceiveAll();
  // Whether the server closes the connection without sending anything more.
  bool Ends();
  void EndSending();
  // Ends pending calls. May be called from any thread.
  void Shutdown();
  void Close();

 private:
  bool Fill();
  std::optional<std::string> ReceiveChunk();

  int socket_ = -1;
  std::string buffer_, stream_;
  bool chunked_ = false;
  int comments_ = 0;
};

// A POST to /mcp as clients send it; `fields` are further header lines, each with CR LF.
std::string PostOf(std::string_view body, std::string_view fields = "");

}  // namespace halo
