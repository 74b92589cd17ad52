// SPDX-License-Identifier: MIT
// Whether a span failed, by which rule, and the text that tells why. A status of ERROR alone misses
// most failures of agents: a tool that answers {"success": false} ended well for OpenTelemetry.
#pragma once

#include <string_view>

#include "engine/model/span_facts.h"
#include "engine/model/span_fields.h"
#include "engine/semconv/message_json.h"

namespace halo {

struct Failure {
  FailureRule rule = FailureRule::kNone;  // the strongest that fired; kNone: the span did not fail
  std::string_view type;                  // exception class or code, empty if none was given
  Located text;                           // the text that tells why; empty if there is none
  bool text_is_cause = false;  // `text` is only the member that says so, such as "success=false"
  Located evidence;            // what to quote when there is no text
  int http_status = 0;         // 400 to 599 where one was given

  bool failed() const { return rule != FailureRule::kNone; }
};

// The rules, strongest first:
//   status       status ERROR
//   exception    an exception event, unless the status is OK
//   error_type   error.type or exception.type
//   error_flag   MCP isError, tool_error, level=ERROR, `error` or success=false of a tool
//   result_field the JSON result of a tool or retriever has success, ok or completed false; isError
//                true; a non-empty `error`; a status of 400 or more or "error"; an exit code that
//                is not 0
//   result_text  the result starts (white space and quotes aside) with Traceback, Error: or the
//                name of an exception class; only its first 200 characters are looked at; or it is
//                an HTML page whose title is an HTTP error
// Texts live in the span or in `memory`.
Failure JudgeFailure(const Span& span, const SpanFields& fields, TextMemory& memory);

// What a JSON or text result says of itself.
struct ResultVerdict {
  FailureRule rule = FailureRule::kNone;  // kResultField, kResultText or kNone
  std::string_view cause;                 // the member that says so, such as "success=false"
  std::string_view message;
  std::string_view type;
  int http_status = 0;
};
ResultVerdict JudgeResult(std::string_view text, TextMemory& memory);

// "ValueError" of "ValueError: bad"; empty if the text does not begin with the name of an exception
// class.
std::string_view LeadingExceptionClass(std::string_view text);

// The line without the exception class or the "Error: " before it, so that "ValueError: bad" and
// type ValueError with message "bad" are one. Sets `type` where it was empty; a line that begins
// with the name of another class keeps it.
std::string_view SplitExceptionClass(std::string_view line, std::string_view& type);

// "RateLimitError" of "openai.RateLimitError"; a name without qualifiers is its own.
std::string_view ShortTypeName(std::string_view type);

}  // namespace halo
