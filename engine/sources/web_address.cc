// SPDX-License-Identifier: MIT
#include "engine/sources/web_address.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <memory>

namespace halo {
namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;

Url Parse(std::string_view text) {
  Url url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(), 0) != CURLUE_OK) {
    return nullptr;
  }
  return url;
}

std::string Part(const Url& url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, flags) != CURLUE_OK) return {};
  std::string out = text;
  curl_free(text);
  return out;
}

// A host that is an address in itself, such as "169.254.169.254" or "[fe80::1]".
bool IsForbiddenHost(std::string host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  host = host.substr(0, host.find('%'));  // the zone
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
    return IsForbidden(reinterpret_cast<const sockaddr&>(v4));
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  return ::inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1 &&
         IsForbidden(reinterpret_cast<const sockaddr&>(v6));
}

bool IsForbiddenV4(std::uint32_t address) {
  const std::uint32_t first = address >> 24;
  return address == 0 || (address >> 16) == 0xA9FE || (first >= 224 && first < 240);
}

bool IsLoopbackHost(std::string_view host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

Error Wrong(const std::string& fault) {
  return {Code::kInvalidArgument, fault +
                                      "; expected an address such as https://cloud.langfuse.com or "
                                      "http://localhost:6006"};
}

}  // namespace

bool IsForbidden(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof v4);
    return IsForbiddenV4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return true;
  sockaddr_in6 v6;
  std::memcpy(&v6, &address, sizeof v6);
  const in6_addr& ip = v6.sin6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&ip)) {
    std::uint32_t v4;
    std::memcpy(&v4, ip.s6_addr + 12, sizeof v4);
    return IsForbiddenV4(ntohl(v4));
  }
  return IN6_IS_ADDR_LINKLOCAL(&ip) || IN6_IS_ADDR_MULTICAST(&ip) || IN6_IS_ADDR_UNSPECIFIED(&ip);
}

Result<WebAddress> ParseWebAddress(std::string_view text) {
  const Url url = Parse(text);
  if (!url) return Wrong("the address is not a URL");
  const std::string scheme = Part(url, CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") return Wrong("the address is neither http nor https");
  if (!Part(url, CURLUPART_USER).empty() || !Part(url, CURLUPART_PASSWORD).empty()) {
    return Wrong("the address contains credentials; set them in the environment or in a file");
  }
  if (!Part(url, CURLUPART_QUERY).empty() || !Part(url, CURLUPART_FRAGMENT).empty()) {
    return Wrong("the address has a query or a fragment");
  }
  const std::string name = Part(url, CURLUPART_HOST);
  if (name.empty()) return Wrong("the address has no host");
  if (IsForbiddenHost(name)) return Wrong("the address is link-local, multicast or unspecified");
  WebAddress out;
  out.loopback = IsLoopbackHost(name);
  out.host = name;
  const std::string port = Part(url, CURLUPART_PORT);
  if (!port.empty()) out.host.append(":").append(port);
  out.base = scheme + "://" + out.host + Part(url, CURLUPART_PATH);
  while (out.base.ends_with('/')) out.base.pop_back();
  return out;
}

std::string FollowRedirect(std::string_view from, std::string_view to) {
  const Url old_url = Parse(from), new_url = Parse(to);
  if (!old_url || !new_url) return {};
  const auto same = [&](CURLUPart part) {
    return Part(old_url, part, CURLU_DEFAULT_PORT) == Part(new_url, part, CURLU_DEFAULT_PORT);
  };
  if (!same(CURLUPART_SCHEME) || !same(CURLUPART_HOST) || !same(CURLUPART_PORT)) return {};
  // libcurl puts the credentials of the request there.
  curl_url_set(new_url.get(), CURLUPART_USER, nullptr, 0);
  curl_url_set(new_url.get(), CURLUPART_PASSWORD, nullptr, 0);
  return Part(new_url, CURLUPART_URL);
}

std::string UrlEncoded(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
  }
  return out;
}

}  // namespace halo
