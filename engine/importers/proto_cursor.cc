// SPDX-License-Identifier: MIT
#include "engine/importers/proto_cursor.h"

#include <limits>

namespace halo {

bool ProtoCursor::Next(ProtoField& field) {
  if (Failed(error_)) return false;
  where_ = reader_.data().data();
  try {
    if (!reader_.next()) return false;
    field.where = where_;
    field.number = reader_.tag();
    field.integer = 0;
    field.bytes = {};
    field.is_cut = false;
    ReadValue(field);
  } catch (const protozero::end_of_buffer_exception&) {
    error_ = ProtoError::kCut;
  } catch (const protozero::exception&) {
    error_ = ProtoError::kInvalid;
  }
  return !Failed(error_) || field.is_cut;
}

void ProtoCursor::ReadValue(ProtoField& field) {
  switch (reader_.wire_type()) {
    case protozero::pbf_wire_type::varint:
      field.type = ProtoType::kVarint;
      field.integer = reader_.get_uint64();
      break;
    case protozero::pbf_wire_type::fixed64:
      field.type = ProtoType::kFixed64;
      field.integer = reader_.get_fixed64();
      break;
    case protozero::pbf_wire_type::fixed32:
      field.type = ProtoType::kFixed32;
      field.integer = reader_.get_fixed32();
      break;
    default:
      field.type = ProtoType::kBytes;
      ReadBytes(field);
  }
}

// Reads the length itself: the reader would drop its upper 32 bits.
void ProtoCursor::ReadBytes(ProtoField& field) {
  constexpr std::uint64_t kMostBytes = std::numeric_limits<std::int32_t>::max();  // of a message
  const protozero::data_view rest = reader_.data();
  const char* at = rest.data();
  const char* const end = at + rest.size();
  const std::uint64_t length = protozero::decode_varint(&at, end);
  const auto left = static_cast<std::size_t>(end - at);
  if (length > kMostBytes) {
    error_ = ProtoError::kInvalid;
  } else if (length > left) {
    error_ = ProtoError::kCut;
    field.is_cut = true;
    field.bytes = {at, left};
  } else {
    field.bytes = {at, static_cast<std::size_t>(length)};
    reader_ = protozero::pbf_reader(at + length, left - static_cast<std::size_t>(length));
  }
}

}  // namespace halo
