// SPDX-License-Identifier: MIT
#include "tests/bench/http_load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <optional>

#include "tests/bench/measure.h"

namespace halo::bench {
namespace {

int Connect(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    Fail("cannot connect to port " + std::to_string(port));
  }
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

bool SendAll(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

struct Answer {
  int status = 0;
  std::string_view body;
  std::size_t size = 0;  // of head and body
};

// The first complete answer in `bytes`. A chunked body includes its framing.
std::optional<Answer> FindAnswer(std::string_view bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == bytes.npos) return std::nullopt;
  const std::string_view head = bytes.substr(0, end + 2);
  Answer answer;
  answer.status = std::atoi(std::string(head.substr(head.find(' ') + 1, 3)).c_str());
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  if (const std::size_t at = head.find(kLength); at != head.npos) {
    const std::size_t length = std::strtoul(head.data() + at + kLength.size(), nullptr, 10);
    answer.size = end + 4 + length;
    if (bytes.size() < answer.size) return std::nullopt;
    answer.body = bytes.substr(end + 4, length);
    return answer;
  }
  if (head.find("\r\nTransfer-Encoding: chunked") == head.npos) return std::nullopt;
  const std::size_t last = bytes.find("\r\n0\r\n\r\n", end + 2);
  if (last == bytes.npos) return std::nullopt;
  answer.body = bytes.substr(end + 4, last - end - 4);
  answer.size = last + 7;
  return answer;
}

struct Connection {
  int socket = -1;
  std::string received;
  double sent_at = 0;
  bool waits = false;
};

class Loader {
 public:
  explicit Loader(const Load& load)
      : load_(load), connections_(static_cast<std::size_t>(load.connections)) {}

  LoadResult Run() {
    poll_ = ::epoll_create1(EPOLL_CLOEXEC);
    for (Connection& connection : connections_) Open(connection);
    const double begin = WallSeconds();
    for (Connection& connection : connections_) Ask(connection);
    double now = begin;
    while (now - begin < load_.seconds && (!load_.goes_on || load_.goes_on())) {
      Take(100);
      now = WallSeconds();
    }
    result_.seconds = now - begin;
    const std::uint64_t in_time = result_.answered;
    // Wait for pending answers: this counts answers that are lost.
    stopping_ = true;
    for (int i = 0; i < 300 && Waiting() > 0; ++i) Take(100);
    result_.lost += Waiting();
    result_.answered = in_time;
    for (const Connection& connection : connections_) ::close(connection.socket);
    ::close(poll_);
    return std::move(result_);
  }

 private:
  void Open(Connection& connection) {
    connection.socket = Connect(load_.port);
    epoll_event event{EPOLLIN, {&connection}};
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, connection.socket, &event);
  }

  void Ask(Connection& connection) {
    connection.waits = true;
    connection.sent_at = WallSeconds();
    if (!SendAll(connection.socket, load_.request)) Reopen(connection);
  }

  // The server has closed the connection; a pending request is lost.
  void Reopen(Connection& connection) {
    if (connection.waits) ++result_.lost;
    ::close(connection.socket);
    connection = {};
    Open(connection);
  }

  std::uint64_t Waiting() const {
    std::uint64_t count = 0;
    for (const Connection& connection : connections_) count += connection.waits ? 1 : 0;
    return count;
  }

  void Take(int milliseconds) {
    std::array<epoll_event, 64> events;
    const int count = ::epoll_wait(poll_, events.data(), events.size(), milliseconds);
    for (int i = 0; i < count; ++i) Receive(*static_cast<Connection*>(events[i].data.ptr));
  }

  void Receive(Connection& connection) {
    std::array<char, 65536> bytes;
    const ssize_t size = ::recv(connection.socket, bytes.data(), bytes.size(), 0);
    if (size <= 0) {
      Reopen(connection);
      if (!stopping_) Ask(connection);
      return;
    }
    connection.received.append(bytes.data(), static_cast<std::size_t>(size));
    const std::optional<Answer> answer = FindAnswer(connection.received);
    if (!answer) return;
    ++result_.answered;
    ++result_.status[answer->status];
    result_.latencies.push_back(WallSeconds() - connection.sent_at);
    if (!first_body_) first_body_ = answer->body;
    if (answer->body != *first_body_) ++result_.wrong;
    connection.received.clear();
    connection.waits = false;
    if (!stopping_) Ask(connection);
  }

  const Load& load_;
  std::vector<Connection> connections_;
  LoadResult result_;
  std::optional<std::string> first_body_;
  int poll_ = -1;
  bool stopping_ = false;
};

}  // namespace

LoadResult RunLoad(const Load& load) { return Loader(load).Run(); }

std::string AskOnce(std::uint16_t port, std::string_view request, int* status) {
  const int socket = ConnectAndSend(port, request);
  std::string received, body;
  std::array<char, 65536> bytes;
  for (ssize_t size; (size = ::recv(socket, bytes.data(), bytes.size(), 0)) > 0;) {
    received.append(bytes.data(), static_cast<std::size_t>(size));
    const std::optional<Answer> answer = FindAnswer(received);
    if (!answer) continue;
    body = answer->body;
    if (status) *status = answer->status;
    break;
  }
  ::close(socket);
  return body;
}

int ConnectAndSend(std::uint16_t port, std::string_view bytes) {
  const int socket = Connect(port);
  const timeval limit{60, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  SendAll(socket, bytes);
  return socket;
}

}  // namespace halo::bench
