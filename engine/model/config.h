// SPDX-License-Identifier: MIT
// The settings of halo.toml. The settings that affect the analysis are stored with the data, so
// that all processes analyse by the same rules.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/settle.h"
#include "engine/model/unit.h"

namespace halo {

// [outcome]: how the outcome of a run is determined.
struct OutcomeConfig {
  // Attribute keys that hold the outcome: a boolean, a number, or a word such as "pass". They take
  // precedence over the built-in ones.
  std::vector<std::string> attributes;
  double success_score = 0.5;  // a number at or above it is a success
  bool use_root_status = true;
  bool use_evaluators = true;
};

struct PriceOverride {
  std::string model;                         // as emitted, or a prefix ending in "*"
  double input = 0, output = 0;              // USD per million tokens
  double cache_read = -1, cache_write = -1;  // -1: same as input
};

struct RedactionConfig {
  bool secrets = true;
  bool emails = false;
  // Regular expressions of RE2. What matches is replaced, or its first group where it has one.
  std::vector<std::string> patterns = {};
};

struct Config {
  Unit unit = Unit::kTrace;
  OutcomeConfig outcome;
  RedactionConfig redaction;
  SettleRule settle{};
  std::vector<PriceOverride> prices;
};

// Parses the text of a halo.toml. Unknown keys and wrong types are kInvalidArgument; the message
// names the line, the key and the expected value. LoadConfig reads a file, and fails with kNotFound
// if it cannot be opened, kUnavailable if it cannot be read.
Result<Config> ParseConfig(std::string_view toml);
Result<Config> LoadConfig(const std::string& path);

// The settings that affect the analysis, as text that the store keeps and ParseConfig reads back.
// Configurations with equal texts give equal analyses.
std::string AnalysisConfigText(const Config& config);

}  // namespace halo
