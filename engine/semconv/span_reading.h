// SPDX-License-Identifier: MIT
// The values that the conventions find in the attributes and events of one span: the most trusted
// value of each field, and the parts of lists and objects. Internal to engine/semconv; not
// thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "engine/json/json_tree.h"
#include "engine/model/span.h"
#include "engine/model/span_fields.h"
#include "engine/semconv/convention.h"
#include "engine/semconv/flat_list.h"
#include "engine/semconv/json_members.h"
#include "engine/semconv/key_table.h"
#include "engine/semconv/unread_keys.h"

namespace halo {

class SpanReading {
 public:
  explicit SpanReading(std::span<const Convention* const> conventions);

  // Forgets the previous span and reads this one, which must outlive the results. A field that the
  // span does not give may come from its scope or resource.
  void Read(const Span& span);

  // The most trusted value of a field.
  struct Found {
    const Value* value = nullptr;
    const Value* stored = nullptr;  // the value under `key`, of which `value` may be only a part
    std::string_view key;
    std::string_view prefix;  // of the path of `key`, such as "attributes."
    double scale = 1;
    std::uint16_t rank = 0;
    std::uint8_t convention = 0;
  };
  bool Has(Field field) const { return (found_bits_ >> static_cast<unsigned>(field)) & 1; }
  const Found& At(Field field) const { return found_[static_cast<std::size_t>(field)]; }

  std::string_view TextOf(const Value& value);
  std::string_view TextOf(Field field) { return Has(field) ? TextOf(*At(field).value) : ""; }
  Located LocatedOf(Field field);
  // The same for the first of the fields that was found.
  Located LocatedOf(std::initializer_list<Field> fields);

  // The path of an event's attribute, as read_spans accepts it.
  std::string_view EventPath(std::size_t event, std::string_view key);

  // Offers an amount from a usage object; it is kept if no more trusted one was found.
  void OfferAmount(const Attribute& attribute, Field field, std::uint16_t rank);
  // The members of a JSON object; valid until the next Read.
  const std::vector<Attribute>& MembersOf(std::string_view object, MemberDepth depth);
  std::vector<Attribute>& NewMembers() { return member_lists_.emplace_back(); }

  // Objects of counts (kUsageJson) or costs (kCostJson), as JSON or as members.
  struct UsageObject {
    Field field;
    std::string_view text;
    const std::vector<Attribute>* members = nullptr;  // null: `text` is the object
  };

  const std::span<const Convention* const> conventions;
  const KeyTable table;
  JsonTrees json;
  // While a span is read, only the kind, outcome marks and messages of events are filled in.
  SpanFields fields;
  bool has_kind = false;  // fields.kind and fields.convention are known
  std::vector<FlatItem> flat;
  UnreadKeys unread;
  Located event_in, event_out;  // the last message of the prompt and of the answer in events
  std::vector<UsageObject> usage_objects;

 private:
  void Reset();
  void ReadAttributes(const std::vector<Attribute>& attributes, std::string_view prefix,
                      std::uint16_t rank_offset, bool shared_only);
  void ReadEvents(const Span& span);
  void ReadMetadata();
  bool OfferPrefixed(const Attribute& attribute);
  bool OfferIndexed(const Attribute& attribute, std::string_view prefix);
  void OfferObjects();
  // Offers a member of metadata as a shared field or a mark of the outcome.
  void OfferMetadata(const Attribute& member);
  void Offer(const Attribute& attribute, const KeyUse& use, std::string_view prefix,
             std::uint16_t rank_offset, bool shared_only);
  void OfferField(const Attribute& attribute, const KeyUse& use, std::string_view prefix,
                  std::uint16_t rank);
  void OfferKind(const Attribute& attribute, const KeyUse& use);
  bool HasMarker(const Convention& convention, std::string_view besides) const;
  void OfferKind(Kind kind, const KeyUse& use);
  void OfferFlat(const Attribute& attribute, const KeyUse& use, std::uint32_t outer,
                 std::uint32_t inner, std::string_view prefix);

  // Attributes with a common prefix, which form one value.
  struct PrefixObject {
    const PrefixUse* prefix;
    std::string_view first_key;
    std::vector<Attribute>* members;
  };

  static constexpr std::size_t kFieldCount = static_cast<std::size_t>(Field::kCount);
  static_assert(kFieldCount <= 64, "fields are kept as bits");

  std::uint64_t found_bits_ = 0;
  std::array<Found, kFieldCount> found_;
  std::uint16_t kind_rank_ = 0;
  const Span* span_ = nullptr;  // that is being read
  std::vector<PrefixObject> objects_;
  std::deque<std::vector<Attribute>> member_lists_;
};

// Added to the ranks of values under prefixed keys, and of amounts from usage objects: both are
// less trusted than keys that a table lists.
inline constexpr std::uint16_t kAfterKnownKeys = 5'000, kAfterUsageKeys = 6'000;

}  // namespace halo
