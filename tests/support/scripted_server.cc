// SPDX-License-Identifier: MIT
#include "tests/support/scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace halo {
namespace {

std::string Decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  return text;
}

ServedRequest ParseHead(std::string_view head) {
  ServedRequest request;
  const std::string_view line = head.substr(0, head.find("\r\n"));
  request.method = line.substr(0, line.find(' '));
  const std::size_t begin = line.find(' ') + 1;
  request.target = line.substr(begin, line.rfind(' ') - begin);
  const std::string_view target = request.target;
  const std::size_t mark = std::min(target.find('?'), target.size());
  request.path = Decoded(target.substr(0, mark));
  std::string_view query = target.substr(std::min(mark + 1, target.size()));
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    request.query.emplace(Decoded(pair.substr(0, equals)),
                          Decoded(pair.substr(std::min(equals + 1, pair.size()))));
  }
  for (std::size_t at = line.size() + 2; at < head.size();) {
    const std::string_view field = head.substr(at, head.find("\r\n", at) - at);
    at += field.size() + 2;
    const std::size_t colon = field.find(':');
    if (colon == field.npos) continue;
    std::string_view value = field.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    request.fields[Lower(std::string(field.substr(0, colon)))] = value;
  }
  return request;
}

bool SendAll(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace

std::string ServedRequest::Get(const std::string& name) const {
  const auto found = query.find(name);
  return found == query.end() ? std::string() : found->second;
}

std::vector<std::string> ServedRequest::All(const std::string& name) const {
  std::vector<std::string> out;
  const auto [begin, end] = query.equal_range(name);
  for (auto at = begin; at != end; ++at) out.push_back(at->second);
  return out;
}

ScriptedServer::ScriptedServer(Handler handler) : handler_(std::move(handler)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     ::listen(listener_, 64) == 0 &&
                     ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (!bound) throw std::runtime_error("cannot listen on the loopback interface");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::jthread([this] { Accept(); });
}

ScriptedServer::~ScriptedServer() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  threads_.clear();
  ::close(listener_);
}

std::vector<ServedRequest> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t ScriptedServer::CountOf(std::string_view path) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(
      std::count_if(requests_.begin(), requests_.end(),
                    [path](const ServedRequest& request) { return request.path == path; }));
}

void ScriptedServer::Accept() {
  while (!stopping_) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    const std::lock_guard lock(mutex_);
    sockets_.push_back(socket);
    threads_.emplace_back([this, socket] { Serve(socket); });
  }
}

void ScriptedServer::Serve(int socket) {
  std::string held;
  while (!stopping_ && ServeOne(socket, held)) {
  }
  const std::lock_guard lock(mutex_);
  std::erase(sockets_, socket);
  ::close(socket);
}

bool ScriptedServer::ServeOne(int socket, std::string& held) {
  const auto receive = [&] {
    char buffer[4096];
    const ssize_t got = ::recv(socket, buffer, sizeof buffer, 0);
    if (got > 0) held.append(buffer, static_cast<std::size_t>(got));
    return got > 0;
  };
  std::size_t end;
  while ((end = held.find("\r\n\r\n")) == held.npos) {
    if (!receive()) return false;
  }
  ServedRequest request = ParseHead(held.substr(0, end + 2));
  held.erase(0, end + 4);
  const auto length = request.fields.find("content-length");
  const std::size_t size = length == request.fields.end() ? 0 : std::stoul(length->second);
  while (held.size() < size) {
    if (!receive()) return false;
  }
  request.body = held.substr(0, size);
  held.erase(0, size);
  ServedAnswer answer;
  {
    const std::lock_guard handling(handling_);
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    answer = handler_(request);
  }
  for (int waited = 0; waited < answer.delay_ms && !stopping_; waited += 10) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " Scripted\r\n";
  for (const auto& [name, value] : answer.fields) text.append(name + ": " + value + "\r\n");
  text.append("Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n");
  const auto sent =
      static_cast<std::size_t>(static_cast<double>(answer.body.size()) * answer.share);
  if (!SendAll(socket, text + answer.body.substr(0, sent))) return false;
  if (answer.share >= 1) return true;
  const linger now{1, 0};  // closing resets the connection
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  return false;
}

}  // namespace halo
