// SPDX-License-Identifier: MIT
#include "server/session/client_roots.h"

#include <boost/json/array.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace halo {
namespace {

constexpr std::chrono::seconds kPatience(3);

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

std::string PathOfFileUri(std::string_view uri) {
  constexpr std::string_view kScheme = "file://", kLocal = "localhost";
  if (!uri.starts_with(kScheme)) return {};
  uri.remove_prefix(kScheme.size());
  if (uri.starts_with(kLocal)) uri.remove_prefix(kLocal.size());
  if (!uri.starts_with('/')) return {};
  std::string path;
  for (std::size_t i = 0; i < uri.size(); ++i) {
    if (uri[i] != '%') {
      path += uri[i];
      continue;
    }
    const int high = i + 2 < uri.size() ? HexDigit(uri[i + 1]) : -1;
    const int low = i + 2 < uri.size() ? HexDigit(uri[i + 2]) : -1;
    if (high < 0 || low < 0 || high + low == 0) return {};
    path += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return path;
}

std::vector<std::string> RootsOfClient(const Client& client, const std::stop_token& stop) {
  std::vector<std::string> out;
  if (!client.Can("roots") || !client.ask || stop.stop_requested()) return out;
  std::stop_source give_up;
  const std::stop_callback forward(stop, [&give_up] { give_up.request_stop(); });
  std::jthread timer([&give_up](std::stop_token answered) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait_for(lock, answered, kPatience, [] { return false; });
    if (!answered.stop_requested()) give_up.request_stop();
  });
  const RpcResult answer = client.ask("roots/list", {}, give_up.get_token());
  timer.request_stop();
  if (!answer) return out;
  const boost::json::value* const roots = answer->if_contains("roots");
  if (!roots || !roots->is_array()) return out;
  for (const boost::json::value& root : roots->get_array()) {
    const boost::json::object* const object = root.if_object();
    const boost::json::value* const uri = object ? object->if_contains("uri") : nullptr;
    if (!uri || !uri->is_string()) continue;
    std::string path = PathOfFileUri(std::string_view(uri->get_string()));
    if (!path.empty() && path != "/") out.push_back(std::move(path));
  }
  return out;
}

}  // namespace halo
