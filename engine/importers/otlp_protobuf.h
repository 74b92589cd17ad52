// SPDX-License-Identifier: MIT
// OTLP in protobuf, as opentelemetry/proto/trace/v1/trace.proto defines it:
// ExportTraceServiceRequest or TracesData, which are the same on the wire. Also logs, alone or
// among traces: ExportLogsServiceRequest or LogsData, told apart by their records. The spans are
// those that the same request gives in OTLP/JSON.
#pragma once

#include "engine/importers/importer.h"

namespace halo {

// One message, or several without anything between them.
extern const Importer kOtlpProtobuf;
// The same, by the name that says what a receiver of logs expects.
inline constexpr const Importer& kOtlpLogsProtobuf = kOtlpProtobuf;
// Messages after their lengths as four bytes, big-endian. Source: the OpenTelemetry Collector's
// fileexporter, `format: proto`.
extern const Importer kOtlpProtobufUint32;
// Messages after their lengths as varints. Source: OpenTelemetry specification, "Protocol File
// Exporter", and protobuf's writeDelimitedTo.
extern const Importer kOtlpProtobufVarint;

}  // namespace halo
