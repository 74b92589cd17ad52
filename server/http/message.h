// SPDX-License-Identifier: MIT
// HTTP as the rest of the server sees it: no sockets, no parser.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace halo {

// The header fields of one request; names are without regard to case.
class HttpFields {
 public:
  virtual ~HttpFields() = default;
  // The first one of that name.
  virtual std::optional<std::string_view> Get(std::string_view name) const = 0;
  virtual std::size_t Count(std::string_view name) const = 0;
  // All of that name, with commas between them, which for a list is the same.
  virtual std::string Joined(std::string_view name) const = 0;
};

// Views live until the request is answered.
struct HttpRequest {
  std::string_view method, target;
  bool http_1_0 = false;
  const HttpFields* fields = nullptr;
  std::string_view body{};

  // Without the query and slashes at the end, and without the server where a proxy's form of the
  // target names it.
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
  std::string_view content_type{};  // empty for no body
  std::string body{};
  std::vector<std::pair<std::string_view, std::string>> fields{};
};

// Where the answer to one request goes: either one Send, or OpenStream, any Write, CloseStream.
// Thread-safe.
class HttpAnswer {
 public:
  virtual ~HttpAnswer() = default;
  virtual void Send(HttpResponse response) = 0;
  // Sends the head at once; the body is what is written.
  virtual void OpenStream(HttpResponse head) = 0;
  virtual void Write(std::string bytes) = 0;
  virtual void CloseStream() = 0;
};

// A request whose answer is not there yet. Thread-safe.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;
  // The answer takes a while: the client should hear that the request was taken.
  virtual void Linger() = 0;
  // The client has gone.
  virtual void Disconnect() = 0;
  // The server ends. `running` says whether work that will end by itself is told to stop as well.
  virtual void Stop(bool running) = 0;
};

std::string_view ReasonOf(int status);
HttpResponse TextResponse(int status, std::string text);

bool SameWord(std::string_view a, std::string_view b);  // without regard to ASCII case
// Calls `take` with each element of a list that is separated by commas, without blanks around it.
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
