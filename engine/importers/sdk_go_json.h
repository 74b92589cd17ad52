// SPDX-License-Identifier: MIT
// Spans as OpenTelemetry's SDK for Go prints them (exporters/stdout/stdouttrace).
#pragma once

#include "engine/importers/importer.h"

namespace halo {

extern const Importer kSdkGoJson;

}  // namespace halo
