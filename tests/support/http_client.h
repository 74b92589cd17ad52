// SPDX-License-Identifier: MIT
// One connection to an HTTP server on this machine, byte by byte, for tests that must say exactly
// what is sent and see exactly what comes back.
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

  // False where the server no longer reads.
  bool Send(std::string_view bytes);
  // The next whole answer. Nothing where the connection ends first. Waits long enough for any
  // machine.
  std::optional<HttpReply> Receive(bool has_body = true);
  // Its head alone, which says whether a stream follows.
  std::optional<HttpReply> ReceiveHead();
  std::optional<std::string> ReceiveBody(const HttpReply& head);
  // The data of the stream's next event; nothing at its end. Comments are counted.
  std::optional<std::string> ReceiveEvent();
  int comments() const { return comments_; }
  // Whether the server closes the connection and has sent nothing more.
  bool Ends();
  void EndSending();
  // From any thread; what waits ends.
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

// A POST to /mcp with all that a client sends; `fields` is lines that end with CR LF.
std::string PostOf(std::string_view body, std::string_view fields = "");

}  // namespace halo
