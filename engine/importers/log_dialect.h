// SPDX-License-Identifier: MIT
// What the log records of an agent say about its runs, as tables. To add an agent, add a file with
// its table, and its name in all_log_dialects.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace halo {

// What a record is about.
enum class LogPart : std::uint8_t {
  kPrompt,  // the user's words: with them a turn begins
  kAnswer,  // words of the agent to the user
  kCall,    // a call of the model that has ended
  kTool,    // a call of a tool that has ended
  kChoice,  // whether a call of a tool is allowed
};

// How a value of a record becomes an attribute.
enum class LogCopy : std::uint8_t {
  kAsIs,
  kCount,    // a number, perhaps written as text; several of one name are added up
  kMember,   // the member `of` of the JSON object in the value
  kAfter,    // the text after the first `of`, or all of it
  kFailure,  // false, or the text of an error: the call failed
  kError,    // like kAfter, but only of a call that failed
};

struct LogKey {
  std::string_view from;  // key in the record
  std::string_view to;    // key of the attribute; the first value counts
  LogCopy copy = LogCopy::kAsIs;
  std::string_view of = {};
};

struct LogEventRule {
  std::string_view event;  // without the dialect's prefix
  LogPart part;
  // Attributes of the span and of the event that the record becomes. The event also has all
  // attributes of the record.
  std::span<const LogKey> to_span = {}, to_event = {};
  std::string_view needs = {};  // the record counts only if it has this key
};

struct LogDialect {
  std::string_view name;
  std::string_view prefix;  // of event names; they may also be written without it
  std::string_view scope;   // its instrumentation scope starts with this
  // Keys of records. A turn is one trace, else a session is.
  std::string_view session, turn, call_id, duration_ms;
  // Names of the spans that a turn and a model call become.
  std::string_view turn_name, call_name;
  // A record that has the ids of a span: whether that span is the turn.
  bool span_is_turn = false;
  // Once spans are exported too, records without the ids of a span repeat what spans say.
  bool spans_repeat_records = false;
  std::span<const LogEventRule> events;
  // Keys that mean something else in events: their values are not kept.
  std::span<const std::string_view> left_out = {};
};

// THE LIST.
std::span<const LogDialect* const> AllLogDialects();

}  // namespace halo
