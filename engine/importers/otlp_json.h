// SPDX-License-Identifier: MIT
// OTLP/JSON as the OpenTelemetry protocol specification defines it, and as emitters write it:
// camelCase or snake_case, ids in hex or base64, 64-bit integers as numbers or strings, enums as
// numbers or names; a request, an array of them, one of its resourceSpans, or one span a line; a
// request may be wrapped in {"result": ...}.
#pragma once

#include "engine/importers/importer.h"

namespace halo {

extern const Importer kOtlpJson;

}  // namespace halo
