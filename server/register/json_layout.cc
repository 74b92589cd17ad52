// SPDX-License-Identifier: MIT
#include "server/register/json_layout.h"

#include <algorithm>
#include <boost/json.hpp>

namespace halo {
namespace {

namespace json = boost::json;

std::size_t LineStart(std::string_view text, std::size_t at) {
  if (at == 0) return 0;
  const std::size_t newline = text.rfind('\n', at - 1);
  return newline == text.npos ? 0 : newline + 1;
}

}  // namespace

JsonLayout LayoutOf(std::string_view text) {
  const JsonLayout usual{"  ", text.find("\r\n") == text.npos ? "\n" : "\r\n"};
  // The first key that starts a line is one level deep.
  for (std::size_t at = text.find('"'); at != text.npos; at = text.find('"', at + 1)) {
    if (!StartsLine(text, at)) continue;
    std::string unit = LineIndent(text, at);
    return unit.empty() ? usual : JsonLayout{std::move(unit), usual.newline};
  }
  return usual;
}

std::string LineIndent(std::string_view text, std::size_t at) {
  const std::size_t start = LineStart(text, at);
  const std::size_t end = std::min(text.find_first_not_of(" \t", start), text.size());
  return std::string(text.substr(start, std::min(end, at) - start));
}

bool StartsLine(std::string_view text, std::size_t at) {
  return LineStart(text, at) + LineIndent(text, at).size() == at;
}

std::string OneLineJson(const json::value& value) {
  std::string text;
  if (const json::object* object = value.if_object()) {
    for (const auto& [key, member] : *object) {
      text += (text.empty() ? "" : ", ") + json::serialize(json::string(key)) + ": " +
              OneLineJson(member);
    }
    return "{" + text + "}";
  }
  if (const json::array* array = value.if_array()) {
    for (const json::value& item : *array) text += (text.empty() ? "" : ", ") + OneLineJson(item);
    return "[" + text + "]";
  }
  return json::serialize(value);
}

std::string IndentedJson(const json::value& value, const std::string& indent,
                         const JsonLayout& layout) {
  const json::object* object = value.if_object();
  if (!object || object->empty()) return OneLineJson(value);
  const std::string inner = indent + layout.unit;
  std::string text;
  for (const auto& [key, member] : *object) {
    text += (text.empty() ? "" : ",") + layout.newline + inner +
            json::serialize(json::string(key)) + ": " + IndentedJson(member, inner, layout);
  }
  return "{" + text + layout.newline + indent + "}";
}

}  // namespace halo
