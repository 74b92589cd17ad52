// SPDX-License-Identifier: MIT
#include "engine/json/json_cursor.h"

namespace halo {
namespace {

namespace numbers = simdjson::builtin::numberparsing;

const std::uint8_t* Bytes(const char* text) { return reinterpret_cast<const std::uint8_t*>(text); }

}  // namespace

simdjson::error_code JsonCursor::Open(std::string_view text, Json& root) {
  read_begin_ = read_end_ = nullptr;
  if (!stage1_) {
    // The depth bounds simdjson's second stage, which is not used.
    constexpr std::size_t kMaxDepth = 1;
    if (const auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
            text.size(), kMaxDepth, stage1_)) {
      return error;
    }
  } else if (stage1_->capacity() < text.size()) {
    if (const auto error = stage1_->set_capacity(text.size())) return error;
  }
  if (const auto error =
          stage1_->stage1(Bytes(text.data()), text.size(), simdjson::stage1_mode::regular)) {
    return error;
  }
  bytes_ = text.data();
  begin_ = stage1_->structural_indexes.get();
  end_ = begin_ + stage1_->n_structural_indexes;
  if (begin_ == end_) return simdjson::EMPTY;
  const char first = *At(begin_), last = *At(end_ - 1);
  if ((first == '{' && last != '}') || (first == '[' && last != ']')) {
    return simdjson::INCOMPLETE_ARRAY_OR_OBJECT;
  }
  root = Json(*this, begin_);
  return simdjson::SUCCESS;
}

// The end where nothing closes it.
JsonToken JsonCursor::SkipBrackets(JsonToken token) const {
  std::uint32_t open = 0;
  for (; token < end_; ++token) {
    const char c = *At(token);
    if (c == '{' || c == '[') {
      ++open;
    } else if (c == '}' || c == ']') {
      if (--open == 0) return token + 1;
    }
  }
  return end_;
}

std::string_view Json::Scalar() const {
  const char* const begin = data();
  const char* end = cursor_->At(token_ + 1);
  while (end > begin && IsJsonSpace(end[-1])) --end;
  return {begin, static_cast<std::size_t>(end - begin)};
}

simdjson::error_code Json::Int64(std::int64_t& out) const {
  return numbers::parse_integer(Bytes(data())).get(out);
}

simdjson::error_code Json::Double(double& out) const {
  return numbers::parse_double(Bytes(data())).get(out);
}

simdjson::error_code Json::Bool(bool& out) const {
  const std::string_view text = Scalar();
  out = text == "true";
  return out || text == "false" ? simdjson::SUCCESS : simdjson::INCORRECT_TYPE;
}

}  // namespace halo
