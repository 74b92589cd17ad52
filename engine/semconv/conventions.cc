// SPDX-License-Identifier: MIT
#include "engine/semconv/conventions.h"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "engine/base/ascii.h"
#include "engine/json/json_shape.h"
#include "engine/json/json_tree.h"
#include "engine/semconv/convention.h"
#include "engine/semconv/flat_list.h"
#include "engine/semconv/json_members.h"
#include "engine/semconv/key_table.h"
#include "engine/semconv/message_json.h"
#include "engine/semconv/tool_definitions.h"
#include "engine/semconv/usage_words.h"
#include "engine/semconv/value_words.h"

namespace halo {
namespace {

constexpr std::size_t kFieldCount = static_cast<std::size_t>(Field::kCount);
static_assert(kFieldCount <= 64, "fields are kept as bits");

bool IsAmount(Field field) {
  return (field >= Field::kInputTokens && field <= Field::kPlainOutputTokens) ||
         (field >= Field::kCostUsd && field <= Field::kOutputCostUsd);
}

// What cuts a text may say so in brackets: "[truncated]", "{... 12 more}".
bool EndsWithMark(std::string_view text) {
  constexpr std::size_t kMarkBytes = 48;
  if (text.size() > kMarkBytes) text.remove_prefix(text.size() - kMarkBytes);
  for (const std::string_view mark :
       {"...", "\u2026", "runcated", "RUNCATED", "mitted", "clipped"}) {
    if (text.find(mark) != text.npos) return true;
  }
  return false;
}

}  // namespace

struct Conventions::Scratch {
  // The best value of a field so far.
  struct Found {
    const Value* value = nullptr;
    std::string_view key;
    std::string_view prefix;  // of the path
    std::uint16_t rank = 0;
    std::uint8_t convention = 0;
  };

  Scratch() : conventions(AllConventions()), table(conventions) {}

  void Reset();
  void ReadAttributes(const std::vector<Attribute>& attributes, std::string_view prefix,
                      std::uint16_t rank_offset, bool shared_only);
  void Take(const Attribute& attribute, const KeyUse& use, std::string_view prefix,
            std::uint16_t rank_offset, bool shared_only);
  void TakeAmount(const Attribute& attribute, Field field, std::uint16_t rank);
  void TakeFlat(const Attribute& attribute, std::string_view prefix);
  void TakeKind(const Value& value, const KeyUse& use);
  void ReadEvents(const Span& span);
  void ReadMessageEvent(const Event& event, std::size_t index, const EventRule& rule);
  std::vector<Attribute>& ReadMembers(std::string_view object_text, bool nested = false);
  void ReadUsageObjects();
  void ReadMetadata();
  void ReadEvaluation(const Span& span);
  void Resolve(const Span& span);
  void ResolveKind(const Span& span);
  void ResolveUsage(const Span& span);
  void ResolveHabits(const Span& span);
  void ResolveFailure();
  void ResolveMessages();
  void FindCutJson();

  bool Has(Field field) const { return (found_bits >> static_cast<unsigned>(field)) & 1; }
  const Found& At(Field field) const { return found[static_cast<std::size_t>(field)]; }
  std::string_view TextOf(const Value& value);
  std::string_view TextOf(Field field) { return Has(field) ? TextOf(*At(field).value) : ""; }
  std::int64_t CountIn(Field field) const { return Has(field) ? CountOf(*At(field).value) : -1; }
  Located LocatedOf(Field field);
  Located LocatedOf(std::initializer_list<Field> fields);

  std::span<const Convention* const> conventions;
  KeyTable table;
  JsonTrees json;
  SpanFields fields;

  std::uint64_t found_bits = 0;
  std::array<Found, kFieldCount> found;
  struct UsageObject {
    Field field;
    std::string_view text;
  };
  std::vector<UsageObject> usage_objects;
  std::vector<FlatItem> flat;
  std::string_view flat_answer_key;  // the attribute that holds the answer's text
  std::vector<std::unique_ptr<std::vector<Attribute>>> member_lists;  // of JSON objects
  bool has_kind = false;
  std::uint16_t kind_rank = 0;

  // Ranks of amounts under keys that no table lists, and of members of objects.
  static constexpr std::uint16_t kAfterKnownKeys = 5000, kAfterUsageKeys = 6000;
};

void Conventions::Scratch::Reset() {
  json.Reset();
  std::vector<Message> in = std::move(fields.messages_in);
  std::vector<Message> out = std::move(fields.messages_out);
  std::vector<ToolDefinition> tools = std::move(fields.tools_offered);
  std::vector<OutcomeMark> marks = std::move(fields.outcome_marks);
  in.clear();
  out.clear();
  tools.clear();
  marks.clear();
  fields = SpanFields{};
  fields.messages_in = std::move(in);
  fields.messages_out = std::move(out);
  fields.tools_offered = std::move(tools);
  fields.outcome_marks = std::move(marks);
  found_bits = 0;
  usage_objects.clear();
  flat.clear();
  member_lists.clear();
  has_kind = false;
}

std::string_view Conventions::Scratch::TextOf(const Value& value) {
  if (value.has_text()) return value.text;
  char buffer[32];
  switch (value.type) {
    case Value::Type::kBool:
      return value.integer != 0 ? "true" : "false";
    case Value::Type::kInt: {
      const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value.integer).ptr;
      return json.arena().Copy({buffer, static_cast<std::size_t>(end - buffer)});
    }
    case Value::Type::kDouble: {
      const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value.real).ptr;
      return json.arena().Copy({buffer, static_cast<std::size_t>(end - buffer)});
    }
    default:
      return {};
  }
}

Located Conventions::Scratch::LocatedOf(Field field) {
  const Found& at = At(field);
  const std::string_view text = TextOf(*at.value);
  return {text, json.arena().Join({at.prefix, at.key}), at.value->has_text() ? text : ""};
}

Located Conventions::Scratch::LocatedOf(std::initializer_list<Field> fields_in_order) {
  for (const Field field : fields_in_order) {
    if (Has(field)) return LocatedOf(field);
  }
  return {};
}

void Conventions::Scratch::ReadAttributes(const std::vector<Attribute>& attributes,
                                          std::string_view prefix, std::uint16_t rank_offset,
                                          bool shared_only) {
  for (const Attribute& attribute : attributes) {
    if (IsAbsent(attribute.value)) continue;
    const std::span<const KeyUse> uses = table.Find(attribute.key);
    if (uses.empty()) {
      if (shared_only) continue;
      if (const std::optional<UsageKey> usage = UsageKeyOf(attribute.key)) {
        TakeAmount(attribute, usage->field,
                   static_cast<std::uint16_t>(kAfterKnownKeys + usage->rank));
        if (attribute.key.starts_with("ai.usage.inputTokenDetails.")) {
          TakeAmount(attribute, Field::kInputIncludesCache, kAfterKnownKeys);
        }
        continue;
      }
      TakeFlat(attribute, prefix);
      continue;
    }
    for (const KeyUse& use : uses) Take(attribute, use, prefix, rank_offset, shared_only);
  }
}

void Conventions::Scratch::Take(const Attribute& attribute, const KeyUse& use,
                                std::string_view prefix, std::uint16_t rank_offset,
                                bool shared_only) {
  if (shared_only && use.field > Field::kLastSharedField) return;
  if (use.field == Field::kKind) return TakeKind(attribute.value, use);
  if (use.field == Field::kOutcome || use.field == Field::kSuccess) {
    fields.outcome_marks.push_back({attribute.key, attribute.value});
    if (use.field == Field::kOutcome) return;
  }
  // A number is a thread of the process; conversations have names.
  if (use.field == Field::kSession && attribute.key == "thread_id" && !attribute.value.has_text()) {
    return;
  }
  // A flag that says no error and a field that says nothing must not hide a later one that does.
  if (use.field == Field::kErrorFlag && !SaysError(attribute.value)) return;
  if (use.field == Field::kError && SaysNoError(TextOf(attribute.value))) return;
  if (use.field == Field::kErrorType && attribute.value.text == "_OTHER") return;
  if (use.field == Field::kUsageJson || use.field == Field::kCostJson) {
    if (attribute.value.has_text()) usage_objects.push_back({use.field, attribute.value.text});
    return;
  }
  const std::uint16_t rank = static_cast<std::uint16_t>(use.rank + rank_offset);
  Found& at = found[static_cast<std::size_t>(use.field)];
  // Of two amounts under different keys a 0 or what cannot be must not hide the one that counts.
  const bool replaces = Has(use.field) && IsAmount(use.field) && !IsPositive(*at.value) &&
                        IsPositive(attribute.value);
  if (Has(use.field) && IsAmount(use.field) && IsPositive(*at.value) &&
      !IsPositive(attribute.value)) {
    return;
  }
  // Of a key given twice the first counts, as it does for whoever reads the path; of several events
  // the last, as it is the exception that ended the span.
  if (Has(use.field) && !replaces &&
      (rank > at.rank || (rank == at.rank && prefix.data() == at.prefix.data()))) {
    return;
  }
  at = {&attribute.value, attribute.key, prefix, rank, use.convention};
  found_bits |= std::uint64_t{1} << static_cast<unsigned>(use.field);
}

void Conventions::Scratch::TakeAmount(const Attribute& attribute, Field field, std::uint16_t rank) {
  KeyUse use;
  use.field = field;
  use.rank = rank;
  Take(attribute, use, "attributes.", 0, false);
}

void Conventions::Scratch::TakeKind(const Value& value, const KeyUse& use) {
  if (has_kind && kind_rank <= use.rank) return;
  const Convention& convention = *conventions[use.convention];
  for (const KindWord& word : convention.kinds) {
    if (!ascii::EqualsFolded(value.text, word.word)) continue;
    has_kind = true;
    kind_rank = use.rank;
    fields.kind = word.kind;
    fields.convention = convention.name;
    return;
  }
}

void Conventions::Scratch::TakeFlat(const Attribute& attribute, std::string_view prefix) {
  if (prefix != "attributes." || !attribute.value.has_text()) return;
  const FlatKey key(attribute.key);
  if (key.pattern().empty()) return;
  const std::span<const KeyUse> uses = table.Find(key.pattern());
  if (uses.empty()) return;
  flat.push_back(
      {uses[0].list, uses[0].part, key.outer(), key.inner(), attribute.value.text, attribute.key});
}

void Conventions::Scratch::ReadEvents(const Span& span) {
  for (std::size_t i = 0; i < span.events.size(); ++i) {
    const Event& event = span.events[i];
    for (const Convention* const convention : conventions) {
      for (const EventRule& rule : convention->events) {
        if (rule.event != event.name) continue;
        if (rule.use != EventRule::Use::kAttributes) {
          ReadMessageEvent(event, i, rule);
          continue;
        }
        char number[16];
        const auto end = std::to_chars(number, number + sizeof(number), i).ptr;
        ReadAttributes(
            event.attributes,
            json.arena().Join(
                {"events[", {number, static_cast<std::size_t>(end - number)}, "].attributes."}),
            0, false);
      }
    }
  }
}

// gen_ai.user.message {content, role}, gen_ai.assistant.message {content, tool_calls},
// gen_ai.tool.message {id, content}, gen_ai.choice {finish_reason, message, tool_calls}.
void Conventions::Scratch::ReadMessageEvent(const Event& event, std::size_t index,
                                            const EventRule& rule) {
  const bool is_answer = rule.use == EventRule::Use::kMessageOut;
  std::vector<Message>& list = is_answer ? fields.messages_out : fields.messages_in;
  char number[16];
  const auto number_end = std::to_chars(number, number + sizeof(number), index).ptr;
  const std::string_view prefix = json.arena().Join(
      {"events[", {number, static_cast<std::size_t>(number_end - number)}, "].attributes."});

  Message message;
  message.role = rule.role;
  Located at;
  for (const Attribute& attribute : event.attributes) {
    const std::string_view key = attribute.key;
    const std::string_view text = TextOf(attribute.value);
    const bool is_content =
        key == "content" || key == "gen_ai.event.content" || key == "message.content";
    if (is_content || key == "message") {
      std::vector<Message> parts;
      ReadMessages(text, rule.role, json, parts);
      if (!parts.empty()) {
        if (message.content.empty()) message.content = parts.front().content;
        if (message.tool_calls.empty()) message.tool_calls = parts.front().tool_calls;
      }
      at = {text, json.arena().Join({prefix, key}), text};
    } else if (key == "role") {
      const std::string_view role = CanonicalRole(text);
      if (!role.empty()) message.role = role;
    } else if (key == "tool_calls") {
      ReadToolCalls(text, json, message.tool_calls);
      if (at.path.empty()) at = {text, json.arena().Join({prefix, key}), text};
    } else if (key == "id") {
      message.tool_call_id = text;
    } else if (key == "finish_reason") {
      message.finish_reason = text;
      if (fields.finish_reason.text.empty()) {
        fields.finish_reason = {text, json.arena().Join({prefix, key}), text};
      }
    }
  }
  if (is_answer) {
    fields.has_messages_out = true;
    if (fields.messages_out_at.path.empty()) {
      fields.messages_out_at = {message.content.empty() ? at.text : message.content, at.path,
                                at.whole};
    }
  }
  list.push_back(std::move(message));
}

// The plain members of a JSON object; none if the text is none. `nested`: those of the usage
// objects in it too.
std::vector<Attribute>& Conventions::Scratch::ReadMembers(std::string_view object_text,
                                                          bool nested) {
  std::vector<Attribute>& members =
      *member_lists.emplace_back(std::make_unique<std::vector<Attribute>>());
  AppendMembers(object_text, nested ? MemberDepth::kUsage : MemberDepth::kTop, json, members);
  return members;
}

// Objects of counts and costs, after all plain attributes: those are more trusted.
void Conventions::Scratch::ReadUsageObjects() {
  for (std::size_t i = 0; i < usage_objects.size(); ++i) {
    const UsageObject object = usage_objects[i];
    const std::vector<Attribute>& members = ReadMembers(object.text, true);
    const std::uint16_t rank = static_cast<std::uint16_t>(kAfterUsageKeys + i);
    if (object.field == Field::kUsageJson) {
      for (const Attribute& member : members) {
        if (const std::optional<Field> field = UsageFieldOf(member.key)) {
          TakeAmount(member, *field, rank);
        }
      }
      continue;
    }
    double sum = 0;
    const Attribute* total = nullptr;
    for (const Attribute& member : members) {
      if (IsOneOfFolded(member.key, {"total", "total_cost", "totalCost", "cost"})) {
        total = &member;
        continue;
      }
      const std::optional<double> part = NumberOf(member.value);
      if (part) sum += *part;
    }
    if (members.empty()) continue;
    // A total of 0 beside parts that cost something was not filled in.
    if (total != nullptr && (IsPositive(total->value) || !(sum > 0))) {
      TakeAmount(*total, Field::kCostUsd, rank);
      continue;
    }
    member_lists.emplace_back(std::make_unique<std::vector<Attribute>>())
        ->push_back({"sum", Value::Double(sum)});
    TakeAmount(member_lists.back()->front(), Field::kCostUsd, rank);
  }
}

void Conventions::Scratch::ReadMetadata() {
  constexpr std::uint16_t kAfterAllAttributes = 10'000;
  for (const Attribute& member : ReadMembers(At(Field::kMetadata).value->text)) {
    for (const KeyUse& use : table.Find(member.key)) {
      const bool is_outcome = use.field == Field::kOutcome || use.field == Field::kSuccess;
      Take(member, use, "attributes.", kAfterAllAttributes, !is_outcome);
    }
  }
}

// An evaluator's attributes and output hold its verdict under the plainest names.
void Conventions::Scratch::ReadEvaluation(const Span& span) {
  const auto take = [&](const std::vector<Attribute>& members) {
    for (const Attribute& member : members) {
      if (IsOneOfFolded(member.key, {"label", "correct", "grade", "pass"}) &&
          !IsAbsent(member.value)) {
        fields.outcome_marks.push_back({member.key, member.value});
      }
    }
  };
  take(span.attributes);
  const std::vector<Attribute>& members = ReadMembers(fields.output.text);
  take(members);
  for (const Attribute& member : members) {
    for (const KeyUse& use : table.Find(member.key)) {
      if (use.field == Field::kOutcome || use.field == Field::kSuccess) {
        fields.outcome_marks.push_back({member.key, member.value});
      }
    }
  }
}

void Conventions::Scratch::ResolveKind(const Span& span) {
  const auto claim = [&](Kind kind, std::string_view convention) {
    has_kind = true;
    fields.kind = kind;
    fields.convention = convention;
  };
  const bool has_model = Has(Field::kRequestModel) || Has(Field::kResponseModel);
  const auto claim_llm = [&] {
    const Field model = Has(Field::kRequestModel) ? Field::kRequestModel : Field::kResponseModel;
    claim(Kind::kLlm, conventions[At(model).convention]->name);
  };
  // Tokens of a model outrank a tool's name: steps that do both name the tool they ask for.
  const bool has_tokens = Has(Field::kInputTokens) || Has(Field::kOutputTokens) ||
                          Has(Field::kFreshInputTokens) || Has(Field::kPlainOutputTokens);
  if (!has_kind && has_model && has_tokens) claim_llm();
  for (const Field field : {Field::kTool, Field::kToolArguments, Field::kToolResult}) {
    if (!has_kind && Has(field)) claim(Kind::kTool, conventions[At(field).convention]->name);
  }
  if (!has_kind && has_model &&
      (Has(Field::kMessagesIn) || Has(Field::kMessagesOut) || !flat.empty())) {
    claim_llm();
  }
  const bool needs_name = (fields.kind == Kind::kTool && !Has(Field::kTool)) ||
                          (fields.kind == Kind::kAgent && !Has(Field::kAgent));
  if (has_kind && !needs_name) return;
  std::string_view rest = span.name;
  for (const Convention* const convention : conventions) {
    for (const NameRule& rule : convention->names) {
      if (!span.name.starts_with(rule.prefix)) continue;
      // "agent." and the like are too common to say more than a name.
      if (!has_kind && rule.prefix.back() == ' ') claim(rule.kind, convention->name);
      if (rule.kind == fields.kind && rest.size() == span.name.size()) {
        rest = span.name.substr(rule.prefix.size());
      }
    }
  }
  if (fields.kind == Kind::kTool && !Has(Field::kTool)) fields.tool = rest;
  if (fields.kind == Kind::kAgent && !Has(Field::kAgent)) fields.agent = rest;
}

void Conventions::Scratch::ResolveUsage(const Span& span) {
  fields.input_tokens = CountIn(Field::kInputTokens);
  fields.output_tokens = CountIn(Field::kOutputTokens);
  fields.total_tokens = CountIn(Field::kTotalTokens);
  fields.cache_read_tokens = CountIn(Field::kCacheReadTokens);
  fields.cache_write_tokens = CountIn(Field::kCacheWriteTokens);
  fields.reasoning_tokens = CountIn(Field::kReasoningTokens);
  if (fields.cache_write_tokens <= 0) {
    const std::int64_t parts[] = {CountIn(Field::kCacheWrite5mTokens),
                                  CountIn(Field::kCacheWrite1hTokens)};
    for (const std::int64_t part : parts) {
      if (part == -1 || fields.cache_write_tokens == kRefusedCount) continue;
      fields.cache_write_tokens = part == kRefusedCount
                                      ? part
                                      : std::max<std::int64_t>(fields.cache_write_tokens, 0) + part;
    }
  }
  ResolveHabits(span);
  const auto cost = [&](Field field) -> double {
    if (!Has(field)) return -1;
    const std::optional<double> number = NumberOf(*At(field).value);
    if (!number && !HoldsDigit(*At(field).value)) return -1;
    if (number && std::isfinite(*number) && *number >= 0) return *number;
    fields.refused_cost = true;
    return -1;
  };
  fields.cost_usd = cost(Field::kCostUsd);
  if (fields.cost_usd < 0) {
    const double input = cost(Field::kInputCostUsd);
    const double output = cost(Field::kOutputCostUsd);
    if (input >= 0 || output >= 0) {
      fields.cost_usd = std::max(input, 0.0) + std::max(output, 0.0);
    }
  }
}

// What the emitter is known to count inside and outside of input and output.
void Conventions::Scratch::ResolveHabits(const Span& span) {
  for (const Convention* const convention : conventions) {
    for (const ScopeRule& rule : convention->scopes) {
      if (rule.scope != span.resource->scope_name) continue;
      (rule.input_includes_cache ? fields.input_includes_cache : fields.input_excludes_cache) =
          true;
      fields.total_leaves_cache_out = rule.total_leaves_cache_out;
      fields.output_leaves_thoughts_out = rule.output_leaves_thoughts_out;
    }
  }
  if (Has(Field::kInputIncludesCache)) {
    fields.input_includes_cache = true;
  } else if (span.resource->scope_name == "ai" && !fields.input_includes_cache) {
    // Vercel's SDK before version 6, which has no such details: it hands through what Anthropic's
    // API counts, and adds up the total itself.
    const std::string_view provider = TextOf(Field::kProvider);
    if (provider.find("anthropic") != provider.npos || provider.find("bedrock") != provider.npos) {
      fields.input_excludes_cache = fields.total_leaves_cache_out = true;
    }
  }
  if (fields.input_tokens < 0 && CountIn(Field::kFreshInputTokens) >= 0) {
    fields.input_tokens = CountIn(Field::kFreshInputTokens);
    fields.input_excludes_cache = fields.total_leaves_cache_out = true;
  }
  if (fields.output_tokens < 0 && CountIn(Field::kPlainOutputTokens) >= 0) {
    fields.output_tokens = CountIn(Field::kPlainOutputTokens);
    fields.output_leaves_thoughts_out = true;
  }
}

void Conventions::Scratch::ResolveFailure() {
  fields.error_type = LocatedOf({Field::kErrorType, Field::kExceptionType});
  fields.exception_message = LocatedOf({Field::kExceptionMessage});
  if (Has(Field::kErrorFlag)) fields.error_flag = LocatedOf(Field::kErrorFlag);
  if (Has(Field::kError)) {
    const Value& value = *At(Field::kError).value;
    if (fields.error_flag.path.empty()) fields.error_flag = LocatedOf(Field::kError);
    if (!SaysTrue(value) && value.has_text() && fields.exception_message.text.empty()) {
      fields.exception_message = LocatedOf(Field::kError);
    }
  }
  if (fields.error_type.text == "tool_error") fields.error_flag = fields.error_type;
  if (fields.kind == Kind::kTool && Has(Field::kSuccess) && fields.error_flag.path.empty() &&
      SaysFalse(*At(Field::kSuccess).value)) {
    fields.error_flag = LocatedOf(Field::kSuccess);
  }
}

void Conventions::Scratch::ResolveMessages() {
  SortItems(flat);
  Arena& arena = json.arena();
  if (Has(Field::kSystemPrompt)) {
    ReadMessages(TextOf(Field::kSystemPrompt), "system", json, fields.messages_in);
    for (Message& message : fields.messages_in) message.role = "system";
  }
  const std::size_t before = fields.messages_in.size();
  BuildMessages(flat, FlatList::kMessagesIn, "user", arena, fields.messages_in);
  if (fields.messages_in.size() == before) {
    const Located at = LocatedOf({Field::kMessagesIn, Field::kInput});
    ReadMessages(at.text, "user", json, fields.messages_in);
  }

  if (!fields.has_messages_out) {
    BuildMessages(flat, FlatList::kMessagesOut, "assistant", arena, fields.messages_out);
    if (!fields.messages_out.empty()) {
      fields.has_messages_out = true;
      // Where the answer's text is, else its first call, else what there is of it.
      const FlatItem* best = nullptr;
      for (const FlatItem& item : flat) {
        if (item.list != FlatList::kMessagesOut) continue;
        if (best == nullptr || (item.part == FlatPart::kContent && !item.text.empty()) ||
            (item.part == FlatPart::kCallArguments && best->part == FlatPart::kRole)) {
          best = &item;
          if (item.part == FlatPart::kContent && !item.text.empty()) break;
        }
      }
      fields.messages_out_at = {best->text, arena.Join({"attributes.", best->key}), best->text};
    } else if (const Located at = LocatedOf({Field::kMessagesOut, Field::kOutput});
               !at.path.empty()) {
      ReadMessages(at.text, "assistant", json, fields.messages_out);
      fields.has_messages_out = true;
      fields.messages_out_at = at;
      for (const Message& message : fields.messages_out) {
        if (message.content.empty()) continue;
        fields.messages_out_at.text = message.content;
        break;
      }
    }
  }
  if (fields.finish_reason.text.empty()) {
    for (const FlatItem& item : flat) {
      if (item.part != FlatPart::kFinishReason || item.text.empty()) continue;
      fields.finish_reason = {item.text, arena.Join({"attributes.", item.key}), item.text};
      break;
    }
  }
  if (fields.finish_reason.text.empty()) {
    for (const Message& message : fields.messages_out) {
      if (message.finish_reason.empty()) continue;
      fields.finish_reason = {message.finish_reason, fields.messages_out_at.path,
                              fields.messages_out_at.whole};
      break;
    }
  }

  BuildTools(flat, json, fields.tools_offered);
  if (fields.tools_offered.empty() && Has(Field::kTools)) {
    ReadToolDefinitions(TextOf(Field::kTools), json, fields.tools_offered);
  }
}

void Conventions::Scratch::Resolve(const Span& span) {
  fields.project = TextOf(Field::kProject);
  fields.service = TextOf(Field::kService);
  fields.version = TextOf(Field::kVersion);
  fields.environment = TextOf(Field::kEnvironment);
  fields.session = TextOf(Field::kSession);
  fields.user = TextOf(Field::kUser);
  fields.task = TextOf(Field::kTask);
  fields.tags = TextOf(Field::kTags);
  fields.agent = TextOf(Field::kAgent);
  fields.agent_id = TextOf(Field::kAgentId);
  fields.provider = WithoutQuotes(TextOf(Field::kProvider));
  fields.request_model = WithoutQuotes(TextOf(Field::kRequestModel));
  fields.response_model = WithoutQuotes(TextOf(Field::kResponseModel));
  fields.tool = TextOf(Field::kTool);
  fields.tool_call_id = TextOf(Field::kToolCallId);
  ResolveKind(span);
  ResolveUsage(span);
  ResolveFailure();
  if (fields.kind == Kind::kTool) {
    fields.input = LocatedOf({Field::kToolArguments, Field::kInput});
    fields.output = LocatedOf({Field::kToolResult, Field::kOutput});
  } else {
    fields.input = LocatedOf({Field::kInput, Field::kMessagesIn});
    fields.output = LocatedOf({Field::kOutput, Field::kMessagesOut});
  }
  if (Has(Field::kFinishReason)) {
    fields.finish_reason = LocatedOf(Field::kFinishReason);
    // A list of them, one a choice: the first counts.
    std::string_view& text = fields.finish_reason.text;
    if (text.starts_with('[')) {
      const std::size_t begin = text.find('"');
      const std::size_t end = begin == text.npos ? begin : text.find('"', begin + 1);
      text = end == text.npos ? std::string_view() : text.substr(begin + 1, end - begin - 1);
    }
  }
  if (fields.kind == Kind::kLlm) ResolveMessages();
  if (fields.kind == Kind::kEvaluator) ReadEvaluation(span);
  const std::string_view name = fields.kind == Kind::kTool ? fields.tool : span.name;
  for (const Convention* const convention : conventions) {
    for (const std::string_view wait : convention->human_waits) {
      if (wait == name) fields.is_human_wait = true;
    }
  }
}

// Whatever was read as JSON has been looked at; the rest is only looked at where its last byte says
// that it may be cut.
void Conventions::Scratch::FindCutJson() {
  fields.cut_json = json.saw_cut();
  const auto look = [&](std::string_view text) {
    if (fields.cut_json || !LooksLikeJson(text)) return;
    const char last = text[text.find_last_not_of(" \t\r\n")];
    const bool may_be_cut = (last != '}' && last != ']') || EndsWithMark(text);
    if (may_be_cut) fields.cut_json = ShapeOf(text) == JsonShape::kCut;
  };
  for (const Field field : {Field::kInput, Field::kOutput, Field::kToolArguments,
                            Field::kToolResult, Field::kMessagesIn, Field::kMessagesOut,
                            Field::kSystemPrompt, Field::kTools, Field::kMetadata}) {
    if (Has(field) && At(field).value->has_text()) look(At(field).value->text);
  }
  for (const FlatItem& item : flat) {
    if (item.part == FlatPart::kCallArguments || item.part == FlatPart::kToolDefinition) {
      look(item.text);
    }
  }
}

Conventions::Conventions() : scratch_(std::make_unique<Scratch>()) {}
Conventions::~Conventions() = default;

const SpanFields& Conventions::Read(const Span& span) {
  Scratch& scratch = *scratch_;
  scratch.Reset();
  scratch.ReadAttributes(span.attributes, "attributes.", 0, false);
  constexpr std::uint16_t kAfterTheSpan = 20'000;
  constexpr std::uint16_t kAfterTheScope = 30'000;
  scratch.ReadAttributes(span.resource->scope_attributes, "scope.", kAfterTheSpan, true);
  scratch.ReadAttributes(span.resource->attributes, "resource.", kAfterTheScope, true);
  scratch.ReadEvents(span);
  if (scratch.Has(Field::kMetadata)) scratch.ReadMetadata();
  scratch.ReadUsageObjects();
  scratch.Resolve(span);
  scratch.FindCutJson();
  return scratch.fields;
}

JsonTrees& Conventions::json() { return scratch_->json; }

}  // namespace halo
