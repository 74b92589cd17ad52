// SPDX-License-Identifier: MIT
// Decides whether a span failed, by which rule, and which text explains it. A status of ERROR alone
// misses most failures of agents: OpenTelemetry counts a tool that answers {"success": false} as a
// success.
#pragma once

#include <string_view>

#include "engine/json/json_tree.h"
#include "engine/model/span_facts.h"
#include "engine/model/span_fields.h"

namespace halo {

struct Failure {
  FailureRule rule = FailureRule::kNone;  // the strongest that fired; kNone: the span did not fail
  std::string_view type;                  // exception class or code; empty: not given
  Located text;                           // the text that explains the failure; empty: not given
  bool text_is_cause = false;  // `text` is only the decisive member, such as "success=false"
  Located evidence;            // the value to quote if `text` is empty
  int http_status = 0;         // 400 to 599; 0: not given

  bool failed() const { return rule != FailureRule::kNone; }
};

// The rules, strongest first:
//   status       status ERROR
//   exception    an exception event, unless the status is OK and the span recorded an output or
//                no input
//   error_type   error.type or exception.type
//   error_flag   MCP isError, tool_error, level=ERROR, `error` or success=false of a tool
//   result_field the JSON result of a tool or retriever has success, ok or completed false; isError
//                true; a non-empty `error`; a status of 400 or more or "error"; an exit code that
//                is not 0
//   result_text  the result starts (white space and quotes aside) with Traceback, Error: or the
//                name of an exception class; only its first 200 characters are examined; or it is
//                an HTML page whose title is an HTTP error
// Texts are views of the span, or of `json` until its Reset.
Failure JudgeFailure(const Span& span, const SpanFields& fields, JsonTrees& json);

}  // namespace halo
