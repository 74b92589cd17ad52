// SPDX-License-Identifier: MIT
#include "engine/ingest/rules.h"

#include <xxhash.h>

#include <cstdio>
#include <utility>

#include "engine/detectors/detector.h"
#include "engine/model/health_counts.h"
#include "engine/model/span_facts.h"

namespace halo {
namespace {

std::string StampOf(const Config& config) {
  const std::string text = AnalysisConfigText(config);
  char hash[9];
  std::snprintf(hash, sizeof hash, "%08x",
                static_cast<unsigned>(XXH3_64bits(text.data(), text.size()) & 0xffffffffu));
  return "facts " + std::to_string(kFactsVersion) + ", detectors " +
         std::to_string(kDetectorsVersion) + ", counts " + std::to_string(kHealthCountCount) +
         ", prices " + std::string(PriceTable::Date()) + ", config " + hash;
}

}  // namespace

Rules::Rules(Config configuration)
    : config(std::move(configuration)),
      prices(config.prices),
      redactor(config.redaction),
      stamp(StampOf(config)),
      stamp_hash(XXH3_64bits(stamp.data(), stamp.size())) {}

}  // namespace halo
