// SPDX-License-Identifier: MIT
// Reads any bytes as a chunked body: the result does not depend on how they are split, and stays
// within the limits.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "server/http/body_reader.h"

namespace {

using halo::BodyReader;

constexpr halo::BodyLimits kLimits{512, 256};

struct Read {
  BodyReader::State state;
  std::string body;
  std::size_t taken;
  bool operator==(const Read&) const = default;
};

Read ReadIn(std::string_view bytes, std::size_t step) {
  BodyReader reader = BodyReader::Chunked(kLimits);
  Read out{BodyReader::State::kMore, {}, 0};
  while (out.taken < bytes.size() && reader.state() == BodyReader::State::kMore) {
    out.taken += reader.Read(bytes.substr(out.taken, step), &out.body);
  }
  out.state = reader.state();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Read whole = ReadIn(bytes, size + 1);
  if (!(whole == ReadIn(bytes, 1)) || !(whole == ReadIn(bytes, 5))) std::abort();
  if (whole.body.size() > kLimits.body || whole.taken > 2048) std::abort();
  return 0;
}
