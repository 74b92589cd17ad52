// SPDX-License-Identifier: MIT
// The response of /healthz. Any thread.
#pragma once

#include <string>

#include "engine/engine.h"
#include "server/http/message.h"

namespace halo {

// The same for all processes that use the same store, and says nothing else about it.
std::string StoreIdentity(const std::string& store_url);

// 503 if the store cannot be read, so that no query can be answered. If traces are not being
// followed or stored, the status stays 200, because restarting this process would not help, and the
// body describes the problem. A header field names the store (kStoreField).
HttpResponse HealthOf(Engine& engine, const std::string& store_identity);

}  // namespace halo
