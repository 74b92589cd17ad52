// SPDX-License-Identifier: MIT
// Spans as OpenTelemetry's SDK for Python prints them: ReadableSpan.to_json(), which its console
// exporter writes one after the other, on one line each or over many, and which people collect in
// arrays. Source: opentelemetry-python, sdk/trace/__init__.py.
#pragma once

#include "engine/importers/importer.h"

namespace halo {

extern const Importer kSdkPythonJson;

}  // namespace halo
