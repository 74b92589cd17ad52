// SPDX-License-Identifier: MIT
#include "schemas/json.h"

#include <cstddef>
#include <cstdint>

#include "schemas/nearest.h"

namespace halo {
namespace {

namespace json = boost::json;

constexpr std::size_t kShownBytes = 60;

// The start of a long text, cut between UTF-8 sequences.
std::string Short(std::string_view text) {
  if (text.size() <= kShownBytes) return std::string(text);
  std::size_t end = kShownBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

// What a caller sends may be copied from a trace, and errors have no fences. So only plain names
// and ids are repeated; of any other string only the size is given.
std::string DescribeString(std::string_view text) {
  const bool plain = text.empty() || IsPlainName(text) || IsPlainId(text);
  return plain ? "the string " + Serialise(json::value(Short(text)))
               : "a string of " + std::to_string(text.size()) + " bytes";
}

std::string DescribeValue(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return value.get_bool() ? "true" : "false";
    case json::kind::string:
      return DescribeString(value.get_string());
    case json::kind::array:
      return "an array";
    case json::kind::object:
      return "an object";
    default:
      return "the number " + Serialise(value);
  }
}

json::value NumberValue(double number, bool integral) {
  if (integral) return static_cast<std::int64_t>(number);
  return number;
}

}  // namespace

std::string Place::Path() const {
  if (!parent_) return "$";
  std::string path = parent_->Path();
  if (index_ != kNoIndex) return path.append("[").append(std::to_string(index_)).append("]");
  const bool plain = IsPlainName(name_) || IsPlainId(name_);
  return path.append(".").append(plain ? Short(name_)
                                       : "(a name of " + std::to_string(name_.size()) + " bytes)");
}

bool Place::Fail(std::string_view what) const {
  if (error_->empty()) *error_ = Path().append(what);
  return false;
}

bool Place::Wrong(std::string_view expected, const json::value& got) const {
  return Fail(std::string(": expected ").append(expected).append("; got ") + DescribeValue(got));
}

bool Place::Missing(std::string_view expected) const {
  return Fail(std::string(" is required: ").append(expected));
}

bool Place::Unknown(const std::vector<std::string_view>& known) const {
  const std::string hint = SuggestWord(name_, known);
  return Fail(" is not a known field" + (hint.empty() ? "; no field is" : hint));
}

bool Place::NotOneOf(const std::vector<std::string_view>& allowed, const json::value& got) const {
  std::string what = ": expected one of ";
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    what.append(i > 0 ? ", " : "").append(allowed[i]);
  }
  what.append("; got ").append(DescribeValue(got));
  if (const json::string* text = got.if_string()) {
    const std::string_view near = Nearest(*text, allowed);
    if (!near.empty()) what.append("; did you mean ").append(near).append("?");
  }
  return Fail(what);
}

std::string DescribeNumber(bool integral, Bounds bounds) {
  std::string out = integral ? "an integer" : "a number";
  const bool low = bounds.min != Bounds{}.min;
  const bool high = bounds.max != Bounds{}.max;
  if (low && high) {
    return out + " from " + FormatNumber(bounds.min) + " to " + FormatNumber(bounds.max);
  }
  if (low) return out + " of at least " + FormatNumber(bounds.min);
  if (high) return out + " of at most " + FormatNumber(bounds.max);
  return out;
}

void PublishDoc(const FieldInfo& info, json::object& schema) {
  if (!info.doc.empty()) schema.emplace("description", info.doc);
}

void PublishBounds(Bounds bounds, bool integral, json::object& schema) {
  if (bounds.min != Bounds{}.min) schema.emplace("minimum", NumberValue(bounds.min, integral));
  if (bounds.max != Bounds{}.max) schema.emplace("maximum", NumberValue(bounds.max, integral));
}

void PublishDefault(json::value by_default, json::object& schema) {
  const bool empty = by_default.is_null() ||
                     (by_default.is_string() && by_default.get_string().empty()) ||
                     (by_default.is_array() && by_default.get_array().empty()) ||
                     (by_default.is_object() && by_default.get_object().empty());
  if (!empty) schema.emplace("default", std::move(by_default));
}

}  // namespace halo
