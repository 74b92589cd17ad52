// SPDX-License-Identifier: MIT
#include "server/http/listen_address.h"

#include <charconv>

namespace halo {

Result<ListenAddress> ParseListenAddress(std::string_view text, std::string_view option) {
  const Error wrong{Code::kInvalidArgument,
                    std::string(option) + " " + std::string(text) +
                        ": expected ADDRESS:PORT, such as 127.0.0.1:4318 or [::1]:4318"};
  const std::size_t colon = text.rfind(':');
  std::string_view host = colon == text.npos ? "127.0.0.1" : text.substr(0, colon);
  const std::string_view port = colon == text.npos ? text : text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != host.npos) {
    return wrong;
  }
  if (host == "localhost") host = "127.0.0.1";
  ListenAddress out{std::string(host), 0};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (host.empty() || error != std::errc() || end != port.data() + port.size()) return wrong;
  return out;
}

std::string UrlOf(std::string_view host, std::uint16_t port) {
  const bool v6 = host.find(':') != host.npos;
  return "http://" + (v6 ? "[" + std::string(host) + "]" : std::string(host)) + ":" +
         std::to_string(port);
}

}  // namespace halo
