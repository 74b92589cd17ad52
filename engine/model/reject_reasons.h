// SPDX-License-Identifier: MIT
// Why a part of an input was not taken, or not as it was: the fixed names under which losses are
// counted, each with one line for a person.
#pragma once

#include <string_view>

namespace halo {

inline constexpr std::string_view kInvalidJson = "invalid_json";
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
inline constexpr std::string_view kUnknownFormat = "unknown_format";
inline constexpr std::string_view kCorruptCompression = "corrupt_compression";
inline constexpr std::string_view kUnreadableSource = "unreadable_source";
inline constexpr std::string_view kLostToDamage = "lost_to_damage";

struct RejectReason {
  std::string_view name;
  std::string_view explanation;
};

inline constexpr RejectReason kRejectReasons[] = {
    {kInvalidJson, "not valid JSON; the rest of the input was read"},
    {kTruncatedInput, "the input ends within a record; what was complete was read"},
    {kNestedTooDeeply,
     "a value of arrays and objects more than 100 levels deep; its span was read without it"},
    {kWrongType,
     "an id or a time of another JSON type than the format says, or a span that is no object"},
    {kMalformedPart,
     "an attribute, event, link or other part that is not as the format says; its span was read "
     "without it"},
    {kNotASpan, "valid JSON that is neither a span nor a list of spans"},
    {kMissingTraceId, "a span without a trace id, or with one of zeros only"},
    {kMissingSpanId, "a span without a span id, or with one of zeros only"},
    {kInvalidTimestamp, "a start or end time that cannot be read"},
    {kImplausibleTime,
     "a time outside of 2000 to 2100 in every unit, or an end in another unit than its start; the "
     "span was read without it, its duration is not known"},
    {kSpanTooLarge, "a span that stays over 32 MB even when its long texts are shortened"},
    {kRecordTooLarge, "a line, message or input over 32 MB in a format that cannot be cut"},
    {kInvalidFraming, "a message length that cannot be right; the rest of the input was not read"},
    {kResourceTooLarge, "a resource or scope over 1 MB; its spans were read without it"},
    {kResourceAfterSpans,
     "a resource or scope behind its spans in a huge document; they were read without it"},
    {kUnknownFormat, "a file that holds no traces in a known format"},
    {kCorruptCompression, "compressed data that is damaged or cut off; what came before was read"},
    {kUnreadableSource, "a file that could not be opened or read"},
    {kLostToDamage,
     "a source of which a repair of the damaged store may have left out spans; ingest it again"},
};

// Empty for a name that is not in the list.
constexpr std::string_view ExplainReject(std::string_view name) {
  for (const RejectReason& reason : kRejectReasons) {
    if (reason.name == name) return reason.explanation;
  }
  return {};
}

}  // namespace halo
