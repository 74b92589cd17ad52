// SPDX-License-Identifier: MIT
// The credentials of a connection. They are never stored, logged or part of an error.
#pragma once

#include <functional>
#include <string>

#include "engine/base/result.h"
#include "engine/model/service_connection.h"

namespace halo {

struct Credentials {
  std::string user;    // Basic authentication; empty: `secret` is a bearer token
  std::string secret;  // empty: the service is asked without credentials
};

// The value of an environment variable; empty if it is not set.
using Environment = std::function<std::string(const char* name)>;
std::string ProcessEnvironment(const char* name);

// Credentials from the connection's file, else from the environment: LANGFUSE_PUBLIC_KEY and
// LANGFUSE_SECRET_KEY; PHOENIX_API_KEY, which may be absent. The file has lines such as
// LANGFUSE_SECRET_KEY=..., belongs to this user, and can be read by nobody else. kInvalidArgument
// says what is missing.
Result<Credentials> FindCredentials(const ServiceConnection& connection,
                                    const Environment& environment);

// The address of a connection: its own, else LANGFUSE_BASE_URL, LANGFUSE_HOST, PHOENIX_HOST or
// PHOENIX_COLLECTOR_ENDPOINT, else https://cloud.langfuse.com or http://localhost:6006.
std::string FindUrl(const ServiceConnection& connection, const Environment& environment);

}  // namespace halo
