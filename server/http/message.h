// SPDX-License-Identifier: MIT
// HTTP requests and responses, independent of sockets and of the parser.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace halo {

// The header fields of one request. Names are case-insensitive.
class HttpFields {
 public:
  virtual ~HttpFields() = default;
  // The first field of that name.
  virtual std::optional<std::string_view> Get(std::string_view name) const = 0;
  virtual std::size_t Count(std::string_view name) const = 0;
  // The values of all fields of that name, joined with commas (RFC 9110, 5.3).
  virtual std::string Joined(std::string_view name) const = 0;
};

// Views live until the request is answered.
struct HttpRequest {
  std::string_view method, target;
  bool http_1_0 = false;
  const HttpFields* fields = nullptr;
  std::string_view body{};

  // The path of the target, without query and trailing slashes. The target may be in absolute form,
  // as proxies receive it.
  std::string_view path() const {
    constexpr std::string_view kScheme = "http://";
    std::string_view path = target.substr(0, target.find('?'));
    if (path.starts_with(kScheme)) {
      const std::size_t slash = path.find('/', kScheme.size());
      path = slash == path.npos ? "/" : path.substr(slash);
    }
    while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    return path;
  }
  std::optional<std::string_view> Get(std::string_view name) const { return fields->Get(name); }
};

struct HttpResponse {
  int status = 200;
  std::string_view content_type{};  // empty: no body
  std::string body{};
  std::vector<std::pair<std::string_view, std::string>> fields{};
};

// Sends the answer to one request: either Send once, or OpenStream, any number of Write, then
// CloseStream. Thread-safe.
class HttpAnswer {
 public:
  virtual ~HttpAnswer() = default;
  virtual void Send(HttpResponse response) = 0;
  // Sends the head immediately; Write supplies the body.
  virtual void OpenStream(HttpResponse head) = 0;
  virtual void Write(std::string bytes) = 0;
  virtual void CloseStream() = 0;
};

// A request that is not answered yet. Thread-safe.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;
  // The answer is taking a while: let the client know that the request was accepted.
  virtual void Linger() = 0;
  // The client has disconnected.
  virtual void Disconnect() = 0;
  // The server is shutting down. `running` also stops calls that would end by themselves.
  virtual void Stop(bool running) = 0;
};

std::string_view ReasonOf(int status);
HttpResponse TextResponse(int status, std::string text);

// Compares without regard to ASCII case.
bool EqualsIgnoreCase(std::string_view a, std::string_view b);
// Calls `take` with each element of a comma-separated list, trimmed.
template <class Take>
void ForEachElement(std::string_view list, Take take) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    std::string_view element = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    while (element.starts_with(' ') || element.starts_with('\t')) element.remove_prefix(1);
    while (element.ends_with(' ') || element.ends_with('\t')) element.remove_suffix(1);
    if (!element.empty()) take(element);
  }
}

}  // namespace halo
