// SPDX-License-Identifier: MIT
#include "server/http/port_owner.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "server/http/listen_address.h"
#include "server/http/message.h"

namespace halo {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPatience{1000};
constexpr std::size_t kMaxHead = 4096;

// A socket that is closed with this object.
class Socket {
 public:
  Socket(const std::string& address, std::uint16_t port) {
    addrinfo hints{}, *found = nullptr;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return;
    socket_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    ::connect(socket_, found->ai_addr, found->ai_addrlen);
    ::freeaddrinfo(found);
  }
  ~Socket() {
    if (socket_ >= 0) ::close(socket_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool Send(std::string_view bytes) {
    return Await(POLLOUT) && ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                                 static_cast<ssize_t>(bytes.size());
  }
  // The bytes until the end of the head.
  std::string ReceiveHead() {
    std::string head;
    std::array<char, 1024> bytes;
    while (head.find("\r\n\r\n") == head.npos && head.size() < kMaxHead && Await(POLLIN)) {
      const ssize_t size = ::recv(socket_, bytes.data(), bytes.size(), 0);
      if (size <= 0) break;
      head.append(bytes.data(), static_cast<std::size_t>(size));
    }
    return head;
  }

 private:
  bool Await(short event) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until_ - Clock::now()).count();
    pollfd one{socket_, event, 0};
    return socket_ >= 0 && left > 0 && ::poll(&one, 1, static_cast<int>(left)) == 1;
  }

  const Clock::time_point until_ = Clock::now() + kPatience;
  int socket_ = -1;
};

}  // namespace

PortOwner AskPortOwner(const std::string& address, std::uint16_t port) {
  const std::string host = address == "0.0.0.0" ? "127.0.0.1" : address == "::" ? "::1" : address;
  Socket socket(host, port);
  const std::string authority = UrlOf(host, port).substr(std::string_view("http://").size());
  if (!socket.Send("GET /healthz HTTP/1.1\r\nHost: " + authority +
                   "\r\nConnection: close\r\n\r\n")) {
    return {};
  }
  const std::string head = socket.ReceiveHead();
  PortOwner owner;
  for (std::size_t line = head.find("\r\n"); line != head.npos; line = head.find("\r\n", line)) {
    line += 2;
    const std::string_view field =
        std::string_view(head).substr(line, head.find("\r\n", line) - line);
    const std::size_t colon = field.find(": ");
    if (colon == field.npos || !EqualsIgnoreCase(field.substr(0, colon), kStoreField)) continue;
    owner.is_halo = true;
    owner.store = field.substr(colon + 2);
  }
  return owner;
}

}  // namespace halo
