// SPDX-License-Identifier: MIT
// Normalises any bytes: the result is within its limits, and normalising it again does not change
// it.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/text/fingerprint.h"
#include "engine/text/normalise.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string error = halo::NormaliseError(text);
  if (error.size() > 512 || halo::NormaliseError(error) != error) std::abort();
  const std::string name = halo::NormaliseName(text);
  if (name.size() > 512 || halo::NormaliseName(name) != name) std::abort();
  halo::ResultFingerprint(text);
  return 0;
}
