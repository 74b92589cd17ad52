// SPDX-License-Identifier: MIT
// OTLP/JSON as the OpenTelemetry protocol specification defines it, and as emitters write it:
// camelCase or snake_case, ids in hex or base64, 64-bit integers as numbers or strings, enums as
// numbers or names; a request, an array of requests, one of a request's resourceSpans, or one span
// per line; a request may be wrapped in {"result": ...}, and Grafana Tempo's {"batches": ...} is
// one. Also logs, alone or among traces: requests with resourceLogs, whose records become spans
// (log_spans.h). Metrics are counted only.
#pragma once

#include "engine/importers/importer.h"

namespace halo {

extern const Importer kOtlpJson;
// The same, by the name that says what a receiver of logs expects.
inline constexpr const Importer& kOtlpLogsJson = kOtlpJson;

}  // namespace halo
