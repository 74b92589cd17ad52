// SPDX-License-Identifier: MIT
#include "server/http/tcp/refusals.h"

#include <boost/beast/http/error.hpp>
#include <utility>

namespace halo {
namespace http = boost::beast::http;

namespace {

HttpResponse HeadTooLarge(const HttpOptions& options) {
  return TextResponse(431, "Request head too large; the limit is " +
                               std::to_string(options.max_header_bytes) + " bytes.");
}

HttpResponse TryAgain(std::string text) {
  HttpResponse response = TextResponse(503, std::move(text) + ". Try again in a second.");
  response.fields.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace

std::optional<HttpResponse> RefusalOf(const boost::system::error_code& error,
                                      const HttpOptions& options) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return HeadTooLarge(options);
  }
  if (error == http::error::bad_version) {
    return TextResponse(505, "HTTP version not supported; use HTTP/1.1 or HTTP/1.0.");
  }
  if (error == http::error::end_of_stream || error == http::error::partial_message ||
      error.category() != make_error_code(http::error::bad_method).category()) {
    return std::nullopt;
  }
  return TextResponse(400, "Malformed HTTP request: " + error.message() + ".");
}

HttpResponse BodyTooLarge(std::size_t limit) {
  return TextResponse(413,
                      "Request body too large; the limit is " + std::to_string(limit) + " bytes.");
}

HttpResponse BrokenBody(BodyReader::State state, std::size_t max_body, const HttpOptions& options) {
  if (state == BodyReader::State::kTooLarge) return BodyTooLarge(max_body);
  if (state == BodyReader::State::kTrailersTooLarge) return HeadTooLarge(options);
  return TextResponse(400,
                      "Malformed chunked body: each chunk must start with its size in "
                      "hexadecimal, and lines must end with CR LF.");
}

HttpResponse TimedOut(const HttpOptions& options) {
  return TextResponse(408, "Request timed out; the head must arrive within " +
                               std::to_string(options.head.count()) + " ms and the body within " +
                               std::to_string(options.body.count()) + " ms.");
}

HttpResponse TooManyBodies(const HttpOptions& options) {
  return TryAgain("Too many request bodies in memory; the limit is " +
                  std::to_string(options.max_bodies_bytes) + " bytes");
}

HttpResponse TooManyConnections(const HttpOptions& options) {
  return TryAgain("Too many connections; the limit is " + std::to_string(options.max_connections));
}

}  // namespace halo
