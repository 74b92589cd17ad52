// SPDX-License-Identifier: MIT
// The JSON inside attributes, as trees: each text of a span is parsed once for all its readers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/json/arena.h"

namespace halo {

// A value and everything in it. Read-only; lives until its JsonTrees is reset.
class JsonNode {
 public:
  enum class Type : std::uint8_t {
    kInvalid,  // the first byte begins no JSON value, as in NaN
    kNull,
    kBool,
    kNumber,
    kString,
    kArray,
    kObject,
  };

  // Determined by the first byte alone; Text, Integer, Real, Bool and is_valid report whether the
  // value is well-formed.
  Type type() const { return type_; }
  bool is_string() const { return type_ == Type::kString; }
  bool is_array() const { return type_ == Type::kArray; }
  bool is_object() const { return type_ == Type::kObject; }

  // The value as written, without the space around it. A view of the text that was parsed.
  std::string_view written() const { return written_; }
  // The decoded key of a member of an object.
  std::string_view key() const { return key_; }

  // These return false, and do not change `out`, if the value is of another type or malformed.
  bool Text(std::string_view& out) const;  // decoded
  bool Integer(std::int64_t& out) const;   // not for 1.0 or 1e3
  bool Real(double& out) const;            // any number
  bool Bool(bool& out) const;

  // Whether this value and everything in it is strictly valid: numbers, words and escapes too.
  bool is_valid() const { return is_valid_; }
  // Whether only white space follows the value in the text. Set for the root only.
  bool is_alone() const { return is_alone_; }

  // The items of an array or the members of an object, as written.
  class Iterator {
   public:
    explicit Iterator(const JsonNode* node) : node_(node) {}
    const JsonNode& operator*() const { return *node_; }
    Iterator& operator++() {
      node_ = node_->next_;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const JsonNode* node_;
  };
  Iterator begin() const { return Iterator(first_); }
  Iterator end() const { return Iterator(nullptr); }
  // The first member of an object with this key; null if it has no such member.
  const JsonNode* Find(std::string_view key) const;

 private:
  friend class JsonTrees;

  Type type_ = Type::kInvalid;
  bool is_valid_ = false;
  bool is_alone_ = false;
  bool is_integer_ = false;
  std::string_view key_, written_, text_;
  std::int64_t integer_ = 0;  // kBool: 0 or 1
  double real_ = 0;
  const JsonNode* first_ = nullptr;
  const JsonNode* next_ = nullptr;
};

// The trees of one span's texts, and memory that the next span reuses. Not thread-safe.
class JsonTrees {
 public:
  JsonTrees();
  ~JsonTrees();

  // The value with which `text` begins; null if that is not a whole JSON value (json_shape.h). A
  // text is identified by its address and size, so its bytes must not change until Reset. To parse
  // JSON inside a JSON string, pass that string.
  const JsonNode* Parse(std::string_view text);

  // Whether a text since the last Reset was truncated JSON.
  bool saw_cut() const { return saw_cut_; }

  // Memory for other texts that must live as long as the trees.
  Arena& arena() { return arena_; }

  // Forgets all trees and texts.
  void Reset();

 private:
  struct Impl;

  const JsonNode* ParseNew(std::string_view text);

  std::unique_ptr<Impl> impl_;
  Arena arena_;
  bool saw_cut_ = false;
};

// Whether the text starts like a JSON object, array or string.
bool LooksLikeJson(std::string_view text);

// Appends a text that is equal for equal values, with members in the order they are written.
void AppendExact(const JsonNode& node, std::string& out);

}  // namespace halo
