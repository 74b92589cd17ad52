// SPDX-License-Identifier: MIT
// Connects the OTLP receiver of an HTTP server to the store.
#pragma once

#include <string>

#include "engine/engine.h"
#include "server/http/http_service.h"

namespace halo {

// Received spans belong to `project`; if it is empty, to their own. The engine must outlive the
// service.
void ReceiveInto(Engine& engine, const std::string& project, HttpServiceOptions& options);

}  // namespace halo
