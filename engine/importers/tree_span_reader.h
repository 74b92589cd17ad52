// SPDX-License-Identifier: MIT
// The common part of readers of JSON formats whose objects are read in an order of their own: each
// object of a record becomes a tree (json/json_tree.h), from which the format picks the values of
// spans. Memory is bounded by the largest object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/importers/json_record_reader.h"
#include "engine/importers/span_builder.h"
#include "engine/json/json_tree.h"
#include "engine/model/reject_reasons.h"

namespace halo {

class TreeSpanReader : public JsonRecordReader {
 protected:
  // `pages`: the keys under which an API's answer lists the objects, such as "data". They are read
  // one after the other, as if each were alone.
  explicit TreeSpanReader(std::span<const std::string_view> pages = {}) : pages_(pages) {}

  // One object of the record: a span, or what holds spans.
  virtual void ReadTree(const JsonNode& object) = 0;

  // Starts a span, without attributes, resource and scope, that is written at `where`.
  void BeginSpan(const JsonNode& where);
  // Hands out the span, or rejects it.
  void EndSpan();

  Span& span() { return builder_.span; }
  const Span& span() const { return builder_.span; }
  SpanBuilder& builder() { return builder_; }
  Resource& resource() { return resource_; }
  Arena& arena() { return values().arena(); }

  // The value as spans hold it. Null, and a loss of the span, if it is malformed. A null `node` is
  // a JSON null.
  Value ValueOf(const JsonNode* node);
  // The text of a string; of a number, as it is written. Empty for anything else.
  std::string_view TextOf(const JsonNode* node);
  // Adds an attribute unless its value is null or an empty text.
  void Add(std::string_view key, const JsonNode* node) { AddTo(span().attributes, key, node); }
  void AddText(std::string_view key, std::string_view text);
  // Whether the span has an attribute with this key.
  bool Has(std::string_view key);
  void AddTo(std::vector<Attribute>& out, std::string_view key, const JsonNode* node);
  // Adds the members of an object, or of a text that is one, each as an attribute.
  void AddMembers(std::vector<Attribute>& out, const JsonNode* object,
                  std::string_view prefix = {});
  // The object or array that a string contains as JSON; the node itself if it contains none.
  const JsonNode* Unpack(const JsonNode* node);

  // An id: text, "0x..." or a number. Sets the problem of the span if it is of another type.
  std::string_view IdOf(const JsonNode* node, std::size_t bytes);
  // A time: a number in any unit, text, or [seconds, nanoseconds]. `field` is a string literal.
  Moment TimeOf(const JsonNode* node, std::string_view field);
  // Adds an event, without attributes, at the time of `time`.
  Event& AddEvent(std::string_view name, const JsonNode* time);

  // Adds the events of a list: their keys.
  struct EventKeys {
    std::string_view name, time, attributes;
  };
  void AddEvents(const JsonNode* list, const EventKeys& keys);
  // Sets the links of the span from a list of objects with the ids under `context`, or in
  // themselves if that is empty.
  struct LinkKeys {
    std::string_view context, trace_id, span_id;
  };
  void SetLinks(const JsonNode* list, const LinkKeys& keys);

  // Rejects what is neither a span nor holds one.
  void RefuseObject(const JsonNode& object, std::string_view detail) {
    Refuse(kNotASpan, Where(object), detail);
  }
  // Where the object that ReadTree got begins in the input, in bytes.
  std::uint64_t RootOffset() const { return OffsetOf(root_at_); }

  void Lose(const JsonNode& node, std::string_view what, std::string_view reason = kMalformedPart);

 private:
  void ReadEnclosing(std::string_view, std::string_view) override { depth_ = 0; }
  JsonError ReadObject(JsonObject& object) override;
  JsonError ReadWhole(const char* begin);
  bool IsPage(RawString key) const;
  JsonError AppendNode(const JsonNode& node, std::string& out, int depth);
  bool ReadTime(const JsonNode* node, Moment& out);
  const char* Where(const JsonNode& node) const;
  bool DecodeText(const JsonNode& node, std::string_view& out);

  const std::span<const std::string_view> pages_;
  JsonTrees trees_;
  Resource resource_;
  SpanBuilder builder_;
  std::set<std::string_view> keys_;  // of the first indexed_ attributes of the span
  std::size_t indexed_ = 0;
  std::string scratch_;
  const char* root_at_ = nullptr;
  const char* span_at_ = nullptr;
  int depth_ = 0;  // of the page that is being read
};

// A key in lower case and without separators, so that traceId, trace_id and TraceID are one; empty
// if it is too long for any table.
class FoldedKey {
 public:
  explicit FoldedKey(std::string_view key);
  std::string_view text() const { return {buffer_, size_}; }

 private:
  char buffer_[32];
  std::size_t size_ = 0;
};

// A row of a format's table: what is done with the value of a key.
template <class Reader>
struct TreeField {
  std::string_view name;
  void (Reader::*read)(const JsonNode& value);
};

// Calls the function of each member's row, and `other` for members that no row names.
template <class Reader, std::size_t N, class Other>
void ReadMembers(const JsonNode& object, const TreeField<Reader> (&fields)[N], Reader& reader,
                 Other&& other) {
  for (const JsonNode& member : object) {
    bool is_known = false;
    for (const TreeField<Reader>& field : fields) {
      if (field.name != member.key()) continue;
      (reader.*field.read)(member);
      is_known = true;
      break;
    }
    if (!is_known) other(member);
  }
}

// Whether the node is there and says more than null, "", [] or {}.
bool IsGiven(const JsonNode* node);

}  // namespace halo
