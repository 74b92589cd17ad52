// SPDX-License-Identifier: MIT
// Asks one HTTP service, with its credentials, a few requests at a time. Requests that time out,
// are cut off, or are answered with 408, 429 or 5xx are repeated with exponential back-off and
// jitter, or when the answer's Retry-After says. Redirects are followed on the same host only.
// Link-local addresses are refused, also if a name resolves to one. No error and no log holds a
// credential.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <random>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/sources/credentials.h"
#include "engine/sources/web_address.h"

namespace halo {

struct WebPace {
  std::chrono::milliseconds connect{10'000}, request{60'000};
  std::chrono::milliseconds first_backoff{500}, longest_backoff{8'000};
  // A server that asks to wait longer ends the pull; it can be resumed later.
  std::chrono::milliseconds longest_wait{120'000};
  int attempts = 4;
};

struct WebRequest {
  std::string path;  // with its query; appended to the address
  std::string body;  // JSON; empty: GET, else POST
};

struct WebReply {
  int status = 0;    // 2xx, or an error that is not worth repeating, such as 404
  std::string body;  // decompressed
};

// An answer over kMaxReply is kUnsupported, so that a smaller page can be asked for.
inline constexpr std::size_t kMaxReply = 64 << 20;

// Not thread-safe.
class WebClient {
 public:
  // Requests in flight at once.
  static constexpr std::size_t kParallel = 4;

  WebClient(WebAddress address, Credentials credentials, WebPace pace);
  ~WebClient();
  WebClient(const WebClient&) = delete;
  WebClient& operator=(const WebClient&) = delete;

  // The answers in the order of the requests, each with its own error: kCancelled within a moment
  // of a requested stop, kUnavailable if the service could not be reached, or answered 408, 429 or
  // 5xx to every attempt. Any other answer is a reply; see StatusError.
  std::vector<Result<WebReply>> GetAll(std::span<const WebRequest> requests,
                                       const std::stop_token& stop);
  Result<WebReply> Get(const WebRequest& request, const std::stop_token& stop);

  const WebAddress& address() const { return address_; }
  // The error for a reply that is not 2xx. `what` was asked for: "traces".
  Error StatusError(int status, std::string_view what) const;

 private:
  struct Transfer;
  void Start(Transfer& transfer);
  void Finish(Transfer& transfer, int curl_code);
  void Repeat(Transfer& transfer, Error last, std::chrono::milliseconds asked);
  void Redirect(Transfer& transfer);
  std::chrono::milliseconds Backoff(int attempt);

  const WebAddress address_;
  const Credentials credentials_;
  const WebPace pace_;
  void* multi_;  // CURLM*
  std::mt19937_64 random_;
};

}  // namespace halo
