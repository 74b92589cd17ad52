// SPDX-License-Identifier: MIT
#include "engine/semconv/json_members.h"

#include "engine/semconv/usage_words.h"
#include "engine/semconv/value_words.h"

namespace halo {
namespace {

constexpr int kMaxDepth = 5;

class MemberReader {
 public:
  MemberReader(bool nested, JsonTrees& json, std::vector<Attribute>& out)
      : nested_(nested), json_(json), out_(out) {}

  void ReadText(std::string_view text, std::string_view path, int depth) {
    if (depth > kMaxDepth || !LooksLikeJson(text)) return;
    const JsonNode* const root = json_.Parse(text);
    if (root == nullptr) return;
    std::string_view inner;
    if (root->Text(inner)) {
      ReadText(inner, path, depth + 1);
    } else if (root->is_object() && root->is_alone()) {
      ReadObject(*root, path, depth);
    }
  }

 private:
  // False if a value is not valid JSON.
  bool ReadObject(const JsonNode& object, std::string_view path, int depth) {
    for (const JsonNode& node : object) {
      Attribute member;
      member.key = path.empty() ? node.key() : json_.arena().Join({path, ".", node.key()});
      const bool may_hold = nested_ && depth < kMaxDepth && MayHoldUsage(member.key);
      std::int64_t integer = 0;
      double real = 0;
      bool flag = false;
      std::string_view text;
      switch (node.type()) {
        case JsonNode::Type::kInvalid:
          return false;
        case JsonNode::Type::kString:
          if (!node.Text(text)) return false;
          if (may_hold && LooksLikeJson(text)) {
            ReadText(text, member.key, depth + 1);
            continue;
          }
          member.value = Value::Text(text);
          break;
        case JsonNode::Type::kNumber:
          if (node.Integer(integer)) {
            member.value = Value::Int(integer);
          } else if (node.Real(real)) {
            member.value = Value::Double(real);
          }
          break;
        case JsonNode::Type::kBool:
          if (!node.Bool(flag)) return false;
          member.value = Value::Bool(flag);
          break;
        case JsonNode::Type::kObject:
          if (may_hold && !ReadObject(node, member.key, depth + 1)) return false;
          break;
        default:
          break;
      }
      if (!IsAbsent(member.value)) out_.push_back(member);
    }
    return true;
  }

  const bool nested_;
  JsonTrees& json_;
  std::vector<Attribute>& out_;
};

}  // namespace

void AppendMembers(std::string_view text, MemberDepth depth, JsonTrees& json,
                   std::vector<Attribute>& out) {
  MemberReader(depth == MemberDepth::kUsage, json, out).ReadText(text, {}, 0);
}

}  // namespace halo
