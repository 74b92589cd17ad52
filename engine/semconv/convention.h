// SPDX-License-Identifier: MIT
// A convention as tables: which attributes carry which field. To add one, add a file that defines a
// Convention, and its name in all_conventions.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/model/span_fields.h"

namespace halo {

enum class Field : std::uint8_t {
  // Up to kLastSharedField: taken from the instrumentation scope or resource if the span has none.
  kProject,
  kService,
  kVersion,
  kEnvironment,
  kSession,
  kUser,
  kTask,
  kTags,
  kAgent,
  kAgentId,
  kLastSharedField = kAgentId,

  kProvider,
  kRequestModel,
  kResponseModel,
  kTool,
  kToolCallId,
  kOwnName,      // of the tool, agent or model that the span is, where no other key names it
  kPartnerName,  // of the model that a model call asks, or the agent that calls the tool

  kInputTokens,
  kOutputTokens,
  kTotalTokens,
  kCacheReadTokens,
  kCacheWriteTokens,
  kCacheWrite5mTokens,  // parts of it by lifetime in the cache, for emitters that give no sum
  kCacheWrite1hTokens,
  kReasoningTokens,
  kFreshInputTokens,    // input without the cached tokens
  kPlainOutputTokens,   // output without the reasoning tokens
  kUsageJson,           // an object whose members are counts, named as in usage_words.h
  kCostJson,            // an object whose members are parts of a cost, or its total
  kInputIncludesCache,  // only emitters whose input includes cached tokens write this attribute
  kCostUsd,
  kInputCostUsd,  // parts of the cost, for emitters that give no sum
  kOutputCostUsd,

  kInput,
  kOutput,
  kToolArguments,
  kToolEnvelope,  // an object with the arguments in kwargs, inputs, args or input_str
  kToolResult,
  kMessagesIn,  // JSON in any shape that message_json.h supports, or plain text
  kMessagesOut,
  kSystemPrompt,
  kTools,

  kErrorType,
  kExceptionType,
  kExceptionMessage,
  kErrorFlag,  // ERROR or true means a failure
  kError,      // a flag, or the text of an error
  kFinishReason,
  kMetadata,  // a JSON object whose members count like attributes

  kKind,     // the value is one of the convention's KindWords
  kSuccess,  // of a tool call: the call's; elsewhere an outcome mark
  kOutcome,
  kSequence,  // kSequenceKey and kUserTurnsKey of model/span.h
  kUserTurns,
  kCount,
};

// Keys of one field are listed most trusted first; so are the conventions in their list.
struct KeyRule {
  std::string_view key;
  Field field;
  // The unit of a count or a cost: 0.01 for cents, 1000 for thousands of tokens.
  double scale = 1;
  bool text_only = false;  // numbers under this key mean something else
};

// All attributes whose keys begin with this prefix, unless a table lists them by their whole key.
//   kUsageJson           the rest of each key names a count, as in usage_words.h
//   kMetadata            the rest of each key is treated like a key in metadata
//   kInputIncludesCache  their presence is the marker
//   any other field      together they form one object; the rest of each key names a member
struct PrefixRule {
  std::string_view prefix;
  Field field;
  // For usage: "input" excludes cached tokens and "output" excludes reasoning tokens.
  bool parts_are_exclusive = false;
};

// The presence of the key decides the kind of the span, unless the value of a kKind key does.
struct PresenceRule {
  std::string_view key;
  Kind kind;
};

struct KindWord {
  std::string_view word;  // in lower case; values are compared ignoring case
  Kind kind;
};

// Lists that are flattened into attributes, with '#' for each index:
// "llm.input_messages.#.message.tool_calls.#.tool_call.function.name". A key without an index
// belongs to the first item: several attributes make one message.
enum class FlatList : std::uint8_t { kMessagesIn, kMessagesOut, kTools };
enum class FlatPart : std::uint8_t {
  kRole,
  kContent,      // text of the message, or of one of its parts
  kContentType,  // type of a part without text, such as "image"
  kToolCallId,   // of a tool's answer
  kFinishReason,
  kCallId,
  kCallName,
  kCallArguments,
  kCalls,  // all of them, as a JSON list
  kToolName,
  kToolParameters,
  kToolDefinition,  // a whole definition as JSON
};
struct FlatRule {
  std::string_view pattern;
  FlatList list;
  FlatPart part;
};

struct EventRule {
  std::string_view event;
  enum class Use : std::uint8_t {
    kAttributes,  // its attributes count like the span's own
    kMessageIn,   // one message of the prompt
    kMessageOut,  // one message of the answer
  } use;
  std::string_view role;  // for a message without a role
};

// A span whose name starts with this prefix; the rest of the name is the tool or agent.
struct NameRule {
  std::string_view prefix;
  Kind kind;
  // Whether the name alone decides the kind. Common prefixes, such as "agent.", only name the agent
  // of a span whose kind is known from elsewhere.
  bool decides_kind = true;
};

// How an instrumentation, identified by its scope name, counts tokens.
struct ScopeRule {
  std::string_view scope;
  bool input_includes_cache;            // if false, kInputIncludesCache of the span overrides it
  bool total_leaves_cache_out = false;  // total = input + output even if input excludes the cache
  bool output_leaves_thoughts_out = false;
  // Applies only if the provider's name contains one of these words; empty: always.
  std::span<const std::string_view> providers = {};
};

struct Convention {
  std::string_view name;
  std::span<const KeyRule> keys;
  std::span<const PrefixRule> prefixes = {};
  std::span<const KindWord> kinds = {};
  std::span<const PresenceRule> presences = {};
  std::span<const FlatRule> flat = {};
  std::span<const EventRule> events = {};
  std::span<const NameRule> names = {};
  std::span<const ScopeRule> scopes = {};
  // Names of tools, and whole names of spans, that wait for a person: not the machine's time.
  std::span<const std::string_view> human_waits = {};
  // For a convention that shares the key of the kind with others: keys of which a span must have
  // another one, too, before that key says anything.
  std::span<const std::string_view> markers = {};
};

// THE LIST, the most trusted first.
std::span<const Convention* const> AllConventions();

}  // namespace halo
