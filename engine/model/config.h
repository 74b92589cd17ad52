// SPDX-License-Identifier: MIT
// What a user can decide in halo.toml. Plain values; the analysis part is kept in the store, so
// that every process judges by the same rules.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/settle.h"
#include "engine/model/unit.h"

namespace halo {

// [outcome]: how a run's own attributes say whether it succeeded.
struct OutcomeConfig {
  // Attribute keys that hold a verdict: a boolean, a number, or a word such as "pass". A key given
  // here comes before the built-in ones.
  std::vector<std::string> attributes;
  double success_score = 0.5;  // numbers at or above it are a success
  bool use_root_status = true;
  bool use_evaluators = true;
};

struct PriceOverride {
  std::string model;                         // as emitted, or a prefix that ends in "*"
  double input = 0, output = 0;              // USD per million tokens
  double cache_read = -1, cache_write = -1;  // -1: like input
};

struct RedactionConfig {
  bool secrets = true;
  bool emails = false;
};

struct Config {
  Unit unit = Unit::kTrace;
  OutcomeConfig outcome;
  RedactionConfig redaction;
  SettleRule settle{};
  std::vector<PriceOverride> prices;
};

// TOML text as in halo.toml. Unknown keys and wrong types are errors that name line, key and what
// was expected.
Result<Config> ParseConfig(std::string_view toml);
Result<Config> LoadConfig(const std::string& path);

// The analysis part as text that ParseConfig reads back: what is kept in the store. Two
// configurations judge alike exactly when these are equal.
std::string AnalysisConfigText(const Config& config);

}  // namespace halo
