// SPDX-License-Identifier: MIT
#include "engine/json/canonical_json.h"

#include <cmath>
#include <cstring>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "engine/base/ascii.h"
#include "engine/base/hash.h"

namespace halo {
namespace {

constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxNestedBytes = 64 << 10;

// Keys whose values differ on every call, in lower case, without '_' and '-'.
constexpr std::string_view kVolatile[] = {
    "toolcallid", "callid",    "requestid",      "traceid",       "spanid",
    "messageid",  "timestamp", "idempotencykey", "correlationid", "traceparent",
    "tracestate", "nonce",     "meta",
};

bool IsVolatile(std::string_view key) {
  if (key.size() < 4 || key.size() > 20) return false;
  char word[20];
  std::size_t size = 0;
  for (const char c : key) {
    if (c != '_' && c != '-') word[size++] = ascii::Lower(c);
  }
  for (const std::string_view known : kVolatile) {
    if (known == std::string_view(word, size)) return known != "meta" || key == "_meta";
  }
  return false;
}

std::uint64_t HashBytes(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

enum : std::uint64_t { kText = 1, kNumber, kOther, kKey, kObject = 0x51, kArray = 0x52 };

class Hasher {
 public:
  explicit Hasher(JsonTrees& json) : json_(json) {}

  // False if the text is not one JSON value.
  bool HashText(std::string_view text, int depth, std::uint64_t& hash) {
    const JsonNode* const root = json_.Parse(text);
    if (root == nullptr) return false;
    if (root->is_string()) return HashValue(*root, depth, hash);
    return HashValue(*root, depth, hash) && root->is_alone();
  }

 private:
  std::uint64_t HashString(std::string_view text, int depth) {
    text = ascii::Trim(text);
    if (depth < 3 && text.size() >= 2 && text.size() <= kMaxNestedBytes &&
        (text.front() == '{' || text.front() == '[')) {
      std::uint64_t hash = 0;
      if (HashText(text, depth + 1, hash)) return hash;
    }
    return HashBytes(text, kText);
  }

  bool HashValue(const JsonNode& value, int depth, std::uint64_t& hash) {
    if (depth > kMaxDepth) return false;
    switch (value.type()) {
      case JsonNode::Type::kInvalid:
        return false;
      case JsonNode::Type::kString: {
        std::string_view text;
        if (!value.Text(text)) return false;
        hash = HashString(text, depth);
        return true;
      }
      case JsonNode::Type::kNumber:
        return HashNumber(value, hash);
      case JsonNode::Type::kArray: {
        hash = kArray;
        for (const JsonNode& item : value) {
          std::uint64_t inner = 0;
          if (!HashValue(item, depth + 1, inner)) return false;
          hash = MixHash(hash, inner);
        }
        return true;
      }
      case JsonNode::Type::kObject: {
        // A sum does not depend on the order of members.
        std::uint64_t sum = 0;
        for (const JsonNode& member : value) {
          if (IsVolatile(member.key())) continue;
          std::uint64_t inner = 0;
          if (!HashValue(member, depth + 1, inner)) return false;
          sum += MixHash(HashBytes(member.key(), kKey), inner);
        }
        hash = MixHash(kObject, sum);
        return true;
      }
      default:
        hash = HashBytes(value.written(), kOther);
        return true;
    }
  }

  static bool HashNumber(const JsonNode& value, std::uint64_t& hash) {
    std::int64_t integer = 0;
    std::uint64_t seed = kNumber;
    if (double real = 0; !value.Integer(integer)) {
      if (!value.Real(real)) return false;
      if (std::abs(real) < 9e15 && real == std::trunc(real)) {
        integer = static_cast<std::int64_t>(real);
      } else {
        std::memcpy(&integer, &real, sizeof(integer));
        seed = kOther;
      }
    }
    hash = HashBytes({reinterpret_cast<const char*>(&integer), sizeof(integer)}, seed);
    return true;
  }

  JsonTrees& json_;
};

}  // namespace

std::uint64_t CanonicalHash(std::string_view text, JsonTrees& json) {
  text = ascii::Trim(text);
  if (text.empty()) return 0;
  std::uint64_t hash = 0;
  const bool looks_like_json = text.front() == '{' || text.front() == '[' || text.front() == '"';
  if (!looks_like_json || !Hasher(json).HashText(text, 0, hash)) hash = HashBytes(text, kText);
  return hash == 0 ? 1 : hash;
}

}  // namespace halo
