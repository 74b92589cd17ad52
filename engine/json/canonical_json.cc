// SPDX-License-Identifier: MIT
#include "engine/json/canonical_json.h"

#include <cmath>
#include <cstring>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "engine/base/ascii.h"
#include "engine/json/json_document.h"

namespace halo {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxNestedBytes = 64 << 10;

// Lower case, without '_' and '-'.
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

using ascii::Trim;

std::uint64_t HashBytes(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

enum : std::uint64_t { kText = 1, kNumber, kOther, kKey, kObject = 0x51, kArray = 0x52 };

class Hasher {
 public:
  explicit Hasher(JsonScratch& json) : json_(json) {}

  // False where the text is no complete JSON.
  bool HashText(std::string_view text, int depth, std::uint64_t& hash) {
    JsonDocument* const document = json_.Open(text);
    ondemand::value root;
    if (document == nullptr) return false;
    ondemand::json_type type;
    if (document->root.type().get(type) != simdjson::SUCCESS) return false;
    if (type == ondemand::json_type::string) {
      std::string_view inner;
      if (document->root.get_string().get(inner) != simdjson::SUCCESS) return false;
      hash = HashString(inner, depth);
      return true;
    }
    if (document->root.get_value().get(root) != simdjson::SUCCESS) return false;
    // Text behind the value: not one value.
    return HashValue(root, depth, hash) &&
           document->root.current_location().error() == simdjson::OUT_OF_BOUNDS;
  }

 private:
  std::uint64_t HashString(std::string_view text, int depth) {
    text = Trim(text);
    if (depth < 3 && text.size() >= 2 && text.size() <= kMaxNestedBytes &&
        (text.front() == '{' || text.front() == '[')) {
      std::uint64_t hash = 0;
      if (HashText(text, depth + 1, hash)) return hash;
    }
    return HashBytes(text, kText);
  }

  bool HashValue(ondemand::value value, int depth, std::uint64_t& hash) {
    if (depth > kMaxDepth) return false;
    ondemand::json_type type;
    if (value.type().get(type) != simdjson::SUCCESS) return false;
    switch (type) {
      case ondemand::json_type::string: {
        std::string_view text;
        if (value.get_string().get(text) != simdjson::SUCCESS) return false;
        hash = HashString(text, depth);
        return true;
      }
      case ondemand::json_type::number: {
        std::int64_t integer = 0;
        double real = 0;
        if (value.get_int64().get(integer) != simdjson::SUCCESS) {
          if (value.get_double().get(real) != simdjson::SUCCESS) return false;
          if (std::abs(real) < 9e15 && real == std::trunc(real)) {
            integer = static_cast<std::int64_t>(real);
          } else {
            std::memcpy(&integer, &real, sizeof(integer));
            hash = HashBytes({reinterpret_cast<const char*>(&integer), 8}, kOther);
            return true;
          }
        }
        hash = HashBytes({reinterpret_cast<const char*>(&integer), 8}, kNumber);
        return true;
      }
      case ondemand::json_type::array: {
        ondemand::array array;
        if (value.get_array().get(array) != simdjson::SUCCESS) return false;
        hash = kArray;
        for (auto item : array) {
          ondemand::value element;
          std::uint64_t inner = 0;
          if (item.get(element) != simdjson::SUCCESS) return false;
          if (!HashValue(element, depth + 1, inner)) return false;
          hash = MixHashes(hash, inner);
        }
        return true;
      }
      case ondemand::json_type::object: {
        ondemand::object object;
        if (value.get_object().get(object) != simdjson::SUCCESS) return false;
        // A sum does not depend on the order of members.
        std::uint64_t sum = 0;
        for (auto field : object) {
          std::string_view key;
          ondemand::value member;
          std::uint64_t inner = 0;
          if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
          if (field.value().get(member) != simdjson::SUCCESS) return false;
          if (IsVolatile(key)) continue;
          const std::uint64_t key_hash = HashBytes(key, kKey);
          if (!HashValue(member, depth + 1, inner)) return false;
          sum += MixHashes(key_hash, inner);
        }
        hash = MixHashes(kObject, sum);
        return true;
      }
      default: {
        hash = HashBytes(Trim(value.raw_json_token()), kOther);
        return true;
      }
    }
  }

  JsonScratch& json_;
};

}  // namespace

std::uint64_t MixHashes(std::uint64_t a, std::uint64_t b) {
  std::uint64_t mixed = (a ^ 0x9E3779B97F4A7C15u) * 0xBF58476D1CE4E5B9u + b;
  mixed ^= mixed >> 29;
  mixed *= 0x94D049BB133111EBu;
  return mixed ^ (mixed >> 32);
}

std::uint64_t CanonicalHash(std::string_view text, JsonScratch& json) {
  text = Trim(text);
  if (text.empty()) return 0;
  std::uint64_t hash = 0;
  const bool looks_like_json = text.front() == '{' || text.front() == '[' || text.front() == '"';
  if (!looks_like_json || !Hasher(json).HashText(text, 0, hash)) hash = HashBytes(text, kText);
  return hash == 0 ? 1 : hash;
}

}  // namespace halo
