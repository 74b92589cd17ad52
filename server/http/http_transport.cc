// SPDX-License-Identifier: MIT
#include "server/http/http_transport.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <utility>

#include "server/http/tcp/listener.h"

namespace halo {

struct HttpServer::Impl : HttpListener {
  using HttpListener::HttpListener;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() { Stop(); }

Result<std::unique_ptr<HttpServer>> HttpServer::Start(HttpService& service,
                                                      const HttpOptions& options) {
  auto impl = std::make_unique<Impl>(service, options);
  if (Result<void> listening = impl->Listen(); !listening) return listening.error();
  impl->Run();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

std::uint16_t HttpServer::port() const { return impl_->port(); }

bool HttpServer::Stop() { return impl_->Stop(); }

Result<bool> IsLoopback(const std::string& address) {
  in_addr v4{};
  in6_addr v6{};
  if (::inet_pton(AF_INET, address.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
  if (::inet_pton(AF_INET6, address.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6) != 0;
  return Error{Code::kInvalidArgument, address + " is not an IP address"};
}

}  // namespace halo
