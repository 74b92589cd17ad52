// SPDX-License-Identifier: MIT
// The bodies of OTLP/HTTP responses, in protobuf or JSON: ExportTraceServiceResponse and its
// siblings for logs and metrics, and google.rpc.Status for errors. Source: the OTLP specification,
// "OTLP/HTTP Response". Pure; any thread.
#pragma once

#include <string>

#include "engine/ingest/received_message.h"
#include "server/http/message.h"

namespace halo {

// The response to a message that was accepted, with partial_success if parts of it were refused or
// altered.
HttpResponse ExportResponse(Signal signal, MessageFormat format, const Acknowledgement& accepted);

// Any other response, with its text as the message of a Status.
HttpResponse StatusResponse(MessageFormat format, HttpResponse refusal);

}  // namespace halo
