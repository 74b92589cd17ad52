// SPDX-License-Identifier: MIT
// What judges a trace: configuration, prices and the versions of the code. Immutable; any thread.
#pragma once

#include <cstdint>
#include <string>

#include "engine/model/config.h"
#include "engine/pricing/price_table.h"
#include "engine/text/redact.h"

namespace halo {

struct Rules {
  explicit Rules(Config configuration);

  Config config;
  PriceTable prices;
  Redactor redactor;
  // "facts 1, detectors 1, prices 2026-08-21, config 3f0a9c12": equal texts judge alike.
  std::string stamp;
  std::uint64_t stamp_hash;  // what each summary carries
};

}  // namespace halo
