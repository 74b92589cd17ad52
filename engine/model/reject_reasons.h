// SPDX-License-Identifier: MIT
// Why a part of an input was rejected or altered: the fixed names under which losses are counted,
// each with one line for the user.
#pragma once

#include <string_view>

namespace halo {

inline constexpr std::string_view kInvalidJson = "invalid_json";
inline constexpr std::string_view kNotJson = "not_json";
inline constexpr std::string_view kInvalidProtobuf = "invalid_protobuf";
inline constexpr std::string_view kTruncatedInput = "truncated_input";
inline constexpr std::string_view kNestedTooDeeply = "nested_too_deeply";
inline constexpr std::string_view kWrongType = "wrong_type";
inline constexpr std::string_view kMalformedPart = "malformed_part";
inline constexpr std::string_view kNotASpan = "not_a_span";
inline constexpr std::string_view kMissingTraceId = "missing_trace_id";
inline constexpr std::string_view kMissingSpanId = "missing_span_id";
inline constexpr std::string_view kInvalidTimestamp = "invalid_timestamp";
inline constexpr std::string_view kImplausibleTime = "implausible_time";
inline constexpr std::string_view kSpanTooLarge = "span_too_large";
inline constexpr std::string_view kRecordTooLarge = "record_too_large";
inline constexpr std::string_view kInvalidFraming = "invalid_framing";
inline constexpr std::string_view kResourceTooLarge = "resource_too_large";
inline constexpr std::string_view kResourceAfterSpans = "resource_after_spans";
inline constexpr std::string_view kRepeatedTools = "repeated_tools";
inline constexpr std::string_view kUnknownFormat = "unknown_format";
inline constexpr std::string_view kCorruptCompression = "corrupt_compression";
inline constexpr std::string_view kUnreadableSource = "unreadable_source";
inline constexpr std::string_view kLostToDamage = "lost_to_damage";
inline constexpr std::string_view kLogsOfNoRun = "logs_of_no_run";
inline constexpr std::string_view kMetricsNotKept = "metrics";
inline constexpr std::string_view kRequestRefused = "request_refused";
inline constexpr std::string_view kGrpcRefused = "grpc_refused";

struct RejectReason {
  std::string_view name;
  std::string_view explanation;
};

inline constexpr RejectReason kRejectReasons[] = {
    {kInvalidJson, "not valid JSON; the rest of the input was read"},
    {kNotJson, "a line of other text, such as one of a log; the JSON around it was read"},
    {kInvalidProtobuf, "not a valid protobuf message; what came before and after it was read"},
    {kTruncatedInput, "the input ends within a record; what was complete was read"},
    {kNestedTooDeeply, "a value nested more than 100 levels deep; its span was read without it"},
    {kWrongType, "an id or a time of the wrong type, or a span that is not an object or message"},
    {kMalformedPart,
     "an attribute, event, link or other part that violates the format; its span was read without "
     "it"},
    {kNotASpan, "valid JSON or protobuf that is neither a span nor a list of spans"},
    {kMissingTraceId, "a span whose trace id is missing or all zeros"},
    {kMissingSpanId, "a span whose span id is missing or all zeros"},
    {kInvalidTimestamp, "a start or end time that cannot be parsed"},
    {kImplausibleTime,
     "a time that is not between 2000 and 2100 in any unit, or an end in a different unit than the "
     "start; the span was read without it, so its duration is unknown"},
    {kSpanTooLarge, "a span over 32 MB, even after its long texts were shortened"},
    {kRecordTooLarge, "a line, message or input over 32 MB in a format that cannot be divided"},
    {kInvalidFraming, "an impossible message length; the rest of the input was not read"},
    {kResourceTooLarge, "a resource or scope over 1 MB; its spans were read without it"},
    {kResourceAfterSpans,
     "a resource or scope that follows its spans in a huge document; they were read without it"},
    {kRepeatedTools,
     "a run whose tool definitions are large beside its messages; its later model calls were read "
     "without them, so that their calls are not checked against the definitions"},
    {kUnknownFormat, "a file without traces in a known format"},
    {kCorruptCompression,
     "compressed data that is corrupt or truncated; everything before it was read"},
    {kUnreadableSource, "a file that could not be opened or read"},
    {kLostToDamage,
     "a source whose spans may have been removed when the damaged store was repaired; ingest it "
     "again"},
    {kLogsOfNoRun,
     "a list of log records of which some are of no known agent, or are GenAI events without the "
     "ids of a span; the others were read"},
    {kMetricsNotKept, "OTLP metrics: they say nothing about single runs, and are not kept"},
    {kRequestRefused,
     "an OTLP request that could not be decoded or was too large; the sender received an error, "
     "and "
     "nothing of it was stored"},
    {kGrpcRefused,
     "a connection of an OTLP/gRPC exporter to the OTLP/HTTP port; set "
     "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf where the exporter runs"},
};

// The explanation of a reason; empty for an unknown name.
constexpr std::string_view ExplainReject(std::string_view name) {
  for (const RejectReason& reason : kRejectReasons) {
    if (reason.name == name) return reason.explanation;
  }
  return {};
}

}  // namespace halo
