// SPDX-License-Identifier: MIT
#include "engine/sources/web_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <optional>
#include <utility>

namespace halo {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// How often a stop is looked for, if nothing else happens.
constexpr int kPollMs = 100;
constexpr int kMaxRedirects = 3;

// TLS writes to sockets that the server may have closed. The signal of such a write goes to the
// writing thread, which needs no process-wide handler.
class WithoutSigpipe {
 public:
  WithoutSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~WithoutSigpipe() {
    const timespec now{};
    while (sigtimedwait(&pipe_, nullptr, &now) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

 private:
  sigset_t pipe_, before_;
};

bool IsWorthRepeating(int status) { return status == 408 || status == 429 || status >= 500; }

bool IsWorthRepeating(CURLcode code) {
  return code != CURLE_PEER_FAILED_VERIFICATION && code != CURLE_UNSUPPORTED_PROTOCOL &&
         code != CURLE_URL_MALFORMAT && code != CURLE_SSL_CACERT_BADFILE;
}

}  // namespace

struct WebClient::Transfer {
  std::string url, body;
  CURL* easy = nullptr;
  curl_slist* fields = nullptr;
  WebReply reply;
  std::optional<Result<WebReply>> result;
  Clock::time_point not_before{};
  int attempts = 0, redirects = 0;
  bool running = false, too_large = false, forbidden = false;

  Transfer() = default;
  Transfer(Transfer&& other) = delete;
  ~Transfer() {
    curl_easy_cleanup(easy);
    curl_slist_free_all(fields);
  }

  static std::size_t Write(const char* bytes, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    if (transfer.reply.body.size() + size * count > kMaxReply) {
      transfer.too_large = true;
      return 0;
    }
    transfer.reply.body.append(bytes, size * count);
    return size * count;
  }

  static curl_socket_t OpenSocket(void* self, curlsocktype, curl_sockaddr* address) {
    if (IsForbidden(address->addr)) {
      static_cast<Transfer*>(self)->forbidden = true;
      return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  }
};

WebClient::WebClient(WebAddress address, Credentials credentials, WebPace pace)
    : address_(std::move(address)),
      credentials_(std::move(credentials)),
      pace_(pace),
      multi_(curl_multi_init()),
      random_(std::random_device{}()) {}

WebClient::~WebClient() { curl_multi_cleanup(multi_); }

Error WebClient::StatusError(int status, std::string_view what) const {
  const std::string answered =
      address_.host + " answered HTTP " + std::to_string(status) + " for " + std::string(what);
  if (status == 401 || status == 403) {
    return {Code::kInvalidArgument,
            answered +
                ": the credentials are wrong, or do not allow it. Check the keys, and that the "
                "address is that of their region or server"};
  }
  if (status == 404 || status == 405) {
    return {Code::kNotFound, answered +
                                 ": there is no such thing there. Check the address (it must be "
                                 "the service's own, without a path) and the names in the filter"};
  }
  return {Code::kUnavailable, answered};
}

milliseconds WebClient::Backoff(int attempt) {
  const double longest = static_cast<double>(pace_.longest_backoff.count());
  const double base =
      std::min(longest, static_cast<double>(pace_.first_backoff.count()) * std::exp2(attempt - 1));
  return milliseconds(
      std::llround(base * std::uniform_real_distribution<double>(0.5, 1.5)(random_)));
}

void WebClient::Start(Transfer& transfer) {
  if (!transfer.easy) transfer.easy = curl_easy_init();
  CURL* const easy = transfer.easy;
  curl_easy_reset(easy);
  transfer.reply = {};
  transfer.too_large = transfer.forbidden = false;
  ++transfer.attempts;
  curl_easy_setopt(easy, CURLOPT_URL, transfer.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a stop does not wait for a name server
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(pace_.connect.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(pace_.request.count()));
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");  // what libcurl can decode
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "halo-mcp");
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::Write);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Transfer::OpenSocket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
  if (address_.loopback) curl_easy_setopt(easy, CURLOPT_PROXY, "");
  if (!credentials_.user.empty()) {
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(easy, CURLOPT_USERNAME, credentials_.user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, credentials_.secret.c_str());
  } else if (!credentials_.secret.empty()) {
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
    curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, credentials_.secret.c_str());
  }
  if (!transfer.fields) {
    transfer.fields = curl_slist_append(nullptr, "Accept: application/json");
    if (!transfer.body.empty()) {
      transfer.fields = curl_slist_append(transfer.fields, "Content-Type: application/json");
    }
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.fields);
  if (!transfer.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(transfer.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, transfer.body.c_str());
  }
  transfer.running = true;
  curl_multi_add_handle(multi_, easy);
}

void WebClient::Redirect(Transfer& transfer) {
  char* location = nullptr;
  curl_easy_getinfo(transfer.easy, CURLINFO_REDIRECT_URL, &location);
  std::string next = location ? FollowRedirect(transfer.url, location) : std::string();
  if (!next.empty() && ++transfer.redirects <= kMaxRedirects) {
    transfer.url = std::move(next);
    --transfer.attempts;
    return;
  }
  transfer.result = Error{Code::kInvalidArgument,
                          address_.host +
                              " redirects to another address, which is not followed because the "
                              "credentials are for this one. Set the address where the service "
                              "really is"};
}

void WebClient::Repeat(Transfer& transfer, Error last, milliseconds asked) {
  if (asked > pace_.longest_wait) {
    last.message += " and asks to wait for " + std::to_string(asked.count() / 1000) +
                    " s; run it again after that";
    transfer.result = std::move(last);
  } else if (transfer.attempts >= pace_.attempts) {
    last.message += ", " + std::to_string(transfer.attempts) + " times";
    transfer.result = std::move(last);
  } else {
    const milliseconds backoff = Backoff(transfer.attempts);
    transfer.not_before = Clock::now() + (asked.count() > 0 ? asked + backoff / 10 : backoff);
  }
}

void WebClient::Finish(Transfer& transfer, int curl_code) {
  const auto code = static_cast<CURLcode>(curl_code);
  transfer.running = false;
  if (transfer.too_large) {
    transfer.result = Error{Code::kUnsupported, address_.host + ": an answer is over 64 MB"};
    return;
  }
  if (transfer.forbidden) {
    transfer.result = Error{
        Code::kInvalidArgument,
        address_.host + " is a link-local, multicast or unspecified address, which is refused"};
    return;
  }
  if (code != CURLE_OK) {
    Error error{Code::kUnavailable,
                "cannot reach " + address_.host + ": " + curl_easy_strerror(code)};
    if (IsWorthRepeating(code)) return Repeat(transfer, std::move(error), {});
    transfer.result = std::move(error);
    return;
  }
  long status = 0;
  curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
  transfer.reply.status = static_cast<int>(status);
  if (status >= 300 && status < 400) return Redirect(transfer);
  if (IsWorthRepeating(transfer.reply.status)) {
    curl_off_t seconds = 0;
    curl_easy_getinfo(transfer.easy, CURLINFO_RETRY_AFTER, &seconds);
    const curl_off_t bounded = std::clamp<curl_off_t>(seconds, 0, 1'000'000);
    return Repeat(transfer,
                  {Code::kUnavailable, address_.host + " answered HTTP " + std::to_string(status)},
                  milliseconds(bounded * 1000));
  }
  transfer.result = std::move(transfer.reply);
}

std::vector<Result<WebReply>> WebClient::GetAll(std::span<const WebRequest> requests,
                                                const std::stop_token& stop) {
  const WithoutSigpipe without_sigpipe;
  std::vector<Transfer> transfers(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    transfers[i].url = address_.base + requests[i].path;
    transfers[i].body = requests[i].body;
  }
  const std::stop_callback wake(stop, [this] { curl_multi_wakeup(multi_); });
  std::size_t running = 0, done = 0;
  while (done < transfers.size() && !stop.stop_requested()) {
    const Clock::time_point now = Clock::now();
    for (Transfer& transfer : transfers) {
      if (running == kParallel) break;
      if (transfer.result || transfer.running || transfer.not_before > now) continue;
      Start(transfer);
      ++running;
    }
    int still = 0, left = 0;
    curl_multi_perform(multi_, &still);
    while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      CURL* const easy = message->easy_handle;
      Transfer* transfer = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
      curl_multi_remove_handle(multi_, easy);
      --running;
      Finish(*transfer, code);
      if (transfer->result) ++done;
    }
    if (done < transfers.size()) curl_multi_poll(multi_, nullptr, 0, kPollMs, nullptr);
  }
  std::vector<Result<WebReply>> results;
  results.reserve(transfers.size());
  for (Transfer& transfer : transfers) {
    if (transfer.running) curl_multi_remove_handle(multi_, transfer.easy);
    results.push_back(transfer.result ? std::move(*transfer.result)
                                      : Result<WebReply>(Error{Code::kCancelled, "cancelled"}));
  }
  return results;
}

Result<WebReply> WebClient::Get(const WebRequest& request, const std::stop_token& stop) {
  return std::move(GetAll({&request, 1}, stop).front());
}

}  // namespace halo
