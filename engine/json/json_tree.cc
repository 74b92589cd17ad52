// SPDX-License-Identifier: MIT
#include "engine/json/json_tree.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <iterator>
#include <vector>

#include "engine/json/json_shape.h"
#include "engine/json/json_space.h"
#include "engine/json/simdjson.h"

namespace halo {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t kNodesInBlock = 128;
constexpr std::size_t kKeptBlocks = 64;
// Reset frees a larger buffer, so that one huge value does not remain in memory.
constexpr std::size_t kKeptBytes = 1 << 20;
constexpr std::size_t kFewestSlots = 64;  // a power of two

std::string_view WithoutSpaceAfter(std::string_view text) {
  while (!text.empty() && IsJsonSpace(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

bool JsonNode::Text(std::string_view& out) const {
  if (type_ != Type::kString || !is_valid_) return false;
  out = text_;
  return true;
}

bool JsonNode::Integer(std::int64_t& out) const {
  if (!is_integer_) return false;
  out = integer_;
  return true;
}

bool JsonNode::Real(double& out) const {
  if (type_ != Type::kNumber || !is_valid_) return false;
  out = real_;
  return true;
}

bool JsonNode::Bool(bool& out) const {
  if (type_ != Type::kBool || !is_valid_) return false;
  out = integer_ != 0;
  return true;
}

const JsonNode* JsonNode::Find(std::string_view key) const {
  if (!is_object()) return nullptr;
  for (const JsonNode& member : *this) {
    if (member.key_ == key) return &member;
  }
  return nullptr;
}

struct JsonTrees::Impl {
  // The tree of a text, in a hash table with open addressing, keyed by the text's address and size.
  struct Slot {
    const char* data = nullptr;  // null: free
    std::size_t size = 0;
    const JsonNode* root = nullptr;
  };

  explicit Impl(Arena& texts) : arena(texts), slots(kFewestSlots) {}

  Slot& SlotOf(std::string_view text);
  void GrowSlots();
  const JsonNode* ReadRoot(std::string_view text);
  void ReadScalarRoot(JsonNode& node);
  bool ReadValue(ondemand::value value, JsonNode& node);
  template <class Value>
  void ReadScalar(Value& value, JsonNode& node);
  bool ReadKey(ondemand::field& field, std::string_view& key);
  JsonNode& NewNode();
  // The position in the text that corresponds to `at` in the parser's copy.
  const char* InText(const char* at) const { return text.data() + (at - copy.get()); }
  // The text from `begin` to the end of the value that was just read.
  std::string_view WrittenFrom(const char* begin);

  Arena& arena;
  std::vector<Slot> slots;
  std::size_t used_slots = 0;

  std::vector<std::unique_ptr<JsonNode[]>> blocks;
  std::size_t used_nodes = 0;

  // The state of the text that is being parsed.
  ondemand::parser parser;
  ondemand::document document;
  std::unique_ptr<char[]> copy;  // with the padding that simdjson needs
  std::size_t capacity = 0;
  std::string_view text;
};

JsonTrees::Impl::Slot& JsonTrees::Impl::SlotOf(std::string_view wanted) {
  const auto address = reinterpret_cast<std::uintptr_t>(wanted.data());
  std::uint64_t hash = (address ^ wanted.size() << 32) * 0x9E3779B97F4A7C15u;
  hash ^= hash >> 32;
  for (std::size_t at = hash & (slots.size() - 1);; at = (at + 1) & (slots.size() - 1)) {
    Slot& slot = slots[at];
    if (slot.data == nullptr) return slot;
    if (slot.data == wanted.data() && slot.size == wanted.size()) return slot;
  }
}

void JsonTrees::Impl::GrowSlots() {
  std::vector<Slot> before(slots.size() * 2);
  before.swap(slots);
  for (const Slot& slot : before) {
    if (slot.data != nullptr) SlotOf({slot.data, slot.size}) = slot;
  }
}

JsonNode& JsonTrees::Impl::NewNode() {
  if (used_nodes == blocks.size() * kNodesInBlock) {
    blocks.push_back(std::make_unique<JsonNode[]>(kNodesInBlock));
  }
  JsonNode& node = blocks[used_nodes / kNodesInBlock][used_nodes % kNodesInBlock];
  ++used_nodes;
  return node = JsonNode();
}

std::string_view JsonTrees::Impl::WrittenFrom(const char* begin) {
  const char* next;  // the token after the value
  const char* const end =
      document.current_location().get(next) == simdjson::SUCCESS ? InText(next) : text.end();
  return WithoutSpaceAfter({begin, static_cast<std::size_t>(end - begin)});
}

bool JsonTrees::Impl::ReadKey(ondemand::field& field, std::string_view& key) {
  const char* const begin = InText(field.key().raw());
  const char* end = begin;
  while (*end != '"' && *end != '\\') ++end;
  if (*end == '"') {
    key = {begin, static_cast<std::size_t>(end - begin)};
    return true;
  }
  std::string_view decoded;
  if (field.unescaped_key().get(decoded) != simdjson::SUCCESS) return false;
  key = arena.Copy(decoded);
  return true;
}

// Reads a scalar value, or a document that is one. node.written_ is already set.
template <class Value>
void JsonTrees::Impl::ReadScalar(Value& value, JsonNode& node) {
  ondemand::json_type type;
  if (value.type().get(type) != simdjson::SUCCESS) return;
  switch (type) {
    case ondemand::json_type::null:
      node.type_ = JsonNode::Type::kNull;
      node.is_valid_ = node.written_ == "null";
      break;
    case ondemand::json_type::boolean: {
      node.type_ = JsonNode::Type::kBool;
      node.integer_ = node.written_ == "true";
      node.is_valid_ = node.integer_ != 0 || node.written_ == "false";
      break;
    }
    case ondemand::json_type::number: {
      node.type_ = JsonNode::Type::kNumber;
      node.is_integer_ = value.get_int64().get(node.integer_) == simdjson::SUCCESS;
      if (node.is_integer_) node.real_ = static_cast<double>(node.integer_);
      node.is_valid_ = node.is_integer_ || value.get_double().get(node.real_) == simdjson::SUCCESS;
      break;
    }
    case ondemand::json_type::string: {
      node.type_ = JsonNode::Type::kString;
      node.text_ = node.written_.substr(1, node.written_.size() - 2);
      node.is_valid_ = node.text_.find('\\') == std::string_view::npos;
      std::string_view decoded;
      if (!node.is_valid_ && value.get_string().get(decoded) == simdjson::SUCCESS) {
        node.text_ = arena.Copy(decoded);
        node.is_valid_ = true;
      }
      break;
    }
    default:
      break;
  }
}

// False if the text does not have the shape that json_shape.h found.
bool JsonTrees::Impl::ReadValue(ondemand::value value, JsonNode& node) {
  const std::string_view token = value.raw_json_token();
  const char* const begin = InText(token.data());
  if (*begin != '{' && *begin != '[') {
    node.written_ = WithoutSpaceAfter({begin, token.size()});
    ReadScalar(value, node);
    return true;
  }
  node.is_valid_ = true;
  const JsonNode** link = &node.first_;
  const auto add = [&]() -> JsonNode& {
    JsonNode& child = NewNode();
    *link = &child;
    link = &child.next_;
    return child;
  };
  if (*begin == '[') {
    node.type_ = JsonNode::Type::kArray;
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return false;
    for (auto item : array) {
      ondemand::value element;
      JsonNode& child = add();
      if (item.get(element) != simdjson::SUCCESS || !ReadValue(element, child)) return false;
      node.is_valid_ = node.is_valid_ && child.is_valid_;
    }
  } else {
    node.type_ = JsonNode::Type::kObject;
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return false;
    for (auto item : object) {
      ondemand::field field;
      JsonNode& child = add();
      if (std::move(item).get(field) != simdjson::SUCCESS) return false;
      if (!ReadKey(field, child.key_) || !ReadValue(field.value(), child)) return false;
      node.is_valid_ = node.is_valid_ && child.is_valid_;
    }
  }
  node.written_ = WrittenFrom(begin);
  return true;
}

const JsonNode* JsonTrees::Impl::ReadRoot(std::string_view whole) {
  text = whole;
  const std::size_t needed = text.size() + simdjson::SIMDJSON_PADDING;
  if (capacity < needed) {
    capacity = std::max<std::size_t>(needed, 4096);
    copy = std::make_unique_for_overwrite<char[]>(capacity);
  }
  std::memcpy(copy.get(), text.data(), text.size());
  std::memset(copy.get() + text.size(), ' ', simdjson::SIMDJSON_PADDING);
  const simdjson::padded_string_view padded(copy.get(), text.size(), capacity);
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return nullptr;

  JsonNode& root = NewNode();
  ondemand::value value;
  if (document.get_value().get(value) == simdjson::SUCCESS) {
    if (!ReadValue(value, root)) return nullptr;
  } else {
    std::string_view token;
    if (document.raw_json_token().get(token) != simdjson::SUCCESS) return nullptr;
    root.written_ = WithoutSpaceAfter({InText(token.data()), token.size()});
    ReadScalar(document, root);
    if (root.type_ == JsonNode::Type::kInvalid) return nullptr;
  }
  root.is_alone_ = root.written_.end() == WithoutSpaceAfter(text).end();
  return &root;
}

JsonTrees::JsonTrees() : impl_(std::make_unique<Impl>(arena_)) {}
JsonTrees::~JsonTrees() = default;

const JsonNode* JsonTrees::Parse(std::string_view text) {
  if (text.empty()) return nullptr;
  Impl::Slot& known = impl_->SlotOf(text);
  if (known.data != nullptr) return known.root;
  known = {text.data(), text.size(), ParseNew(text)};
  const JsonNode* const root = known.root;
  if (++impl_->used_slots * 2 > impl_->slots.size()) impl_->GrowSlots();
  return root;
}

const JsonNode* JsonTrees::ParseNew(std::string_view text) {
  const JsonShape shape = ShapeOf(text);
  if (shape == JsonShape::kCut) saw_cut_ = true;
  // Numbers and words have no shape; simdjson checks them.
  const bool has_shape = LooksLikeJson(text);
  if (has_shape ? shape != JsonShape::kWhole : SkipJsonSpace(text).empty()) {
    return nullptr;
  }
  return impl_->ReadRoot(text);
}

void JsonTrees::Reset() {
  arena_.Reset();
  saw_cut_ = false;
  Impl& impl = *impl_;
  impl.used_nodes = 0;
  if (impl.blocks.size() > kKeptBlocks) impl.blocks.resize(kKeptBlocks);
  if (impl.used_slots > 0) impl.slots.assign(kFewestSlots, {});
  impl.used_slots = 0;
  if (impl.capacity > kKeptBytes) {
    impl.copy.reset();
    impl.capacity = 0;
    impl.document = {};
    impl.parser = ondemand::parser();
  }
}

bool LooksLikeJson(std::string_view text) {
  text = SkipJsonSpace(text);
  return !text.empty() && (text[0] == '{' || text[0] == '[' || text[0] == '"');
}

void AppendExact(const JsonNode& node, std::string& out) {
  char number[32];
  std::int64_t integer;
  double real;
  if (std::string_view text; node.Text(text)) {
    out.append(number, std::to_chars(number, std::end(number), text.size()).ptr);
    out += '"';
    out += text;
  } else if (node.Integer(integer)) {
    out.append(number, std::to_chars(number, std::end(number), integer).ptr);
  } else if (node.Real(real)) {
    out.append(number, std::to_chars(number, std::end(number), real).ptr);
    out += 'e';
  } else if (node.is_array() || node.is_object()) {
    out += node.is_array() ? '[' : '{';
    for (const JsonNode& child : node) {
      if (node.is_object()) {
        out.append(number, std::to_chars(number, std::end(number), child.key().size()).ptr);
        out += ':';
        out += child.key();
      }
      AppendExact(child, out);
      out += ',';
    }
    out += node.is_array() ? ']' : '}';
  } else {
    out += node.written();
  }
}

}  // namespace halo
