// SPDX-License-Identifier: MIT
// The responses to requests that are not valid HTTP or exceed a limit of the transport. Pure; any
// thread.
#pragma once

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <optional>
#include <string>

#include "server/http/body_reader.h"
#include "server/http/http_transport.h"

namespace halo {

// To bytes that are not a valid request; empty if the client has gone.
std::optional<HttpResponse> RefusalOf(const boost::system::error_code& error,
                                      const HttpOptions& options);
HttpResponse BodyTooLarge(std::size_t limit);
HttpResponse BrokenBody(BodyReader::State state, std::size_t max_body, const HttpOptions& options);
HttpResponse TimedOut(const HttpOptions& options);
HttpResponse TooManyBodies(const HttpOptions& options);
HttpResponse TooManyConnections(const HttpOptions& options);

}  // namespace halo
