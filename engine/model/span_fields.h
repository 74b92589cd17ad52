// SPDX-License-Identifier: MIT
// The fields that the conventions read from a span's attributes, independent of the emitter.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/model/kind.h"
#include "engine/model/span.h"

namespace halo {

// A text inside a span and its path as read_spans accepts it, such as
// "attributes.output.value", "status.message" or "events[0].attributes.exception.message".
struct Located {
  std::string_view text;
  std::string_view path;   // of the whole stored value that contains `text`
  std::string_view whole;  // that value; `text` may be an unescaped part of it
};

struct ToolCall {
  std::string_view name;
  std::string_view id;
  std::string_view arguments;  // JSON text as the model wrote it
};

struct Message {
  std::string_view role;     // system, user, assistant, tool, ...
  std::string_view content;  // texts of all parts, joined by a line feed
  std::vector<ToolCall> tool_calls;
  std::string_view tool_call_id;  // of a tool result
  std::string_view finish_reason;
};

struct ToolDefinition {
  std::string_view name;
  std::string_view parameters{};  // JSON Schema text; empty if not given
  std::string_view description{};
};

// An explicit statement about the outcome of the run, as emitted (success, outcome, score, reward,
// ...), or the score or label of an EVALUATOR span. The outcome rules interpret it.
struct OutcomeMark {
  std::string_view key;
  Value value;
};

// What somebody judged of this span or its run: a score of a platform, an annotation, the result of
// an evaluator. The outcome rules interpret it.
struct Evaluation {
  std::string_view name;    // of the criterion; empty if not given
  Value label, score;       // null if not given
  bool is_boolean = false;  // a score of 0 or 1 means false or true
};

// A token count that was given but is impossible: negative, not a number, or out of range.
inline constexpr std::int64_t kRefusedCount = -2;

// If no convention provides a field, a number is -1 and a text is empty. Views point into the span
// or into the scratch memory of the Conventions object, and are valid until its next call.
struct SpanFields {
  Kind kind = Kind::kSpan;
  std::string_view convention;  // the convention that decided the kind; empty: none

  std::string_view project, service, version, environment;
  std::string_view session, user, task, tags;
  std::string_view agent, agent_id;
  std::string_view provider, request_model, response_model;
  std::string_view tool, tool_call_id;

  // May be kRefusedCount.
  std::int64_t input_tokens = -1, output_tokens = -1, total_tokens = -1;
  std::int64_t cache_read_tokens = -1, cache_write_tokens = -1, reasoning_tokens = -1;
  bool input_excludes_cache = false;        // by a marker of the emitter
  bool input_includes_cache = false;        // by a marker of the emitter
  bool total_leaves_cache_out = false;      // the emitter's total is always input + output
  bool output_leaves_thoughts_out = false;  // by a marker of the emitter
  double cost_usd = -1;
  bool refused_cost = false;  // an impossible cost was given
  bool cut_json = false;      // a JSON value is truncated

  Located input, output;       // tool arguments and result; else the span's input and output
  Located error_type;          // error.type, else exception.type
  Located exception_message;   // of an exception event or attribute
  Located finish_reason;       // the first one, as emitted
  Located error_flag;          // MCP isError, tool_error, level=ERROR: the value that says failed
  bool is_human_wait = false;  // time spent waiting for a person
  bool tool_named_by_span = false;  // no attribute and no rule names the tool: its span's name does
  std::string_view unread_keys;     // attribute keys that no table reads; see unread_keys.h

  // LLM spans. `messages_out` contains only the answer.
  std::vector<Message> messages_in, messages_out;
  Located messages_out_at;        // where the answer is stored
  bool has_messages_out = false;  // an answer was recorded, even an empty one
  std::vector<ToolDefinition> tools_offered;

  std::vector<OutcomeMark> outcome_marks;
  std::vector<Evaluation> evaluations;

  // Of formats that record no times, and only the new messages of each prompt (kSequenceKey).
  std::int64_t sequence = 0, user_turns = -1;
};

}  // namespace halo
