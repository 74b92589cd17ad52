// SPDX-License-Identifier: MIT
#include "engine/semconv/span_reading.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <string>

#include "engine/base/ascii.h"
#include "engine/json/json_print.h"
#include "engine/semconv/message_fields.h"
#include "engine/semconv/usage_words.h"
#include "engine/semconv/value_words.h"

namespace halo {
namespace {

constexpr std::string_view kOfSpan = "attributes.";

// Added to the ranks of values that are less trusted than every attribute of the span.
constexpr std::uint16_t kAfterAllAttributes = 10'000;
constexpr std::uint16_t kAfterTheSpan = 20'000;
constexpr std::uint16_t kAfterTheScope = 30'000;

bool IsAmount(Field field) {
  return (field >= Field::kInputTokens && field <= Field::kPlainOutputTokens) ||
         (field >= Field::kCostUsd && field <= Field::kOutputCostUsd);
}

bool IsOutcome(Field field) { return field == Field::kOutcome || field == Field::kSuccess; }

}  // namespace

SpanReading::SpanReading(std::span<const Convention* const> all) : conventions(all), table(all) {}

void SpanReading::Read(const Span& span) {
  Reset();
  span_ = &span;
  ReadAttributes(span.attributes, kOfSpan, 0, false);
  OfferObjects();
  ReadAttributes(span.resource->scope_attributes, "scope.", kAfterTheSpan, true);
  ReadAttributes(span.resource->attributes, "resource.", kAfterTheScope, true);
  ReadEvents(span);
  if (Has(Field::kMetadata)) ReadMetadata();
}

void SpanReading::Reset() {
  json.Reset();
  // Keeps the memory of the lists.
  std::vector<Message> in = std::move(fields.messages_in);
  std::vector<Message> out = std::move(fields.messages_out);
  std::vector<ToolDefinition> tools = std::move(fields.tools_offered);
  std::vector<OutcomeMark> marks = std::move(fields.outcome_marks);
  std::vector<Evaluation> evaluations = std::move(fields.evaluations);
  in.clear();
  out.clear();
  tools.clear();
  marks.clear();
  evaluations.clear();
  fields = SpanFields{};
  fields.messages_in = std::move(in);
  fields.messages_out = std::move(out);
  fields.tools_offered = std::move(tools);
  fields.outcome_marks = std::move(marks);
  fields.evaluations = std::move(evaluations);
  found_bits_ = 0;
  usage_objects.clear();
  flat.clear();
  unread.Clear();
  event_in = event_out = {};
  objects_.clear();
  member_lists_.clear();
  has_kind = false;
}

std::string_view SpanReading::TextOf(const Value& value) {
  if (value.has_text()) return value.text;
  char buffer[32];
  const auto print = [&](auto number) {
    const auto end = std::to_chars(buffer, std::end(buffer), number).ptr;
    return json.arena().Copy({buffer, static_cast<std::size_t>(end - buffer)});
  };
  switch (value.type) {
    case Value::Type::kBool:
      return value.integer != 0 ? "true" : "false";
    case Value::Type::kInt:
      return print(value.integer);
    case Value::Type::kDouble:
      return print(value.real);
    default:
      return {};
  }
}

Located SpanReading::LocatedOf(Field field) {
  const Found& at = At(field);
  const std::string_view whole = at.stored->has_text() ? at.stored->text : std::string_view();
  return {TextOf(*at.value), json.arena().Join({at.prefix, at.key}), whole};
}

Located SpanReading::LocatedOf(std::initializer_list<Field> fields_in_order) {
  for (const Field field : fields_in_order) {
    if (Has(field)) return LocatedOf(field);
  }
  return {};
}

std::string_view SpanReading::EventPath(std::size_t event, std::string_view key) {
  char number[16];
  const auto end = std::to_chars(number, std::end(number), event).ptr;
  const std::string_view index(number, static_cast<std::size_t>(end - number));
  return json.arena().Join({"events[", index, "].attributes.", key});
}

const std::vector<Attribute>& SpanReading::MembersOf(std::string_view object, MemberDepth depth) {
  std::vector<Attribute>& members = NewMembers();
  AppendMembers(object, depth, json, members);
  return members;
}

void SpanReading::ReadAttributes(const std::vector<Attribute>& attributes, std::string_view prefix,
                                 std::uint16_t rank_offset, bool shared_only) {
  for (const Attribute& attribute : attributes) {
    if (IsAbsent(attribute.value)) continue;
    const std::span<const KeyUse> uses = table.Find(attribute.key);
    for (const KeyUse& use : uses) Offer(attribute, use, prefix, rank_offset, shared_only);
    if (!uses.empty() || shared_only || OfferPrefixed(attribute)) continue;
    if (prefix != kOfSpan) continue;
    if (!OfferIndexed(attribute, prefix)) unread.Add(attribute.key);
  }
}

// False if the key is no part of a flattened list.
bool SpanReading::OfferIndexed(const Attribute& attribute, std::string_view prefix) {
  const FlatKey key(attribute.key);
  if (key.pattern().empty()) return false;
  for (const KeyUse& use : table.Find(key.pattern())) {
    if (use.what != KeyUse::What::kFlatPart) continue;
    OfferFlat(attribute, use, key.outer(), key.inner(), prefix);
    return true;
  }
  return false;
}

// False if no prefix gives the attribute a meaning.
bool SpanReading::OfferPrefixed(const Attribute& attribute) {
  bool is_known = false;
  table.ForEachPrefix(attribute.key, [&](const PrefixUse& use) {
    const std::string_view rest = attribute.key.substr(use.rule.prefix.size());
    const auto rank = static_cast<std::uint16_t>(kAfterKnownKeys + use.rank);
    switch (use.rule.field) {
      case Field::kUsageJson: {
        const auto field = UsageFieldOfKey(rest, use.rule.parts_are_exclusive);
        if (!field) return;
        OfferAmount(attribute, *field, rank);
        break;
      }
      case Field::kInputIncludesCache:
        OfferAmount(attribute, use.rule.field, rank);
        break;
      case Field::kMetadata:
        OfferMetadata(NewMembers().emplace_back(Attribute{rest, attribute.value}));
        break;
      default: {
        auto object = std::find_if(objects_.begin(), objects_.end(),
                                   [&](const PrefixObject& o) { return o.prefix == &use; });
        if (object == objects_.end()) {
          object = objects_.insert(object, {&use, attribute.key, &NewMembers()});
        }
        object->members->push_back({rest, attribute.value});
      }
    }
    is_known = true;
  });
  return is_known;
}

// Offers the attributes with a common prefix as one value.
void SpanReading::OfferObjects() {
  for (const PrefixObject& object : objects_) {
    const Field field = object.prefix->rule.field;
    if (field == Field::kCostJson) {
      usage_objects.push_back({field, {}, object.members});
      continue;
    }
    std::string text = "{";
    for (const Attribute& member : *object.members) {
      if (text.size() > 1) text += ',';
      AppendJsonValue(Value::Text(member.key), text);
      text += ':';
      AppendJsonValue(member.value, text);
    }
    text += '}';
    const Attribute& whole = NewMembers().emplace_back(
        Attribute{object.first_key, Value::Json(json.arena().Copy(text))});
    KeyUse use;
    use.field = field;
    OfferField(whole, use, kOfSpan,
               static_cast<std::uint16_t>(kAfterKnownKeys + object.prefix->rank));
    // Quotes are searched for in the stored value.
    Found& at = found_[static_cast<std::size_t>(field)];
    if (at.value == &whole.value) at.stored = &object.members->front().value;
  }
}

void SpanReading::Offer(const Attribute& attribute, const KeyUse& use, std::string_view prefix,
                        std::uint16_t rank_offset, bool shared_only) {
  if (use.what == KeyUse::What::kFlatPart) {
    if (!shared_only) OfferFlat(attribute, use, 0, 0, prefix);
    return;
  }
  if (use.what == KeyUse::What::kPresence) {
    if (!shared_only) OfferKind(use.kind, use);
    return;
  }
  if (shared_only && use.field > Field::kLastSharedField) return;
  if (use.text_only && (!attribute.value.has_text() || NumberOf(attribute.value))) return;
  if (use.field == Field::kKind) return OfferKind(attribute, use);
  if (IsOutcome(use.field)) {
    fields.outcome_marks.push_back({attribute.key, attribute.value});
    if (use.field == Field::kOutcome) return;
  }
  // A flag without an error and an empty field must not hide a later one that reports an error.
  if (use.field == Field::kErrorFlag && !SaysError(attribute.value)) return;
  if (use.field == Field::kError && SaysNoError(TextOf(attribute.value))) return;
  if (use.field == Field::kErrorType && attribute.value.text == "_OTHER") return;
  if (use.field == Field::kUsageJson || use.field == Field::kCostJson) {
    if (attribute.value.has_text()) usage_objects.push_back({use.field, attribute.value.text});
    return;
  }
  OfferField(attribute, use, prefix, static_cast<std::uint16_t>(use.rank + rank_offset));
}

void SpanReading::OfferField(const Attribute& attribute, const KeyUse& use, std::string_view prefix,
                             std::uint16_t rank) {
  Found& at = found_[static_cast<std::size_t>(use.field)];
  if (Has(use.field)) {
    // Of two amounts under different keys, a 0 or an impossible one must not hide a positive one.
    const bool counts = IsAmount(use.field) && IsPositive(attribute.value);
    const bool other_counts = IsAmount(use.field) && IsPositive(*at.value);
    if (other_counts && !counts) return;
    // If a key is given twice, the first counts, since read_spans also finds that one; of several
    // events the last counts, since its exception ended the span.
    const bool replaces = counts && !other_counts;
    const bool is_second = rank == at.rank && prefix.data() == at.prefix.data();
    if (!replaces && (rank > at.rank || is_second)) return;
  }
  at = {&attribute.value, &attribute.value, attribute.key, prefix, use.scale, rank, use.convention};
  found_bits_ |= std::uint64_t{1} << static_cast<unsigned>(use.field);
}

void SpanReading::OfferAmount(const Attribute& attribute, Field field, std::uint16_t rank) {
  KeyUse use;
  use.field = field;
  OfferField(attribute, use, kOfSpan, rank);
}

void SpanReading::OfferKind(const Attribute& attribute, const KeyUse& use) {
  const Convention& convention = *conventions[use.convention];
  const std::string_view given = WithoutQuotes(attribute.value.text);
  for (const KindWord& word : convention.kinds) {
    if (!ascii::EqualsFolded(given, word.word)) continue;
    if (HasMarker(convention, attribute.key)) OfferKind(word.kind, use);
    return;
  }
}

bool SpanReading::HasMarker(const Convention& convention, std::string_view besides) const {
  if (convention.markers.empty()) return true;
  return std::any_of(
      span_->attributes.begin(), span_->attributes.end(), [&](const Attribute& attribute) {
        return attribute.key != besides &&
               std::find(convention.markers.begin(), convention.markers.end(), attribute.key) !=
                   convention.markers.end();
      });
}

void SpanReading::OfferKind(Kind kind, const KeyUse& use) {
  if (has_kind && kind_rank_ <= use.rank) return;
  has_kind = true;
  kind_rank_ = use.rank;
  fields.kind = kind;
  fields.convention = conventions[use.convention]->name;
}

void SpanReading::OfferFlat(const Attribute& attribute, const KeyUse& use, std::uint32_t outer,
                            std::uint32_t inner, std::string_view prefix) {
  if (prefix != kOfSpan || !attribute.value.has_text()) return;
  flat.push_back(
      {use.list, use.part, outer, inner, attribute.value.text, attribute.key, use.convention});
}

void SpanReading::ReadEvents(const Span& span) {
  for (std::size_t i = 0; i < span.events.size(); ++i) {
    const Event& event = span.events[i];
    for (const Convention* const convention : conventions) {
      for (const EventRule& rule : convention->events) {
        if (rule.event != event.name) continue;
        if (rule.use == EventRule::Use::kAttributes) {
          ReadAttributes(event.attributes, EventPath(i, {}), 0, false);
        } else {
          ReadMessageEvent(event, i, rule, *this);
        }
      }
    }
  }
}

void SpanReading::OfferMetadata(const Attribute& member) {
  for (const KeyUse& use : table.Find(member.key)) {
    Offer(member, use, kOfSpan, kAfterAllAttributes, !IsOutcome(use.field));
  }
}

void SpanReading::ReadMetadata() {
  for (const Attribute& member : MembersOf(At(Field::kMetadata).value->text, MemberDepth::kTop)) {
    OfferMetadata(member);
  }
}

}  // namespace halo
