// SPDX-License-Identifier: MIT
// The rules of the analysis: configuration, prices and versions of the code. Immutable; any thread.
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
  // "facts 1, detectors 1, prices 2026-08-21, config 3f0a9c12". Equal stamps give equal analyses.
  std::string stamp;
  std::uint64_t stamp_hash;  // stored in each TraceSummary
};

}  // namespace halo
