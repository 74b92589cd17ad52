// SPDX-License-Identifier: MIT
// Spans of OpenTelemetry's SDK for JavaScript as JSON: ReadableSpan as JSON.stringify writes it
// (its public getters, or the private fields of the class), and what the console exporter prints of
// it. Source: opentelemetry-js, packages/opentelemetry-sdk-trace-base.
#pragma once

#include "engine/importers/importer.h"

namespace halo {

extern const Importer kSdkJsJson;

}  // namespace halo
