// SPDX-License-Identifier: MIT
#include "tests/support/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>
#include <utility>

namespace halo {

HttpClient::HttpClient(std::uint16_t port)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{60, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    Close();
    throw std::runtime_error("the server does not take connections");
  }
}

bool HttpClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool HttpClient::Fill() {
  std::array<char, 16384> bytes;
  const ssize_t size = ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (size <= 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(size));
  return true;
}

std::optional<HttpReply> HttpClient::ReceiveHead() {
  std::size_t end;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return std::nullopt;
  }
  std::string head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  HttpReply reply;
  reply.status = std::stoi(head.substr(head.find(' ') + 1));
  for (std::size_t line = head.find("\r\n") + 2; line < head.size();) {
    const std::size_t colon = head.find(": ", line), next = head.find("\r\n", line);
    std::string name = head.substr(line, colon - line);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    reply.fields[name] = head.substr(colon + 2, next - colon - 2);
    line = next + 2;
  }
  chunked_ = reply.Get("transfer-encoding") == "chunked";
  return reply;
}

// Returns an empty string at the end of the stream.
std::optional<std::string> HttpClient::ReceiveChunk() {
  if (!chunked_) {
    if (buffer_.empty() && !Fill()) return std::nullopt;
    return std::exchange(buffer_, {});
  }
  std::size_t line;
  while ((line = buffer_.find("\r\n")) == std::string::npos) {
    if (!Fill()) return std::nullopt;
  }
  const std::size_t size = std::stoul(buffer_.substr(0, line), nullptr, 16);
  while (buffer_.size() < line + 2 + size + 2) {
    if (!Fill()) return std::nullopt;
  }
  std::string data = buffer_.substr(line + 2, size);
  buffer_.erase(0, line + 2 + size + 2);
  if (size == 0) return std::nullopt;
  return data;
}

std::optional<std::string> HttpClient::ReceiveBody(const HttpReply& head) {
  if (head.status == 204 || head.status == 100) return "";
  std::string body;
  if (const std::string length = head.Get("content-length"); !length.empty()) {
    const std::size_t size = std::stoul(length);
    while (buffer_.size() < size) {
      if (!Fill()) return std::nullopt;
    }
    body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return body;
  }
  while (std::optional<std::string> chunk = ReceiveChunk()) body += *chunk;
  return body;
}

std::optional<HttpReply> HttpClient::Receive(bool has_body) {
  std::optional<HttpReply> reply = ReceiveHead();
  if (!reply || !has_body) return reply;
  std::optional<std::string> body = ReceiveBody(*reply);
  if (!body) return std::nullopt;
  reply->body = std::move(*body);
  return reply;
}

std::optional<std::string> HttpClient::ReceiveEvent() {
  while (true) {
    std::size_t end;
    while ((end = stream_.find("\n\n")) == std::string::npos) {
      std::optional<std::string> chunk = ReceiveChunk();
      if (!chunk) return std::nullopt;
      stream_ += *chunk;
    }
    const std::string event = stream_.substr(0, end);
    stream_.erase(0, end + 2);
    if (event.starts_with(':')) {
      ++comments_;
      continue;
    }
    const std::string data = "\ndata: ";
    return event.substr(event.find(data) + data.size());
  }
}

std::string HttpClient::ReceiveAll() {
  while (Fill()) {
  }
  return std::exchange(buffer_, {});
}

bool HttpClient::Ends() { return buffer_.empty() && !Fill() && buffer_.empty(); }

void HttpClient::EndSending() { ::shutdown(socket_, SHUT_WR); }

void HttpClient::Shutdown() { ::shutdown(socket_, SHUT_RDWR); }

void HttpClient::Close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

std::string PostOf(std::string_view body, std::string_view fields) {
  return "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
         "Accept: application/json, text/event-stream\r\n" +
         std::string(fields) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

}  // namespace halo
