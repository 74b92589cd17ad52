// SPDX-License-Identifier: MIT
#include "engine/json/json_scratch.h"

#include <algorithm>
#include <cstring>

#include "engine/json/json_document.h"
#include "engine/json/json_shape.h"

namespace halo {
namespace {

// Larger buffers are given back, so that one huge value does not stay in memory.
constexpr std::size_t kKeptBytes = 1 << 20;
constexpr std::size_t kKeptSlots = 8;

}  // namespace

struct JsonScratch::Slot {
  simdjson::ondemand::parser parser;
  std::unique_ptr<char[]> bytes;
  std::size_t capacity = 0;
  JsonDocument document;
};

JsonScratch::JsonScratch() = default;
JsonScratch::~JsonScratch() = default;

JsonDocument* JsonScratch::Open(std::string_view text) {
  const JsonShape shape = ShapeOf(text);
  if (shape == JsonShape::kCut) saw_cut_ = true;
  if (shape != JsonShape::kWhole) return nullptr;
  if (used_ == slots_.size()) slots_.push_back(std::make_unique<Slot>());
  Slot& slot = *slots_[used_];
  const std::size_t needed = text.size() + simdjson::SIMDJSON_PADDING;
  if (slot.capacity < needed) {
    slot.capacity = std::max<std::size_t>(needed, 4096);
    slot.bytes = std::make_unique_for_overwrite<char[]>(slot.capacity);
  }
  std::memcpy(slot.bytes.get(), text.data(), text.size());
  std::memset(slot.bytes.get() + text.size(), ' ', simdjson::SIMDJSON_PADDING);
  const simdjson::padded_string_view padded(slot.bytes.get(), text.size(), slot.capacity);
  if (slot.parser.iterate(padded).get(slot.document.root) != simdjson::SUCCESS) return nullptr;
  ++used_;
  return &slot.document;
}

void JsonScratch::Reset() {
  for (std::size_t i = 0; i < used_; ++i) {
    if (slots_[i]->capacity > kKeptBytes) slots_[i] = std::make_unique<Slot>();
  }
  if (slots_.size() > kKeptSlots) slots_.resize(kKeptSlots);
  used_ = 0;
  saw_cut_ = false;
}

bool LooksLikeJson(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos &&
         (text[start] == '{' || text[start] == '[' || text[start] == '"');
}

}  // namespace halo
