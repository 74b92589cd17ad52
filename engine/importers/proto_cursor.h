// SPDX-License-Identifier: MIT
// The fields of a protobuf message, one after the other. Source: protobuf's "Encoding".
#pragma once

#include <cstddef>
#include <cstdint>
#include <protozero/pbf_reader.hpp>
#include <string_view>

namespace halo {

enum class ProtoType : std::uint8_t { kVarint, kFixed64, kBytes, kFixed32 };

struct ProtoField {
  bool Is(std::uint32_t wanted, ProtoType wanted_type) const {
    return number == wanted && type == wanted_type;
  }

  std::uint32_t number = 0;
  ProtoType type = ProtoType::kVarint;
  std::uint64_t integer = 0;    // of any type but kBytes, as it is on the wire
  std::string_view bytes;       // of kBytes
  bool is_cut = false;          // the message ends within `bytes`
  const char* where = nullptr;  // where the field begins
};

enum class ProtoError : std::uint8_t {
  kOk,
  kCut,      // the message ends within a field
  kInvalid,  // an impossible tag, length or varint, or a group: nothing after it can be read
};

constexpr bool Failed(ProtoError error) { return error != ProtoError::kOk; }

// Views of the message stay valid as long as its bytes.
class ProtoCursor {
 public:
  explicit ProtoCursor(std::string_view message)
      : reader_(message.data(), message.size()), where_(message.data()) {}

  // False at the end of the message, and where it cannot be read further.
  bool Next(ProtoField& field);
  // Why Next returned false. A field that is cut is also an error, after it was handed out.
  ProtoError error() const { return error_; }
  // Where the last field begins, or what is not a field.
  const char* where() const { return where_; }

 private:
  void ReadValue(ProtoField& field);
  void ReadBytes(ProtoField& field);

  protozero::pbf_reader reader_;
  const char* where_;
  ProtoError error_ = ProtoError::kOk;
};

}  // namespace halo
