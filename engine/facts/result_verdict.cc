// SPDX-License-Identifier: MIT
#include "engine/facts/result_verdict.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>

#include "engine/base/ascii.h"
#include "engine/facts/error_text.h"
#include "engine/facts/python_repr.h"
#include "engine/facts/transport.h"
#include "engine/semconv/value_words.h"

namespace halo {
namespace {

constexpr int kMaxDepth = 4;
constexpr std::size_t kAnchorBytes = 200;
constexpr std::size_t kMaxReprBytes = 64 << 10;

// The result without the prefixes and quotes that instrumentations add.
std::string_view Unwrap(std::string_view text) {
  text = ascii::Trim(text);
  for (const std::string_view prefix : {"content='", "content=\""}) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  }
  while (!text.empty() && (text.front() == '"' || text.front() == '\'' || text.front() == '`')) {
    text.remove_prefix(1);
  }
  return ascii::Trim(text);
}

class ResultReader {
 public:
  explicit ResultReader(JsonTrees& json) : json_(json) {}

  ResultVerdict ReadText(std::string_view text, int depth) {
    text = ascii::Trim(text);
    if (text.starts_with("{'") && text.size() <= kMaxReprBytes) {
      text = JsonOfPythonRepr(text, json_.arena());
    }
    ResultVerdict verdict;
    if (LooksLikeJson(text) && ReadJson(text, depth, verdict)) return verdict;
    verdict = {};
    const std::string_view inner = Unwrap(text.substr(0, kAnchorBytes));
    if (StartsWithErrorWord(inner)) {
      verdict.rule = FailureRule::kResultText;
      verdict.message = text;
      verdict.type = LeadingExceptionClass(inner);
    } else if (const std::string_view title = TitleOfPage(text); HttpStatusIn(title) != 0) {
      verdict.rule = FailureRule::kResultText;
      verdict.message = title;
      verdict.http_status = HttpStatusIn(title);
    }
    return verdict;
  }

 private:
  // The findings in the members of an object.
  struct Seen {
    ResultVerdict verdict;
    std::string_view message;
    int message_rank = 1000;  // a lower rank explains more
    std::string_view content;
    std::string_view value_message;  // in an object under "value"
    std::size_t members = 0;
    bool has_content_list = false;

    void Hit(std::string_view cause) {
      if (verdict.rule != FailureRule::kNone) return;
      verdict.rule = FailureRule::kResultField;
      verdict.cause = cause;
    }
  };

  // False if the text is not JSON.
  bool ReadJson(std::string_view text, int depth, ResultVerdict& verdict) {
    const JsonNode* const root = json_.Parse(text);
    if (root == nullptr) return false;
    if (root->is_string()) {
      std::string_view inner;
      if (!root->Text(inner)) return false;
      if (depth < kMaxDepth) verdict = ReadText(inner, depth + 1);
      return true;
    }
    if (depth > kMaxDepth) return false;
    if (root->is_array()) {
      std::size_t count = 0;
      const std::string_view content = FirstText(*root, count);
      if (count == 1 && !content.empty()) verdict = ReadText(content, depth + 1);
      return true;
    }
    return !root->is_object() || ReadObject(*root, depth, verdict);
  }

  bool ReadObject(const JsonNode& object, int depth, ResultVerdict& verdict) {
    Seen seen;
    for (const JsonNode& member : object) {
      ++seen.members;
      if (!ReadMember(member, seen)) return false;
    }
    verdict = seen.verdict;
    if (verdict.rule == FailureRule::kNone) {
      // A wrapper is judged by its content; an object with several members is an answer itself.
      if ((seen.has_content_list || seen.members == 1) && !seen.content.empty()) {
        verdict = ReadText(seen.content, depth + 1);
      }
      return true;
    }
    if (verdict.message.empty()) verdict.message = seen.message;
    if (verdict.message.empty()) verdict.message = seen.value_message;
    if (verdict.message.empty() && !seen.content.empty()) {
      const ResultVerdict inner = ReadText(seen.content, depth + 1);
      verdict.message = inner.message.empty() ? seen.content : inner.message;
      if (verdict.type.empty()) verdict.type = inner.type;
      if (verdict.http_status == 0) verdict.http_status = inner.http_status;
    }
    return true;
  }

  // The first text of a list such as [{"type": "text", "text": ...}]. Sets `count` to its size.
  static std::string_view FirstText(const JsonNode& list, std::size_t& count) {
    std::string_view text;
    for (const JsonNode& item : list) {
      ++count;
      if (!text.empty() || !item.is_object()) continue;
      for (const JsonNode& member : item) {
        if (member.key() == "text") member.Text(text);
      }
    }
    return text;
  }

  // False if the object is not valid JSON.
  bool ReadMember(const JsonNode& member, Seen& seen) {
    const std::string_view key = member.key();
    Arena& arena = json_.arena();
    if (member.type() == JsonNode::Type::kInvalid) return false;
    if (ascii::IsOneOf(key, {"success", "ok", "completed"})) {
      if (Says(member, "false")) seen.Hit(arena.Join({key, "=false"}));
    } else if (ascii::IsOneOf(key, {"isError", "is_error"})) {
      if (Says(member, "true")) seen.Hit(arena.Join({key, "=true"}));
    } else if (key == "type" && (Says(member, "error-text") || Says(member, "error-json"))) {
      seen.Hit(arena.Join({"type=", Token(member)}));  // the AI SDK's output of a failed call
    } else if (key == "value" && member.is_object()) {
      Seen inner;
      for (const JsonNode& part : member) ReadMessage(part, inner);
      seen.value_message = inner.message;
    } else if (key == "error") {
      return ReadError(member, seen);
    } else if (ascii::IsOneOf(
                   key, {"status", "status_code", "statusCode", "http_status", "httpStatus"})) {
      const std::int64_t status = IntegerOf(member);
      std::string_view word;
      if (status >= 400 && status < 600) {
        seen.Hit(arena.Join({key, "=", member.written()}));
        seen.verdict.http_status = static_cast<int>(status);
      } else if (member.is_string()) {
        if (!member.Text(word)) return false;
        if (ascii::EqualsFolded(word, "error")) seen.Hit("status=error");
      }
    } else if (ascii::IsOneOf(key, {"exit_code", "exitCode", "returncode", "return_code",
                                    "returnCode", "exit_status", "exitStatus"})) {
      const std::int64_t code = IntegerOf(member);
      if (code != 0 && code != kNoInteger) seen.Hit(arena.Join({key, "=", IntegerText(code)}));
    } else if (ascii::IsOneOf(
                   key, {"error_type", "errorType", "exception_type", "error_code", "errorCode"})) {
      member.Text(seen.verdict.type);
    } else if (key == "content" && member.is_array()) {
      std::size_t count = 0;
      seen.has_content_list = true;
      const std::string_view text = FirstText(member, count);
      if (seen.content.empty()) seen.content = text;
    } else {
      ReadMessage(member, seen);
    }
    return true;
  }

  bool ReadError(const JsonNode& error, Seen& seen) {
    switch (error.type()) {
      case JsonNode::Type::kString: {
        std::string_view text;
        if (!error.Text(text)) return false;
        if (SaysNoError(ascii::Trim(text))) return true;
        seen.Hit("error");
        seen.verdict.message = text;
        return true;
      }
      case JsonNode::Type::kBool:
        if (Says(error, "true")) seen.Hit("error=true");
        return true;
      case JsonNode::Type::kNumber: {
        const std::int64_t status = IntegerOf(error);
        if (status < 400 || status >= 600) return true;
        seen.Hit(json_.arena().Join({"error=", IntegerText(status)}));
        seen.verdict.http_status = static_cast<int>(status);
        return true;
      }
      case JsonNode::Type::kArray:
        for (const JsonNode& item : error) {
          seen.Hit("error");
          if (seen.verdict.message.empty()) item.Text(seen.verdict.message);
        }
        return true;
      case JsonNode::Type::kObject:
        return ReadErrorObject(error, seen);
      default:
        return true;
    }
  }

  static bool ReadErrorObject(const JsonNode& error, Seen& seen) {
    Seen inner;
    for (const JsonNode& member : error) {
      if (member.type() == JsonNode::Type::kInvalid) return false;
      seen.Hit("error");
      if (!ascii::IsOneOf(member.key(), {"type", "code", "name", "status"})) {
        ReadMessage(member, inner);
        continue;
      }
      const std::int64_t status = IntegerOf(member);
      if (status >= 400 && status < 600) {
        seen.verdict.http_status = static_cast<int>(status);
      } else if (member.key() != "status" &&
                 (seen.verdict.type.empty() || member.key() == "type")) {
        member.Text(seen.verdict.type);
      }
    }
    seen.verdict.message = inner.message;
    return true;
  }

  // Keeps the text of the member with the lowest message rank.
  static void ReadMessage(const JsonNode& member, Seen& seen) {
    constexpr std::string_view kTelling[] = {
        "error_message", "errorMessage", "message", "detail", "details", "reason", "msg",
        "stderr",        "description",  "text",    "output", "stdout",  "body",
    };
    std::string_view text;
    if (!member.Text(text)) return;
    const std::string_view key = member.key();
    if (ascii::IsOneOf(key, {"content", "result", "output", "text", "value", "response"})) {
      if (seen.content.empty()) seen.content = text;
    }
    const int rank =
        static_cast<int>(std::find(std::begin(kTelling), std::end(kTelling), key) - kTelling);
    if (rank == static_cast<int>(std::size(kTelling)) || rank >= seen.message_rank) return;
    if (ascii::Trim(text).empty()) return;
    seen.message = text;
    seen.message_rank = rank;
  }

  static constexpr std::int64_t kNoInteger = INT64_MIN;

  // The value as written; a string without its quotes.
  static std::string_view Token(const JsonNode& value) {
    const std::string_view token = value.written();
    return value.is_string() ? token.substr(1, token.size() - 2) : token;
  }

  // The integer in a number, or in a string.
  static std::int64_t IntegerOf(const JsonNode& value) {
    if (!value.is_string() && value.type() != JsonNode::Type::kNumber) return kNoInteger;
    const std::string_view token = Token(value);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), number);
    if (error != std::errc() || end != token.data() + token.size()) return kNoInteger;
    return number;
  }

  std::string_view IntegerText(std::int64_t number) {
    char buffer[24];
    const auto end = std::to_chars(buffer, buffer + sizeof(buffer), number).ptr;
    return json_.arena().Copy({buffer, static_cast<std::size_t>(end - buffer)});
  }

  // Whether the value is the boolean `word`, or a string with that word.
  static bool Says(const JsonNode& value, std::string_view word) {
    if (!value.is_string() && value.type() != JsonNode::Type::kBool) return false;
    return ascii::EqualsFolded(Token(value), word);
  }

  JsonTrees& json_;
};

}  // namespace

ResultVerdict JudgeResult(std::string_view text, JsonTrees& json) {
  return ResultReader(json).ReadText(text, 0);
}

}  // namespace halo
