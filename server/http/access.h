// SPDX-License-Identifier: MIT
// Who may ask at all: the rules on Host, Origin and token that hold on every route, judged before
// anything else of a request. They keep web pages from reaching a server on the user's machine
// (DNS rebinding, cross-site requests), and others from reaching one that is not local. Pure after
// construction; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/message.h"

namespace halo {

struct AccessOptions {
  bool loopback = true;                      // bound to this machine only: Host must be its name
  std::vector<std::string> allowed_origins;  // such as https://app.example.com
  std::string token;                         // empty: none is asked for
  std::string authorization_server;          // URL; empty: none
};

inline constexpr std::string_view kResourceMetadataPath = "/.well-known/oauth-protected-resource";

class AccessRules {
 public:
  explicit AccessRules(AccessOptions options) : options_(std::move(options)) {}

  // The refusal of a request; empty if it may go on.
  std::optional<HttpResponse> Refuse(const HttpRequest& request) const;
  // Adds what a page of an allowed origin needs to read the response.
  void AllowOrigin(const HttpRequest& request, HttpResponse& response) const;
  // RFC 9728; empty where no authorization server is configured or the path is another.
  std::optional<HttpResponse> ResourceMetadata(const HttpRequest& request) const;

 private:
  std::optional<HttpResponse> RefuseHost(const HttpRequest& request) const;
  std::optional<HttpResponse> RefuseOrigin(const HttpRequest& request) const;
  std::optional<HttpResponse> RefuseToken(const HttpRequest& request) const;
  bool IsAllowed(std::string_view origin) const;

  const AccessOptions options_;
};

// Takes the same time wherever two texts of one length differ.
bool SameSecret(std::string_view a, std::string_view b);

}  // namespace halo
