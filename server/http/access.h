// SPDX-License-Identifier: MIT
// Access control: the checks of Host, Origin and bearer token that every route passes before
// anything else. They keep web pages from reaching a server on the user's machine (DNS rebinding,
// cross-site requests) and protect a server that other machines can reach. Immutable; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/message.h"

namespace halo {

struct AccessOptions {
  bool loopback = true;                      // bound to loopback: Host must be a loopback name
  std::vector<std::string> allowed_origins;  // for example https://app.example.com
  std::string token;                         // empty: no token is required
  std::string authorization_server;          // URL; empty: none
};

inline constexpr std::string_view kResourceMetadataPath = "/.well-known/oauth-protected-resource";

class AccessRules {
 public:
  explicit AccessRules(AccessOptions options) : options_(std::move(options)) {}

  // The error response if the request is refused, else empty.
  std::optional<HttpResponse> Refuse(const HttpRequest& request) const;
  // Adds the CORS headers that let a page of an allowed origin read the response.
  void AllowOrigin(const HttpRequest& request, HttpResponse& response) const;
  // OAuth protected resource metadata (RFC 9728). Empty if no authorization server is configured or
  // the path is a different one.
  std::optional<HttpResponse> ResourceMetadata(const HttpRequest& request) const;

 private:
  std::optional<HttpResponse> RefuseHost(const HttpRequest& request) const;
  std::optional<HttpResponse> RefuseOrigin(const HttpRequest& request) const;
  std::optional<HttpResponse> RefuseToken(const HttpRequest& request) const;
  bool IsAllowed(std::string_view origin) const;

  const AccessOptions options_;
};

// Compares in constant time for texts of equal length.
bool SameSecret(std::string_view a, std::string_view b);

}  // namespace halo
