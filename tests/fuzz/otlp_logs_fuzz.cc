// SPDX-License-Identifier: MIT
// Log requests of any bytes, as OTLP/JSON and as protobuf: a prefix makes them logs, so that the
// fuzzer spends its time in the records.
#include <string>

#include "tests/fuzz/reader_fuzz.h"

namespace {

std::string Delimited(char tag, std::string_view message) {
  std::string out(1, tag);
  for (std::size_t size = message.size();; size >>= 7) {
    const bool is_last = size < 0x80;
    out += static_cast<char>((size & 0x7F) | (is_last ? 0 : 0x80));
    if (is_last) break;
  }
  return out.append(message);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  halo::ReadAnything("otlp_json", input);
  halo::ReadAnything("otlp_protobuf", input);
  halo::ReadAnything(
      "otlp_json", R"({"resourceLogs":[{"scopeLogs":[{"scope":{"name":"com.anthropic.claude_code")"
                   R"(},"logRecords":[)" +
                       std::string(input) + "]}]}]}");
  // A time, and then what the input says of a record.
  const std::string record =
      Delimited(0x12, "\x09\x01\x02\x03\x04\x05\x06\x07\x18" + std::string(input));
  halo::ReadAnything("otlp_protobuf", Delimited(0x0A, Delimited(0x12, record)));
  return 0;
}
