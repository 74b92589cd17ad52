// SPDX-License-Identifier: MIT
#include "server/register/json_edit.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "server/register/json_layout.h"

namespace halo {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDepth = 256;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::size_t StartOf(std::string_view text) {
  return text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
}

// The functions below expect well-formed JSON: `text` has been parsed before.

std::size_t SkipBlank(std::string_view text, std::size_t at) {
  for (;;) {
    at = std::min(text.find_first_not_of(" \t\r\n", at), text.size());
    if (text.substr(at, 2) == "//") {
      at = std::min(text.find('\n', at), text.size());
    } else if (text.substr(at, 2) == "/*") {
      at = text.find("*/", at + 2) + 2;
    } else {
      return at;
    }
  }
}

std::size_t SkipString(std::string_view text, std::size_t at) {
  for (++at; text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

std::size_t SkipValue(std::string_view text, std::size_t at) {
  if (text[at] == '"') return SkipString(text, at);
  if (text[at] != '{' && text[at] != '[') {
    return std::min(text.find_first_of(",]}/ \t\r\n", at), text.size());
  }
  std::size_t depth = 0;
  do {
    if (text[at] == '"') {
      at = SkipString(text, at);
    } else {
      if (text[at] == '{' || text[at] == '[') ++depth;
      if (text[at] == '}' || text[at] == ']') --depth;
      ++at;
    }
    if (depth > 0) at = SkipBlank(text, at);
  } while (depth > 0);
  return at;
}

struct Member {
  std::string key;
  std::size_t begin;  // of the key
  std::size_t value;
  std::size_t end;    // of the value
  std::size_t comma;  // after the value; npos if there is none
};

struct Object {
  std::size_t open, close;
  std::vector<Member> members;
};

Object ReadObject(std::string_view text, std::size_t open) {
  Object object{open, open, {}};
  std::size_t at = SkipBlank(text, open + 1);
  while (text[at] != '}') {
    Member member{};
    member.begin = at;
    at = SkipString(text, at);
    member.key =
        json::value_to<std::string>(json::parse(text.substr(member.begin, at - member.begin)));
    member.value = SkipBlank(text, SkipBlank(text, at) + 1);
    member.end = SkipValue(text, member.value);
    at = SkipBlank(text, member.end);
    member.comma = text[at] == ',' ? at : text.npos;
    if (text[at] == ',') at = SkipBlank(text, at + 1);
    object.members.push_back(std::move(member));
  }
  object.close = at;
  return object;
}

// If a key occurs twice, the last one counts.
const Member* Find(const Object& object, std::string_view key) {
  const auto found = std::find_if(object.members.rbegin(), object.members.rend(),
                                  [key](const Member& member) { return member.key == key; });
  return found == object.members.rend() ? nullptr : &*found;
}

bool IsOneLine(std::string_view text, const Object& object) {
  return text.substr(object.open, object.close - object.open).find('\n') == text.npos;
}

std::string Insert(std::string text, const Object& object, std::string_view key,
                   const json::value& value, const JsonLayout& layout) {
  const bool one_line = !object.members.empty() && IsOneLine(text, object);
  std::string indent = LineIndent(text, object.open) + layout.unit;
  if (!object.members.empty() && StartsLine(text, object.members.front().begin)) {
    indent = LineIndent(text, object.members.front().begin);
  }
  const std::string name = json::serialize(json::string(key)) + ": ";
  // After the comments that follow the last member.
  std::size_t at = object.close;
  while (IsBlank(text[at - 1])) --at;
  std::string piece = one_line
                          ? " " + name + OneLineJson(value)
                          : layout.newline + indent + name + IndentedJson(value, indent, layout);
  const bool comma_before = !object.members.empty() && object.members.back().comma != text.npos;
  if (comma_before) piece += ",";
  if (!one_line && text.substr(at, object.close - at).find('\n') == text.npos) {
    piece += layout.newline + LineIndent(text, object.open);
  }
  text.insert(at, piece);
  if (!object.members.empty() && !comma_before) text.insert(object.members.back().end, ",");
  return text;
}

// Erases the member, and its line if nothing else is on it.
void EraseMember(std::string& text, std::size_t begin, std::size_t end) {
  const std::size_t next = text.find_first_not_of(" \t\r", end);
  if (StartsLine(text, begin) && next != text.npos && text[next] == '\n') {
    begin -= LineIndent(text, begin).size();
    end = next + 1;
  } else if (next != text.npos && text[next] != '\n') {
    end = next;
  }
  text.erase(begin, end - begin);
}

std::string Remove(std::string text, const Object& object, const Member& member) {
  if (member.comma != text.npos || object.members.size() == 1) {
    EraseMember(text, member.begin, member.comma == text.npos ? member.end : member.comma + 1);
  } else {
    // The last of several: also remove the comma before it.
    const std::size_t comma = (&member - 1)->comma;
    const std::size_t after = text.find_first_not_of(" \t", comma + 1);
    if (after == member.begin) {
      text.erase(comma, member.end - comma);
    } else {
      EraseMember(text, member.begin, member.end);
      text.erase(comma, 1);
    }
  }
  if (object.members.size() == 1) {
    const std::size_t close = text.find_first_not_of(" \t\r\n", object.open + 1);
    if (close != text.npos && text[close] == '}') {
      text.erase(object.open + 1, close - object.open - 1);
    }
  }
  return text;
}

std::string KeyText(const JsonPath& path, std::size_t length) {
  std::string text;
  for (std::size_t i = 0; i < length; ++i) text += (i ? "." : "") + path[i];
  return text;
}

json::value With(json::value root, const JsonPath& path, const json::value& value) {
  json::value* at = &root;
  for (const std::string& key : path) {
    if (!at->is_object()) *at = json::object();
    at = &at->as_object()[key];
  }
  *at = value;
  return root;
}

Result<std::string> Checked(std::string text, const json::value& wanted, JsonDialect dialect) {
  const Result<json::value> got = ParseJsonText(text, dialect);
  if (!got || *got != wanted) {
    return Error{Code::kInternal, "its layout cannot be edited safely"};
  }
  return text;
}

}  // namespace

Result<json::value> ParseJsonText(std::string_view text, JsonDialect dialect) {
  text.remove_prefix(StartOf(text));
  if (std::all_of(text.begin(), text.end(), IsBlank)) return json::value(json::object());
  json::parse_options options;
  options.max_depth = kMaxDepth;
  options.allow_comments = dialect == JsonDialect::kWithComments;
  options.allow_trailing_commas = options.allow_comments;
  json::stream_parser parser({}, options);
  json::error_code failure;
  // After an unterminated comment, the parser reports more bytes than there are.
  const std::size_t read = std::min(parser.write_some(text, failure), text.size());
  if (!failure && read < text.size()) failure = json::error::extra_data;
  if (!failure && !parser.done()) failure = json::error::incomplete;
  if (failure) {
    const auto line =
        1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(read), '\n');
    return Error{Code::kCorrupt,
                 "invalid JSON in line " + std::to_string(line) + ": " + failure.message()};
  }
  json::value root = parser.release();
  if (!root.is_object()) return Error{Code::kCorrupt, "its JSON is not an object"};
  return root;
}

Result<std::string> SetJsonValue(std::string_view given, const JsonPath& path,
                                 const json::value& value, JsonDialect dialect) {
  const Result<json::value> before = ParseJsonText(given, dialect);
  if (!before) return before.error();
  std::string text(given);
  if (std::all_of(given.begin() + static_cast<std::ptrdiff_t>(StartOf(given)), given.end(),
                  IsBlank)) {
    text = std::string(given.substr(0, StartOf(given))) + "{}\n";
  }
  const JsonLayout layout = LayoutOf(text);
  Object object = ReadObject(text, SkipBlank(text, StartOf(text)));
  for (std::size_t i = 0; i < path.size(); ++i) {
    const Member* member = Find(object, path[i]);
    const bool is_last = i + 1 == path.size();
    if (!member) {
      json::value nested = value;
      for (std::size_t k = path.size() - 1; k > i; --k) {
        nested = json::object({{path[k], std::move(nested)}});
      }
      text = Insert(std::move(text), object, path[i], nested, layout);
      break;
    }
    if (is_last) {
      const std::string indent = LineIndent(text, member->begin);
      text.replace(
          member->value, member->end - member->value,
          IsOneLine(text, object) ? OneLineJson(value) : IndentedJson(value, indent, layout));
      break;
    }
    if (text[member->value] != '{') {
      return Error{Code::kCorrupt, "its " + KeyText(path, i + 1) + " is not an object"};
    }
    object = ReadObject(text, member->value);
  }
  return Checked(std::move(text), With(*before, path, value), dialect);
}

Result<std::string> RemoveJsonValue(std::string_view given, const JsonPath& path,
                                    JsonDialect dialect) {
  Result<json::value> wanted = ParseJsonText(given, dialect);
  if (!wanted) return wanted.error();
  std::string text(given);
  if (!FindJsonValue(*wanted, path)) return text;
  // If the key occurs twice, remove both: the first would become visible again.
  for (;;) {
    Object object = ReadObject(text, SkipBlank(text, StartOf(text)));
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
      object = ReadObject(text, Find(object, path[i])->value);
    }
    const Member* member = Find(object, path.back());
    if (!member) break;
    text = Remove(std::move(text), object, *member);
  }
  json::value* at = &*wanted;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) at = &at->as_object()[path[i]];
  at->as_object().erase(path.back());
  return Checked(std::move(text), *wanted, dialect);
}

const json::value* FindJsonValue(const json::value& root, const JsonPath& path) {
  const json::value* at = &root;
  for (const std::string& key : path) {
    const json::object* object = at->if_object();
    at = object ? object->if_contains(key) : nullptr;
    if (!at) return nullptr;
  }
  return at;
}

}  // namespace halo
