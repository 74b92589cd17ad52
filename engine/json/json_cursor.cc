// SPDX-License-Identifier: MIT
#include "engine/json/json_cursor.h"

#include "engine/base/find_bytes.h"

namespace halo {
namespace {

static_assert(kJsonPadding >= simdjson::SIMDJSON_PADDING);

JsonError ErrorOf(simdjson::error_code error) {
  switch (error) {
    case simdjson::SUCCESS:
      return JsonError::kOk;
    case simdjson::INCORRECT_TYPE:
      return JsonError::kWrongType;
    case simdjson::UTF8_ERROR:
    case simdjson::UNESCAPED_CHARS:
      return JsonError::kBadText;
    default:
      return JsonError::kInvalid;
  }
}

}  // namespace

JsonError JsonCursor::Open(std::string_view text, Json& root) {
  closed_ = nullptr;
  text_ = TrimJsonSpace(text);
  if (text_.empty()) return JsonError::kInvalid;
  const auto error =
      parser_.iterate(text_.data(), text_.size(), text_.size() + kJsonPadding).get(document_);
  if (error != simdjson::SUCCESS) return ErrorOf(error);
  const char first = text_.front(), last = text_.back();
  if (first != '{' && first != '[') {
    root = Json();
    root.data_ = text_.data();
    return JsonError::kOk;
  }
  // simdjson has checked that the last string is closed, so this byte is the last token.
  if (last != (first == '{' ? '}' : ']')) return JsonError::kInvalid;
  simdjson::ondemand::value value;
  if (document_.get_value().get(value) != simdjson::SUCCESS) return JsonError::kInvalid;
  return root.Start(*this, value) ? JsonError::kOk : JsonError::kInvalid;
}

bool JsonCursor::ReadAll() {
  return closed_ == text_.data() && document_.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

// Finds the same brackets as simdjson: all those outside of strings, whether or not their kinds
// match. As in simdjson, an escaped quote outside of a string does not begin one.
bool JsonCursor::ClosesInside(const char* begin) const {
  const std::string_view text(begin, static_cast<std::size_t>(text_.end() - begin));
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_string) i = FindQuoteOrBackslash(text, i);
    if (i >= text.size()) return false;
    switch (text[i]) {
      case '"':
        in_string = !in_string;
        break;
      case '\\':
        if (i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\')) ++i;
        break;
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        // The text ends with a token that is not white space.
        if (--depth == 0) return i + 1 < text.size();
        break;
      default:
        break;
    }
  }
  return false;
}

// The string is closed, so a window of kJsonPadding bytes reads at most into the padding.
std::size_t RawString::FindSize() const {
  const char* end = begin_;
  while (*end != '"') {
    const std::size_t plain = FindQuoteOrBackslash({end, kJsonPadding}, 0);
    end += plain;
    if (plain < kJsonPadding && *end == '\\') end += 2;
  }
  return static_cast<std::size_t>(end - begin_);
}

JsonError Json::Int64(std::int64_t& out) {
  return type() == JsonType::kNumber && cursor_ ? ErrorOf(value_.get_int64().get(out))
                                                : JsonError::kWrongType;
}

JsonError Json::Double(double& out) {
  return type() == JsonType::kNumber && cursor_ ? ErrorOf(value_.get_double().get(out))
                                                : JsonError::kWrongType;
}

JsonError Json::Bool(bool& out) {
  if (type() != JsonType::kBool || !cursor_) return JsonError::kWrongType;
  const std::string_view text = Scalar();
  out = text == "true";
  return out || text == "false" ? JsonError::kOk : JsonError::kWrongType;
}

bool JsonObject::IsEmpty() const {
  const auto left = static_cast<std::size_t>(cursor_->text_.end() - data_);
  return SkipJsonSpace(std::string_view(data_, left).substr(1)).starts_with('}');
}

JsonError JsonObject::Rewind() {
  return object_.reset().error() == simdjson::SUCCESS ? JsonError::kOk : JsonError::kInvalid;
}

}  // namespace halo
