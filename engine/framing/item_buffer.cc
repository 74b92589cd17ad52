// SPDX-License-Identifier: MIT
#include "engine/framing/item_buffer.h"

#include <algorithm>
#include <limits>

#include "engine/base/find_bytes.h"
#include "engine/json/json_space.h"

namespace halo {
namespace {

constexpr std::uint32_t kAllItems = std::numeric_limits<std::uint32_t>::max();
constexpr ClipLimits kLevels[] = {
    {1 << 20, kAllItems}, {64 << 10, kAllItems}, {4 << 10, 4096}, {256, 256}};

}  // namespace

void JsonClipper::Write(std::string_view json, std::string& out) {
  for (std::size_t i = 0; i < json.size();) {
    if (in_string_) {
      i += WriteString(json.substr(i), out);
    } else {
      WriteStructure(json[i++], out);
    }
  }
}

// Consumes a part of a string: its end, one byte of an escape, or a run of plain bytes.
std::size_t JsonClipper::WriteString(std::string_view json, std::string& out) {
  constexpr std::size_t kLongestEscape = 6;
  std::size_t length = 1;
  std::size_t copied = 1;
  if (escaped_) {
    escaped_ = false;
  } else if (json[0] == '"') {
    in_string_ = false;
    if (Dropping()) return 1;
    if (shortened_) out += kClipMark;
    out += '"';
    return 1;
  } else if (json[0] == '\\') {
    // An escape is copied whole or not at all.
    escaped_ = true;
    if (kept_ + kLongestEscape > limits_.string_bytes) shortened_ = true;
  } else {
    length = copied = FindQuoteOrBackslash(json, 0);
    if (kept_ + length > limits_.string_bytes) {
      copied = limits_.string_bytes - std::min(kept_, limits_.string_bytes);
      while (copied < length && (json[copied] & 0xC0) == 0x80) ++copied;  // whole characters
    }
  }
  if (Dropping() || shortened_) return length;
  out += json.substr(0, copied);
  kept_ += copied;
  shortened_ = copied < length;
  return length;
}

void JsonClipper::WriteStructure(char c, std::string& out) {
  switch (c) {
    case '"':
      in_string_ = true;
      kept_ = 0;
      shortened_ = false;
      break;
    case '{':
    case '[':
      counts_.push_back(0);
      break;
    case '}':
    case ']':
      if (dropping_depth_ == counts_.size()) dropping_depth_ = 0;
      if (!counts_.empty()) counts_.pop_back();
      break;
    case ',':
      if (!Dropping() && !counts_.empty() && ++counts_.back() >= limits_.items) {
        dropping_depth_ = counts_.size();
      }
      break;
    default:
      break;
  }
  if (!Dropping()) out += c;
}

void ItemBuffer::Clear() {
  if (text_.capacity() > 2 * (kLevels[0].string_bytes)) text_ = {};
  text_.clear();
  level_ = 0;
  too_large_ = false;
}

void ItemBuffer::Append(std::string_view json) {
  constexpr std::size_t kPiece = 1 << 20;
  while (!json.empty() && !too_large_) {
    const std::string_view piece = json.substr(0, kPiece);
    json.remove_prefix(piece.size());
    const std::size_t wanted = text_.size() + piece.size() + kJsonPadding;
    if (wanted > text_.capacity()) text_.reserve(wanted + wanted / 2);
    if (level_ == 0) {
      text_ += piece;
    } else {
      clipper_.Write(piece, text_);
    }
    if (text_.size() > max_bytes_) Tighten();
  }
}

// Applies the first limits that bring the text below half of max_bytes_, so that this happens
// rarely.
void ItemBuffer::Tighten() {
  while (text_.size() > max_bytes_ / 2) {
    if (level_ == std::size(kLevels)) {
      too_large_ = true;
      text_ = {};
      return;
    }
    clipper_ = JsonClipper(kLevels[level_++]);
    std::string shorter;
    clipper_.Write(text_, shorter);
    text_ = std::move(shorter);
  }
}

std::string_view ItemBuffer::bytes() {
  text_.reserve(text_.size() + kJsonPadding);
  return text_;
}

}  // namespace halo
