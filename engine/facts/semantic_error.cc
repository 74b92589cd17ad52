// SPDX-License-Identifier: MIT
#include "engine/facts/semantic_error.h"

#include <charconv>
#include <initializer_list>

#include "engine/base/ascii.h"
#include "engine/facts/transport.h"
#include "engine/json/json_document.h"

namespace halo {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr int kMaxDepth = 4;
constexpr std::size_t kAnchorBytes = 200;
constexpr std::size_t kMaxReprBytes = 64 << 10;

using ascii::IsOneOf;
using ascii::Trim;

// Words that stand where an error would stand, when there was none.
bool SaysNoError(std::string_view text) {
  for (const std::string_view word :
       {"", "none", "null", "false", "no", "ok", "success", "no error", "0", "undefined", "nil"}) {
    if (ascii::EqualsFolded(text, word)) return true;
  }
  return false;
}

// Says that something failed and nothing more.
bool IsEmptyPhrase(std::string_view text) {
  for (const std::string_view word : {"", "error", "failed", "failure", "error.", "unknown error",
                                      "tool_error", "true", "internal error", "exception", "_other",
                                      "status_code_error", "error running tool (non-fatal)"}) {
    if (ascii::EqualsFolded(text, word)) return true;
  }
  return false;
}

// Python prints a dict as {'error': 'x', 'ok': False}; many instrumentations record that.
std::string_view JsonOfPythonRepr(std::string_view text, Arena& arena) {
  char* const begin = arena.Allocate(text.size() * 2);
  char* to = begin;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '\'' || c == '"') {
      *to++ = '"';
      for (++i; i < text.size() && text[i] != c; ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) {
          ++i;
          if (text[i] == '\'') {
            *to++ = '\'';
          } else {
            *to++ = '\\';
            *to++ = text[i];
          }
        } else if (text[i] == '"') {
          *to++ = '\\';
          *to++ = '"';
        } else {
          *to++ = text[i];
        }
      }
      ++i;
      *to++ = '"';
      continue;
    }
    const auto replace = [&](std::string_view word, std::string_view json) {
      if (!text.substr(i).starts_with(word)) return false;
      to = std::copy(json.begin(), json.end(), to);
      i += word.size();
      return true;
    };
    if (replace("None", "null") || replace("True", "true") || replace("False", "false")) continue;
    *to++ = c;
    ++i;
  }
  return {begin, static_cast<std::size_t>(to - begin)};
}

bool StartsWithErrorWord(std::string_view text) {
  if (text.starts_with("Traceback (most recent call last)")) return true;
  // "Error: ...", "error: ..." of compilers, "Error executing tool ...".
  for (const std::string_view words : {"error:",
                                       "exception:",
                                       "[error]",
                                       "fatal:",
                                       "panic:",
                                       "<error>",
                                       "<tool_use_error>",
                                       "error calling ",
                                       "error executing ",
                                       "error running ",
                                       "error invoking ",
                                       "error processing ",
                                       "error fetching ",
                                       "error reading ",
                                       "error writing ",
                                       "error parsing ",
                                       "error occurred",
                                       "error code:",
                                       "error code ",
                                       "error -",
                                       "exception in thread ",
                                       "unhandled exception",
                                       "an error occurred"}) {
    if (ascii::StartsWithFolded(text, words)) return true;
  }
  return !LeadingExceptionClass(text).empty();
}

// The title of an HTML page: what tells most of an error page; empty if the text is no page.
std::string_view TitleOfPage(std::string_view text) {
  text = Trim(text);
  if (!ascii::StartsWithFolded(text, "<html") && !ascii::StartsWithFolded(text, "<!doctype html")) {
    return {};
  }
  constexpr std::string_view kOpen = "<title>";
  const std::size_t begin = text.find(kOpen);
  if (begin == std::string_view::npos) return {};
  const std::string_view rest = text.substr(begin + kOpen.size(), kAnchorBytes);
  return Trim(rest.substr(0, rest.find('<')));
}

// Wrappers around a result that are no part of it.
std::string_view Unwrap(std::string_view text) {
  text = Trim(text);
  for (const std::string_view prefix : {"content='", "content=\""}) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  }
  while (!text.empty() && (text.front() == '"' || text.front() == '\'' || text.front() == '`')) {
    text.remove_prefix(1);
  }
  return Trim(text);
}

class ResultReader {
 public:
  explicit ResultReader(TextMemory& memory) : memory_(memory) {}

  ResultVerdict ReadText(std::string_view text, int depth) {
    text = Trim(text);
    if (text.starts_with("{'") && text.size() <= kMaxReprBytes) {
      text = JsonOfPythonRepr(text, memory_.arena);
    }
    if (!text.empty() && (text.front() == '{' || text.front() == '[' || text.front() == '"')) {
      ResultVerdict verdict;
      if (ReadJson(text, depth, verdict)) return verdict;
    }
    ResultVerdict verdict;
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
  // What the members of the object say, gathered in one pass.
  struct Seen {
    ResultVerdict verdict;
    std::string_view message;
    int message_rank = 1000;  // lower tells more
    std::string_view content;
    std::size_t members = 0;
    bool has_content_list = false;
  };

  // False if it is no JSON.
  bool ReadJson(std::string_view text, int depth, ResultVerdict& verdict) {
    JsonDocument* const document = memory_.json.Open(text);
    ondemand::json_type type;
    if (document == nullptr || document->root.type().get(type) != simdjson::SUCCESS) return false;
    if (type == ondemand::json_type::string) {
      std::string_view inner;
      if (document->root.get_string().get(inner) != simdjson::SUCCESS) return false;
      if (depth < kMaxDepth) verdict = ReadText(inner, depth + 1);
      return true;
    }
    ondemand::value root;
    if (document->root.get_value().get(root) != simdjson::SUCCESS) return false;
    return ReadValue(root, depth, verdict);
  }

  bool ReadValue(ondemand::value value, int depth, ResultVerdict& verdict) {
    ondemand::json_type type;
    if (depth > kMaxDepth || value.type().get(type) != simdjson::SUCCESS) return false;
    if (type == ondemand::json_type::array) {
      std::string_view text;
      std::size_t count = 0;
      if (!ReadContentList(value, text, count)) return false;
      if (count == 1 && !text.empty()) verdict = ReadText(text, depth + 1);
      return true;
    }
    if (type != ondemand::json_type::object) return true;
    Seen seen;
    if (!ReadObject(value, seen)) return false;
    verdict = seen.verdict;
    if (verdict.rule == FailureRule::kNone) {
      // A wrapper speaks for what it holds; an object of several members is an answer of its own.
      if ((seen.has_content_list || seen.members == 1) && !seen.content.empty()) {
        verdict = ReadText(seen.content, depth + 1);
      }
      return true;
    }
    if (verdict.message.empty()) verdict.message = seen.message;
    if (verdict.message.empty() && !seen.content.empty()) {
      const ResultVerdict inner = ReadText(seen.content, depth + 1);
      verdict.message = inner.message.empty() ? seen.content : inner.message;
      if (verdict.type.empty()) verdict.type = inner.type;
      if (verdict.http_status == 0) verdict.http_status = inner.http_status;
    }
    return true;
  }

  // [{"type": "text", "text": ...}]: the first text, and how many items there are.
  bool ReadContentList(ondemand::value value, std::string_view& text, std::size_t& count) {
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return false;
    for (auto item : array) {
      ondemand::value element;
      if (item.get(element) != simdjson::SUCCESS) return false;
      ++count;
      ondemand::object object;
      if (!text.empty() || element.get_object().get(object) != simdjson::SUCCESS) continue;
      for (auto field : object) {
        std::string_view key;
        ondemand::value member;
        if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
        if (field.value().get(member) != simdjson::SUCCESS) return false;
        std::string_view found;
        if (key == "text" && member.get_string().get(found) == simdjson::SUCCESS) text = found;
      }
    }
    return true;
  }

  bool ReadObject(ondemand::value value, Seen& seen) {
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return false;
    for (auto field : object) {
      std::string_view key;
      ondemand::value member;
      ondemand::json_type type;
      if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
      if (field.value().get(member) != simdjson::SUCCESS) return false;
      if (member.type().get(type) != simdjson::SUCCESS) return false;
      ++seen.members;
      if (!ReadMember(key, member, type, seen)) return false;
    }
    return true;
  }

  bool ReadMember(std::string_view key, ondemand::value member, ondemand::json_type type,
                  Seen& seen) {
    using Type = ondemand::json_type;
    const auto hit = [&](std::string_view cause) {
      if (seen.verdict.rule != FailureRule::kNone) return;
      seen.verdict.rule = FailureRule::kResultField;
      seen.verdict.cause = cause;
    };
    if (IsOneOf(key, {"success", "ok", "completed"})) {
      if (SaysFalse(member, type)) hit(memory_.arena.Join({key, "=false"}));
    } else if (IsOneOf(key, {"isError", "is_error"})) {
      if (SaysTrue(member, type)) hit(memory_.arena.Join({key, "=true"}));
    } else if (key == "error") {
      return ReadError(member, type, seen, hit);
    } else if (IsOneOf(key, {"status", "status_code", "statusCode", "http_status", "httpStatus"})) {
      const std::int64_t status = IntegerOf(member, type);
      if (status >= 400 && status < 600) {
        hit(memory_.arena.Join({key, "=", Trim(member.raw_json_token())}));
        seen.verdict.http_status = static_cast<int>(status);
      } else if (type == Type::string) {
        std::string_view word;
        if (member.get_string().get(word) != simdjson::SUCCESS) return false;
        if (ascii::EqualsFolded(word, "error")) hit("status=error");
      }
    } else if (IsOneOf(key, {"exit_code", "exitCode", "returncode", "return_code", "returnCode",
                             "exit_status", "exitStatus"})) {
      const std::int64_t code = IntegerOf(member, type);
      if (code != 0 && code != kNoInteger) {
        hit(memory_.arena.Join({key, "=", IntegerText(code)}));
      }
    } else if (IsOneOf(key,
                       {"error_type", "errorType", "exception_type", "error_code", "errorCode"})) {
      std::string_view text;
      if (type == Type::string && member.get_string().get(text) == simdjson::SUCCESS) {
        seen.verdict.type = text;
      }
    } else if (key == "content" && type == Type::array) {
      std::size_t count = 0;
      seen.has_content_list = true;
      return ReadContentList(member, seen.content, count);
    } else {
      ReadMessage(key, member, type, seen);
    }
    return true;
  }

  template <class Hit>
  bool ReadError(ondemand::value member, ondemand::json_type type, Seen& seen, const Hit& hit) {
    using Type = ondemand::json_type;
    if (type == Type::string) {
      std::string_view text;
      if (member.get_string().get(text) != simdjson::SUCCESS) return false;
      if (SaysNoError(Trim(text))) return true;
      hit("error");
      seen.verdict.message = text;
    } else if (type == Type::boolean) {
      if (SaysTrue(member, type)) hit("error=true");
    } else if (type == Type::number) {
      const std::int64_t status = IntegerOf(member, type);
      if (status < 400 || status >= 600) return true;
      hit(memory_.arena.Join({"error=", IntegerText(status)}));
      seen.verdict.http_status = static_cast<int>(status);
    } else if (type == Type::array) {
      ondemand::array array;
      if (member.get_array().get(array) != simdjson::SUCCESS) return false;
      for (auto item : array) {
        ondemand::value element;
        if (item.get(element) != simdjson::SUCCESS) return false;
        hit("error");
        std::string_view text;
        if (seen.verdict.message.empty() && element.get_string().get(text) == simdjson::SUCCESS) {
          seen.verdict.message = text;
        }
      }
    } else if (type == Type::object) {
      ondemand::object object;
      if (member.get_object().get(object) != simdjson::SUCCESS) return false;
      Seen inner;
      for (auto field : object) {
        std::string_view key;
        ondemand::value value;
        ondemand::json_type value_type;
        if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
        if (field.value().get(value) != simdjson::SUCCESS) return false;
        if (value.type().get(value_type) != simdjson::SUCCESS) return false;
        hit("error");
        if (IsOneOf(key, {"type", "code", "name", "status"})) {
          const std::int64_t status = IntegerOf(value, value_type);
          std::string_view text;
          if (status >= 400 && status < 600) {
            seen.verdict.http_status = static_cast<int>(status);
          } else if (value_type == Type::string && key != "status" &&
                     value.get_string().get(text) == simdjson::SUCCESS &&
                     (seen.verdict.type.empty() || key == "type")) {
            seen.verdict.type = text;
          }
        } else {
          ReadMessage(key, value, value_type, inner);
        }
      }
      seen.verdict.message = inner.message;
    }
    return true;
  }

  // Keeps the text of the member that tells most.
  void ReadMessage(std::string_view key, ondemand::value member, ondemand::json_type type,
                   Seen& seen) {
    if (type != ondemand::json_type::string) return;
    constexpr std::string_view kTelling[] = {
        "error_message", "errorMessage", "message", "detail", "details", "reason", "msg",
        "stderr",        "description",  "text",    "output", "stdout",  "body",
    };
    std::string_view text;
    if (IsOneOf(key, {"content", "result", "output", "text", "value", "response"})) {
      if (member.get_string().get(text) != simdjson::SUCCESS) return;
      if (seen.content.empty()) seen.content = text;
    }
    for (int rank = 0; rank < static_cast<int>(std::size(kTelling)); ++rank) {
      if (key != kTelling[rank] || rank >= seen.message_rank) continue;
      if (text.empty() && member.get_string().get(text) != simdjson::SUCCESS) return;
      if (Trim(text).empty()) return;
      seen.message = text;
      seen.message_rank = rank;
      return;
    }
  }

  static constexpr std::int64_t kNoInteger = INT64_MIN;

  static std::int64_t IntegerOf(ondemand::value member, ondemand::json_type type) {
    std::string_view token = member.raw_json_token();
    token = Trim(token);
    if (type == ondemand::json_type::string && token.size() >= 2) {
      token = token.substr(1, token.size() - 2);
    } else if (type != ondemand::json_type::number) {
      return kNoInteger;
    }
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), number);
    if (error != std::errc() || end != token.data() + token.size()) return kNoInteger;
    return number;
  }

  std::string_view IntegerText(std::int64_t number) {
    char buffer[24];
    const auto end = std::to_chars(buffer, buffer + sizeof(buffer), number).ptr;
    return memory_.arena.Copy({buffer, static_cast<std::size_t>(end - buffer)});
  }

  static bool Says(ondemand::value member, ondemand::json_type type, std::string_view word) {
    if (type != ondemand::json_type::boolean && type != ondemand::json_type::string) return false;
    std::string_view token = Trim(member.raw_json_token());
    if (type == ondemand::json_type::string && token.size() >= 2) {
      token = token.substr(1, token.size() - 2);
    }
    return ascii::EqualsFolded(token, word);
  }
  static bool SaysTrue(ondemand::value member, ondemand::json_type type) {
    return Says(member, type, "true");
  }
  static bool SaysFalse(ondemand::value member, ondemand::json_type type) {
    return Says(member, type, "false");
  }

  TextMemory& memory_;
};

bool HasResult(Kind kind) {
  return kind == Kind::kTool || kind == Kind::kRetriever || kind == Kind::kReranker ||
         kind == Kind::kEmbedding;
}

int HttpStatusOf(const Span& span) {
  for (const Attribute& attribute : span.attributes) {
    if (!IsOneOf(attribute.key,
                 {"http.response.status_code", "http.status_code", "rpc.response.status_code"})) {
      continue;
    }
    if (attribute.value.type == Value::Type::kInt && attribute.value.integer >= 400 &&
        attribute.value.integer < 600) {
      return static_cast<int>(attribute.value.integer);
    }
    if (attribute.value.type == Value::Type::kText && attribute.value.text.size() == 3) {
      return HttpStatusIn(attribute.value.text);
    }
  }
  return 0;
}

FailureRule RuleOf(const Span& span, const SpanFields& fields) {
  if (span.status == StatusCode::kError) return FailureRule::kStatus;
  const auto in_event = [](const Located& at) { return at.path.starts_with("events["); };
  const bool has_event = in_event(fields.exception_message) || in_event(fields.error_type);
  if (has_event && span.status != StatusCode::kOk) return FailureRule::kException;
  if (!fields.error_type.text.empty() && !in_event(fields.error_type)) {
    return fields.error_type.text == "tool_error" ? FailureRule::kErrorFlag
                                                  : FailureRule::kErrorType;
  }
  if (!fields.error_flag.path.empty()) return FailureRule::kErrorFlag;
  if (!fields.exception_message.text.empty() && !in_event(fields.exception_message)) {
    return FailureRule::kErrorType;
  }
  return FailureRule::kNone;
}

}  // namespace

std::string_view LeadingExceptionClass(std::string_view text) {
  std::size_t size = 0;
  while (
      size < text.size() && size < 120 &&
      (ascii::IsAlnum(text[size]) || text[size] == '_' || text[size] == '.' || text[size] == '$')) {
    ++size;
  }
  if (size < 6 || size == text.size()) return {};
  const std::string_view name = text.substr(0, size);
  const std::string_view rest = text.substr(size);
  if (!rest.starts_with(": ") && !rest.starts_with(":\n") && !rest.starts_with("(") &&
      !rest.starts_with("\n") && rest != ":") {
    return {};
  }
  const std::string_view last = ShortTypeName(name);
  // "Error" and "Exception" alone are words, not classes.
  if (last.size() <= 9 && (last == "Error" || last == "Exception")) return {};
  if (!ascii::IsUpper(last.front())) return {};
  for (const std::string_view ending : {"Error", "Exception", "Exceeded", "Timeout", "Interrupt",
                                        "Fault", "Refused", "Failure", "Warning", "Exit"}) {
    if (last.ends_with(ending)) return name;
  }
  return {};
}

std::string_view ShortTypeName(std::string_view type) {
  for (std::size_t i = type.size(); i > 0; --i) {
    const char c = type[i - 1];
    if (c != '.' && c != ':' && c != '\\' && c != '/') continue;
    const std::string_view last = type.substr(i);
    return !last.empty() && ascii::IsUpper(last.front()) ? last : type;
  }
  return type;
}

std::string_view SplitExceptionClass(std::string_view line, std::string_view& type) {
  line = Trim(line);
  const std::string_view leading = LeadingExceptionClass(line);
  if (!leading.empty() && (type.empty() || ShortTypeName(leading) == ShortTypeName(type))) {
    if (type.empty()) type = leading;
    std::string_view rest = Trim(line.substr(leading.size()));
    if (rest.starts_with(':')) rest = Trim(rest.substr(1));
    return rest;
  }
  // The second is what the OpenAI Agents SDK tells the model.
  for (const std::string_view word :
       {"error: ", "an error occurred while running the tool. please try again. error: ",
        "exception: "}) {
    if (ascii::StartsWithFolded(line, word)) return Trim(line.substr(word.size()));
  }
  return line;
}

ResultVerdict JudgeResult(std::string_view text, TextMemory& memory) {
  return ResultReader(memory).ReadText(text, 0);
}

Failure JudgeFailure(const Span& span, const SpanFields& fields, TextMemory& memory) {
  Failure failure;
  failure.rule = RuleOf(span, fields);
  ResultVerdict result;
  const bool judge_result = HasResult(fields.kind) && !fields.output.text.empty();
  if (judge_result) {
    result = JudgeResult(fields.output.text, memory);
    if (!failure.failed()) failure.rule = result.rule;
  }
  if (!failure.failed()) return failure;

  const std::string_view given = fields.error_type.text;
  if (!IsEmptyPhrase(given)) failure.type = given;
  if (failure.rule == FailureRule::kStatus) {
    failure.evidence = {span.status_message, "status.message", span.status_message};
  }
  if (failure.rule >= FailureRule::kResultField) failure.evidence = fields.output;
  if (!fields.error_flag.path.empty() && failure.evidence.text.empty()) {
    failure.evidence = fields.error_flag;
  }
  if (failure.evidence.text.empty()) failure.evidence = fields.error_type;

  // The first that says more than that something failed.
  const std::string_view status =
      span.status == StatusCode::kError ? span.status_message : std::string_view();
  if (!IsEmptyPhrase(Trim(fields.exception_message.text))) {
    failure.text = fields.exception_message;
  } else if (!IsEmptyPhrase(Trim(status))) {
    failure.text = {status, "status.message", status};
  } else if (!IsEmptyPhrase(Trim(result.message))) {
    failure.text = {result.message, fields.output.path, fields.output.whole};
  } else if (judge_result && result.rule == FailureRule::kNone) {
    failure.text = fields.output;
  } else {
    failure.text_is_cause = true;
    failure.text = {result.cause, fields.output.path, fields.output.whole};
  }

  if (const std::string_view title = TitleOfPage(failure.text.text); !title.empty()) {
    failure.text.text = title;
  }
  // A message may be JSON itself.
  const std::string_view trimmed = Trim(failure.text.text);
  if (trimmed.starts_with('{') && failure.text.path != fields.output.path) {
    const ResultVerdict inner = JudgeResult(trimmed, memory);
    if (!inner.message.empty()) {
      failure.text.text = inner.message;
      if (result.type.empty()) result.type = inner.type;
      if (result.http_status == 0) result.http_status = inner.http_status;
    }
  }

  if (failure.type.empty() && !IsEmptyPhrase(result.type)) failure.type = result.type;

  failure.http_status = HttpStatusOf(span);
  if (failure.http_status == 0) failure.http_status = result.http_status;
  if (failure.http_status == 0) failure.http_status = HttpStatusIn(failure.type);
  return failure;
}

}  // namespace halo
