// SPDX-License-Identifier: MIT
#include "server/http/access.h"

#include <algorithm>

#include "engine/base/ascii.h"
#include "server/http/otlp_endpoint.h"
#include "server/protocol/base64.h"

namespace halo {
namespace {

// The host in "host", "host:port", "[v6]" or "[v6]:port"; empty if `authority` is malformed.
std::string_view HostOf(std::string_view authority) {
  const std::size_t end = authority.starts_with('[')
                              ? authority.find(']') + 1
                              : std::min(authority.find(':'), authority.size());
  const std::string_view port = authority.substr(end);
  const auto in_name = [](char c) { return ascii::IsAlnum(c) || c == '-' || c == '.' || c == '_'; };
  const auto in_address = [](char c) { return ascii::IsHex(c) || c == ':' || c == '.'; };
  std::string_view inner = authority.substr(0, end);
  const bool bracketed = inner.starts_with('[');
  if (bracketed) inner = inner.substr(1, end - 2);
  const bool valid = bracketed ? std::all_of(inner.begin(), inner.end(), in_address)
                               : std::all_of(inner.begin(), inner.end(), in_name);
  const bool valid_port =
      port.empty() || (port.size() > 1 && port.front() == ':' &&
                       port.find_first_not_of("0123456789", 1) == std::string_view::npos);
  return valid && valid_port ? authority.substr(0, end) : std::string_view();
}

bool IsLoopbackName(std::string_view host) {
  return EqualsIgnoreCase(host, "localhost") || host == "127.0.0.1" || host == "[::1]";
}

// The authority of a web origin; empty for "null" and for schemes other than http and https.
std::string_view AuthorityOf(std::string_view origin) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.size() > scheme.size() &&
        EqualsIgnoreCase(origin.substr(0, scheme.size()), scheme)) {
      return origin.substr(scheme.size());
    }
  }
  return {};
}

bool IsTelemetry(std::string_view path) {
  return path.starts_with("/v1/") || OtlpEndpoint::SignalOf(path).has_value();
}

// Langfuse's SDK sends Basic credentials only: its secret key is the password.
bool HasBasicPassword(std::string_view credentials, std::string_view secret) {
  constexpr std::string_view kScheme = "Basic ";
  if (credentials.size() <= kScheme.size() ||
      !EqualsIgnoreCase(credentials.substr(0, kScheme.size()), kScheme)) {
    return false;
  }
  const auto decoded = DecodeBase64(credentials.substr(kScheme.size()));
  const std::size_t colon = decoded ? decoded->find(':') : std::string::npos;
  return colon != std::string::npos && SameSecret(decoded->substr(colon + 1), secret);
}

bool IsOpen(const HttpRequest& request) {
  return request.path() == "/healthz" || request.path().starts_with(kResourceMetadataPath) ||
         request.method == "OPTIONS";
}

}  // namespace

bool SameSecret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  // Volatile, so that the compiler cannot return at the first difference.
  volatile unsigned char differs = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    differs = static_cast<unsigned char>(differs | (a[i] ^ b[i]));
  }
  return differs == 0;
}

std::optional<HttpResponse> AccessRules::Refuse(const HttpRequest& request) const {
  if (auto refusal = RefuseHost(request)) return refusal;
  if (auto refusal = RefuseOrigin(request)) return refusal;
  return RefuseToken(request);
}

std::optional<HttpResponse> AccessRules::RefuseHost(const HttpRequest& request) const {
  const std::size_t count = request.fields->Count("Host");
  if (count == 0 && request.http_1_0) return std::nullopt;  // browsers always send one
  if (count == 0) return TextResponse(400, "Missing Host header.");
  if (count > 1) return TextResponse(400, "More than one Host header.");
  const std::string_view host = HostOf(*request.Get("Host"));
  if (host.empty()) {
    return TextResponse(400, "Invalid Host header: expected a host name or an IP address.");
  }
  if (!options_.loopback || IsLoopbackName(host)) return std::nullopt;
  const auto names = [&](const std::string& origin) {
    return EqualsIgnoreCase(HostOf(AuthorityOf(origin)), host);
  };
  if (std::any_of(options_.allowed_origins.begin(), options_.allowed_origins.end(), names)) {
    return std::nullopt;
  }
  return TextResponse(403,
                      "Host not allowed. This server accepts local requests only: Host must be "
                      "localhost, 127.0.0.1, [::1] or the host of an --allow-origin.");
}

bool AccessRules::IsAllowed(std::string_view origin) const {
  return std::any_of(options_.allowed_origins.begin(), options_.allowed_origins.end(),
                     [&](const std::string& allowed) { return EqualsIgnoreCase(allowed, origin); });
}

std::optional<HttpResponse> AccessRules::RefuseOrigin(const HttpRequest& request) const {
  const std::size_t count = request.fields->Count("Origin");
  if (count == 0) return std::nullopt;
  const std::string_view origin = *request.Get("Origin");
  if (count == 1 && IsAllowed(origin)) return std::nullopt;
  // A web page served from this machine may query, but must not be able to inject traces.
  if (count == 1 && !IsTelemetry(request.path()) && IsLoopbackName(HostOf(AuthorityOf(origin)))) {
    return std::nullopt;
  }
  return TextResponse(403,
                      "Origin not allowed. To allow it, start halo-mcp serve with --allow-origin "
                      "ORIGIN.");
}

std::optional<HttpResponse> AccessRules::RefuseToken(const HttpRequest& request) const {
  if (options_.token.empty() || IsOpen(request)) return std::nullopt;
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view given = request.Get("Authorization").value_or("");
  const bool one = request.fields->Count("Authorization") == 1;
  if (one && given.size() > kScheme.size() &&
      EqualsIgnoreCase(given.substr(0, kScheme.size()), kScheme) &&
      SameSecret(given.substr(kScheme.size()), options_.token)) {
    return std::nullopt;
  }
  if (one && IsTelemetry(request.path()) && HasBasicPassword(given, options_.token)) {
    return std::nullopt;
  }
  std::string challenge = "Bearer";
  if (!options_.authorization_server.empty()) {
    const std::string host(request.Get("Host").value_or("localhost"));
    challenge +=
        " resource_metadata=\"http://" + host + std::string(kResourceMetadataPath) + "/mcp\"";
  }
  if (!given.empty()) {
    challenge += challenge.size() > 6 ? ", " : " ";
    challenge += "error=\"invalid_token\"";
  }
  HttpResponse response = TextResponse(
      401,
      std::string(given.empty() ? "Missing" : "Invalid") +
          " bearer token. Send the header Authorization: Bearer TOKEN, where TOKEN is the content "
          "of the server's --token-file.");
  response.fields.emplace_back("WWW-Authenticate", std::move(challenge));
  return response;
}

void AccessRules::AllowOrigin(const HttpRequest& request, HttpResponse& response) const {
  const auto origin = request.Get("Origin");
  if (!origin) return;
  response.fields.emplace_back("Access-Control-Allow-Origin", std::string(*origin));
  response.fields.emplace_back("Access-Control-Expose-Headers", "Mcp-Session-Id, WWW-Authenticate");
  response.fields.emplace_back("Vary", "Origin");
}

std::optional<HttpResponse> AccessRules::ResourceMetadata(const HttpRequest& request) const {
  const std::string_view path = request.path();
  const bool whole = path == kResourceMetadataPath;
  if (options_.authorization_server.empty() ||
      (!whole && path != std::string(kResourceMetadataPath) + "/mcp")) {
    return std::nullopt;
  }
  const std::string host(request.Get("Host").value_or("localhost"));
  return HttpResponse{200,
                      "application/json",
                      "{\"resource\":\"http://" + host + "/mcp\",\"authorization_servers\":[\"" +
                          options_.authorization_server +
                          "\"],\"bearer_methods_supported\":[\"header\"],"
                          "\"resource_name\":\"halo-mcp\"}",
                      {}};
}

}  // namespace halo
