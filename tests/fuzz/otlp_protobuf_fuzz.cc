// SPDX-License-Identifier: MIT
#include "tests/fuzz/reader_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  halo::ReadAnything("otlp_protobuf", input);
  halo::ReadAnything("otlp_protobuf_uint32", input);
  halo::ReadAnything("otlp_protobuf_varint", input);
  return 0;
}
