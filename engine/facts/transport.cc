// SPDX-License-Identifier: MIT
#include "engine/facts/transport.h"

#include "engine/base/ascii.h"

namespace halo {
namespace {

struct Phrase {
  std::string_view words;  // lower case
  Transport transport;
};

// Exception classes of the providers' SDKs, HTTP clients and languages; error types of the APIs.
// Words of a class name, so that "openai.RateLimitError" and "rate_limit_error" are one.
constexpr Phrase kTypes[] = {
    {"ratelimit", Transport::kRateLimit},
    {"toomanyrequests", Transport::kRateLimit},
    {"throttling", Transport::kRateLimit},
    {"resourceexhausted", Transport::kRateLimit},
    {"insufficientquota", Transport::kRateLimit},
    {"authentication", Transport::kAuth},
    {"permissiondenied", Transport::kAuth},
    {"unauthorized", Transport::kAuth},
    {"unauthenticated", Transport::kAuth},
    {"forbidden", Transport::kAuth},
    {"accessdenied", Transport::kAuth},
    {"timeout", Transport::kTimeout},
    {"timedout", Transport::kTimeout},
    {"deadlineexceeded", Transport::kTimeout},
    {"outofmemory", Transport::kOutOfMemory},
    {"memoryerror", Transport::kOutOfMemory},
    {"oomkilled", Transport::kOutOfMemory},
    {"internalserver", Transport::kService},
    {"serviceunavailable", Transport::kService},
    {"badgateway", Transport::kService},
    {"overloaded", Transport::kService},
    {"connection", Transport::kConnection},
    {"connecterror", Transport::kConnection},
    {"econnrefused", Transport::kConnection},
    {"econnreset", Transport::kConnection},
    {"ehostunreach", Transport::kConnection},
    {"epipe", Transport::kConnection},
    {"gaierror", Transport::kConnection},
    {"etimedout", Transport::kTimeout},
};

constexpr Phrase kLines[] = {
    {"rate limit", Transport::kRateLimit},
    {"rate_limit", Transport::kRateLimit},
    {"rate-limit", Transport::kRateLimit},
    {"ratelimit", Transport::kRateLimit},
    {"too many requests", Transport::kRateLimit},
    {"quota exceeded", Transport::kRateLimit},
    {"exceeded your current quota", Transport::kRateLimit},
    {"unauthorized", Transport::kAuth},
    {"invalid api key", Transport::kAuth},
    {"incorrect api key", Transport::kAuth},
    {"authentication failed", Transport::kAuth},
    {"authentication_error", Transport::kAuth},
    {"403 forbidden", Transport::kAuth},
    {"404 not found", Transport::kNotFound},
    {"service unavailable", Transport::kService},
    {"internal server error", Transport::kService},
    {"bad gateway", Transport::kService},
    {"overloaded", Transport::kService},
    {"gateway timeout", Transport::kTimeout},
    {"timed out", Transport::kTimeout},
    {"timeout", Transport::kTimeout},
    {"deadline exceeded", Transport::kTimeout},
    {"etimedout", Transport::kTimeout},
    {"out of memory", Transport::kOutOfMemory},
    {"oomkilled", Transport::kOutOfMemory},
    {"cannot allocate memory", Transport::kOutOfMemory},
    {"connection refused", Transport::kConnection},
    {"connection reset", Transport::kConnection},
    {"connection error", Transport::kConnection},
    {"connection aborted", Transport::kConnection},
    {"connection closed", Transport::kConnection},
    {"econnrefused", Transport::kConnection},
    {"econnreset", Transport::kConnection},
    {"name or service not known", Transport::kConnection},
    {"getaddrinfo", Transport::kConnection},
    {"socket hang up", Transport::kConnection},
    {"network is unreachable", Transport::kConnection},
};

Transport OfStatus(int status) {
  switch (status) {
    case 429:
      return Transport::kRateLimit;
    case 401:
    case 403:
    case 407:
      return Transport::kAuth;
    case 404:
      return Transport::kNotFound;
    case 408:
    case 504:
      return Transport::kTimeout;
    default:
      return status >= 500 && status < 600 ? Transport::kService : Transport::kNone;
  }
}

constexpr std::size_t kLookedAt = 512;

std::string_view FoldWords(std::string_view text, char* buffer) {
  std::size_t size = 0;
  for (const char c : text.substr(0, kLookedAt)) {
    if (ascii::IsAlnum(c)) buffer[size++] = ascii::Lower(c);
  }
  return {buffer, size};
}

std::string_view FoldCase(std::string_view text, char* buffer) {
  std::size_t size = 0;
  for (const char c : text.substr(0, kLookedAt)) buffer[size++] = ascii::Lower(c);
  return {buffer, size};
}

bool EndsWithAny(std::string_view text, std::initializer_list<std::string_view> endings) {
  for (const std::string_view ending : endings) {
    if (text.ends_with(ending)) return true;
  }
  return false;
}

}  // namespace

int HttpStatusIn(std::string_view text) {
  char buffer[kLookedAt];
  const std::string_view folded = FoldCase(text, buffer);
  for (std::size_t i = 0; i + 3 <= folded.size(); ++i) {
    if (folded[i] != '4' && folded[i] != '5') continue;
    if (!ascii::IsDigit(folded[i + 1]) || !ascii::IsDigit(folded[i + 2])) continue;
    if (i > 0 && (ascii::IsAlnum(folded[i - 1]) || folded[i - 1] == '.')) continue;
    if (i + 3 < folded.size() && ascii::IsAlnum(folded[i + 3])) continue;
    const int status = (folded[i] - '0') * 100 + (folded[i + 1] - '0') * 10 + (folded[i + 2] - '0');
    if (folded.size() == 3) return status;
    std::string_view before = folded.substr(0, i);
    while (!before.empty() && !ascii::IsAlnum(before.back())) before.remove_suffix(1);
    if (EndsWithAny(before, {"http", "http/1.1", "http/2", "http/1.0", "status", "status code",
                             "status_code", "statuscode", "error code", "error", "code"})) {
      return status;
    }
    const std::string_view after = folded.substr(i + 3);
    for (const std::string_view words :
         {" client error", " server error", " too many requests", " unauthorized", " forbidden",
          " not found", " bad request", " internal server error", " service unavailable",
          " bad gateway", " gateway timeout", " unprocessable"}) {
      if (after.starts_with(words)) return status;
    }
  }
  return 0;
}

Transport ClassifyTransport(int status, std::string_view type, std::string_view line) {
  if (const Transport transport = OfStatus(status); transport != Transport::kNone) return transport;
  char buffer[kLookedAt];
  const std::string_view words = FoldWords(type, buffer);
  for (const Phrase& phrase : kTypes) {
    if (words.find(phrase.words) != std::string_view::npos) return phrase.transport;
  }
  if (const Transport transport = OfStatus(HttpStatusIn(line)); transport != Transport::kNone) {
    return transport;
  }
  const std::string_view folded = FoldCase(line, buffer);
  for (const Phrase& phrase : kLines) {
    if (folded.find(phrase.words) != std::string_view::npos) return phrase.transport;
  }
  return Transport::kNone;
}

}  // namespace halo
