// SPDX-License-Identifier: MIT
// The settings of halo.toml. The settings that affect the analysis are stored with the data, so
// that all processes analyse by the same rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/rule.h"
#include "engine/model/service_connection.h"
#include "engine/model/settle.h"
#include "engine/model/thresholds.h"
#include "engine/model/unit.h"
#include "engine/model/word_lists.h"

namespace halo {

// [[outcome.scores]]: which numbers of one score mean success; all others mean failure.
struct ScoreRule {
  std::string name;  // of the score, evaluation, annotation or evaluator, or the attribute key
  std::optional<double> at_least, at_most;  // at least one is given

  bool IsSuccess(double number) const {
    return (!at_least || number >= *at_least) && (!at_most || number <= *at_most);
  }
};

// [outcome]: how the outcome of a run is determined.
struct OutcomeConfig {
  // Attribute keys that hold the outcome: a boolean, a number, or a word such as "pass". They take
  // precedence over the built-in ones.
  std::vector<std::string> attributes;
  double success_score = 0.5;  // a number under these keys is a success from here on
  // Other numbers than 0 and 1 decide only by these rules, since scores have many scales.
  std::vector<ScoreRule> scores;
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
  UnitRule units;  // `unit` and [units]
  OutcomeConfig outcome;
  RedactionConfig redaction;
  SettleRule settle{};
  Thresholds thresholds{};
  WordSettings words{};
  std::vector<PriceOverride> prices;
  std::vector<Rule> rules;
  // What the repository with the file is bound to; see workspace.h. Not part of the analysis.
  std::vector<std::string> projects, services;
  std::vector<ServiceConnection> connections;  // not part of the analysis
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
