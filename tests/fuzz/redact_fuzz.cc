// SPDX-License-Identifier: MIT
// Redacts any bytes: a second pass changes nothing, and MayContain agrees.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/text/redact.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const halo::Redactor redactor({true, true});
  std::string once, twice;
  const std::size_t count = redactor.Redact(text, once);
  if ((count > 0) != redactor.MayContain(text)) std::abort();
  if (redactor.Redact(once, twice) != 0) std::abort();
  return 0;
}
