// SPDX-License-Identifier: MIT
// The address of a service on the network. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"

struct sockaddr;

namespace halo {

struct WebAddress {
  std::string base;  // "https://host:port/prefix", without a slash at its end
  std::string host;  // as in a message: "host" or "host:port"
  bool loopback = false;
};

// kInvalidArgument for anything but an http or https URL without credentials, query and fragment,
// and for the address of a link-local host, such as a cloud's metadata service. The message does
// not repeat credentials.
Result<WebAddress> ParseWebAddress(std::string_view url);

// Whether a socket may not be opened to this address: link-local, multicast or unspecified, also as
// an IPv4 address mapped into IPv6.
bool IsForbidden(const sockaddr& address);

// Where a redirect from `from` to `to` leads: the URL to ask next, if it has the same host and port
// and is no less protected; else empty. Both are whole URLs.
std::string FollowRedirect(std::string_view from, std::string_view to);

// Text for a query or path: everything but letters, digits and "-._~" is percent-encoded.
std::string UrlEncoded(std::string_view text);

}  // namespace halo
