// SPDX-License-Identifier: MIT
// The address of --listen and --otlp. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace halo {

struct ListenAddress {
  std::string address;  // numeric, without brackets
  std::uint16_t port = 0;
};

// Parses "127.0.0.1:4318", "[::1]:4318", "localhost:4318", or a port alone, which means loopback.
// Errors name the option.
Result<ListenAddress> ParseListenAddress(std::string_view text,
                                         std::string_view option = "--listen");

// http://ADDRESS:PORT, with an IPv6 address in brackets.
std::string UrlOf(std::string_view host, std::uint16_t port);

}  // namespace halo
