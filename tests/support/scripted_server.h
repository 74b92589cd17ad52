// SPDX-License-Identifier: MIT
// An HTTP/1.1 server on the loopback interface whose answers a test decides, faults included. It
// ends with the object.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace halo {

struct ServedRequest {
  std::string method, target, path;               // the path is decoded
  std::multimap<std::string, std::string> query;  // decoded
  std::map<std::string, std::string> fields;      // names in lower case
  std::string body;

  // The first value of a parameter; empty if it is absent.
  std::string Get(const std::string& name) const;
  std::vector<std::string> All(const std::string& name) const;
};

struct ServedAnswer {
  int status = 200;
  std::string body = "{}";
  std::map<std::string, std::string> fields{};
  // Sends only this share of the body and resets the connection; 1: all of it.
  double share = 1;
  int delay_ms = 0;  // before the answer; ends early with the server
};

class ScriptedServer {
 public:
  using Handler = std::function<ServedAnswer(const ServedRequest&)>;
  // The handler is called by several threads, one at a time.
  explicit ScriptedServer(Handler handler);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::uint16_t port() const { return port_; }
  // The requests so far, in the order of their arrival.
  std::vector<ServedRequest> requests() const;
  // How many had this path.
  std::size_t CountOf(std::string_view path) const;

 private:
  void Accept();
  void Serve(int socket);
  bool ServeOne(int socket, std::string& held);

  const Handler handler_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::mutex handling_;
  std::vector<ServedRequest> requests_;
  std::vector<int> sockets_;
  std::vector<std::jthread> threads_;
  std::jthread acceptor_;
};

}  // namespace halo
