// SPDX-License-Identifier: MIT
#include "engine/model/config.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <utility>

#include "engine/base/toml.h"
#include "engine/model/read_connections.h"
#include "engine/model/read_rules.h"
#include "engine/model/redaction_pattern.h"
#include "schemas/json_text.h"
#include "schemas/nearest.h"

namespace halo {
namespace {

constexpr double kMaxScore = 1e9;
constexpr double kMaxUsd = 1e6;  // per million tokens

std::string LineText(const toml::node& node) {
  return "line " + std::to_string(node.source().begin.line) + ": ";
}

// A scalar as it was written; for other nodes, the type.
std::string GivenText(const toml::node& node) {
  constexpr std::size_t kMaxBytes = 60;
  std::ostringstream out;
  node.visit([&out](const auto& given) {
    if constexpr (toml::is_value<decltype(given)>) {
      out << given;
    } else {
      out << given.type();
    }
  });
  std::string text = out.str();
  if (text.size() > kMaxBytes) text = text.substr(0, kMaxBytes) + "...";
  return text;
}

// Reads one table key by key and keeps the first error.
class Section {
 public:
  Section(const toml::table& table, std::string path, std::string& error)
      : table_(table), path_(std::move(path)), error_(error) {}

  void Read(std::string_view key, bool& out) {
    const toml::node* node = Take(key);
    if (!node) return;
    if (const auto* value = node->as_boolean()) {
      out = value->get();
    } else {
      Wrong(key, *node, "true or false", "true");
    }
  }

  void Read(std::string_view key, double& out, double min, double max) {
    const toml::node* node = Take(key);
    if (!node) return;
    const auto value = node->is_number() ? node->value<double>() : std::nullopt;
    if (value && *value >= min && *value <= max) {
      out = *value;
    } else {
      Wrong(key, *node, "a number from " + FormatNumber(min) + " to " + FormatNumber(max),
            min <= 0.5 && max >= 0.5 ? "0.5" : FormatNumber(min));
    }
  }

  void Read(std::string_view key, std::string& out) {
    const toml::node* node = Take(key);
    if (!node) return;
    if (const auto* value = node->as_string()) {
      out = value->get();
    } else {
      Wrong(key, *node, "a string", "\"name\"");
    }
  }

  void Read(std::string_view key, std::vector<std::string>& out) {
    const toml::node* node = Take(key);
    if (!node) return;
    const toml::array* array = node->as_array();
    if (!array) return Wrong(key, *node, "an array of strings", "[\"name\"]");
    for (const toml::node& item : *array) {
      const auto* value = item.as_string();
      if (!value) return Wrong(key, item, "an array of strings", "[\"name\"]");
      out.push_back(value->get());
    }
  }

  const toml::table* Table(std::string_view key) {
    const toml::node* node = Take(key);
    if (node && !node->is_table()) Wrong(key, *node, "a table");
    return node ? node->as_table() : nullptr;
  }

  // The tables of the array [[key]].
  std::vector<const toml::table*> Tables(std::string_view key) {
    std::vector<const toml::table*> out;
    const toml::node* node = Take(key);
    if (!node) return out;
    const toml::array* array = node->as_array();
    if (!array) {
      Wrong(key, *node, "tables, each starting with [[" + Path(key) + "]]");
      return out;
    }
    for (const toml::node& item : *array) {
      if (!item.is_table()) Wrong(key, item, "a table");
      if (item.is_table()) out.push_back(item.as_table());
    }
    return out;
  }

  // A table inside this one.
  Section Inner(const toml::table& table, std::string_view key) const {
    return Section(table, Path(key), error_);
  }

  bool Has(std::string_view key) const { return table_.contains(key); }
  const toml::node* Node(std::string_view key) { return Take(key); }

  void Wrong(std::string_view key, const toml::node& node, const std::string& expected,
             std::string_view example = {}) {
    std::string message = LineText(node) + Path(key) + ": expected " + expected;
    if (!example.empty()) {
      message.append(", for example ").append(key).append(" = ").append(example);
    }
    Fail(message + "; got " + GivenText(node));
  }
  void Fail(std::string message) {
    if (error_.empty()) error_ = std::move(message);
  }

  // Reports a key that was not read as unknown.
  void Finish() {
    for (const auto& [key, node] : table_) {
      const std::string_view name = key.str();
      if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
      return Fail(LineText(node) + "unknown key " + Path(name) + SuggestWord(name, known_));
    }
  }

 private:
  const toml::node* Take(std::string_view key) {
    known_.push_back(key);
    return table_.get(key);
  }
  std::string Path(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
  }

  const toml::table& table_;
  std::string path_;
  std::string& error_;
  std::vector<std::string_view> known_;
};

void ReadScore(const toml::table& table, Section section, ScoreRule& out) {
  section.Read("name", out.name);
  const auto read = [&](std::string_view key, std::optional<double>& number) {
    double value = 0;
    section.Read(key, value, -kMaxScore, kMaxScore);
    if (section.Has(key)) number = value;
  };
  read("at_least", out.at_least);
  read("at_most", out.at_most);
  section.Finish();
  if (!out.name.empty() && (out.at_least || out.at_most)) return;
  section.Fail(LineText(table) +
               "outcome.scores needs name and at_least or at_most: the name of the score, and "
               "which numbers of it mean success");
}

void ReadOutcome(Section section, OutcomeConfig& out) {
  section.Read("attributes", out.attributes);
  section.Read("success_score", out.success_score, -kMaxScore, kMaxScore);
  section.Read("use_root_status", out.use_root_status);
  section.Read("use_evaluators", out.use_evaluators);
  for (const toml::table* score : section.Tables("scores")) {
    ReadScore(*score, section.Inner(*score, "scores"), out.scores.emplace_back());
  }
  section.Finish();
}

void ReadRedaction(Section section, RedactionConfig& out) {
  section.Read("secrets", out.secrets);
  section.Read("emails", out.emails);
  section.Read("patterns", out.patterns);
  for (const std::string& pattern : out.patterns) {
    const Result<void> sound = CheckRedactionPattern(pattern);
    if (!sound) section.Fail("redaction.patterns: " + sound.error().message);
  }
  section.Finish();
}

// The file gives seconds. If abandoned_ns is below quiet_ns, it is raised to quiet_ns.
void ReadSettle(Section section, SettleRule& out) {
  constexpr double kMaxSeconds = 30 * 86400;
  const auto read = [&](std::string_view key, std::int64_t& ns) {
    double seconds = static_cast<double>(ns) * 1e-9;
    section.Read(key, seconds, 0, kMaxSeconds);
    ns = std::llround(seconds * 1e9);
  };
  read("quiet_seconds", out.quiet_ns);
  read("abandoned_seconds", out.abandoned_ns);
  read("session_seconds", out.session_ns);
  read("log_seconds", out.log_ns);
  section.Finish();
  out.abandoned_ns = std::max(out.abandoned_ns, out.quiet_ns);
}

void ReadWords(const toml::table& table, Section section, WordSettings& out) {
  for (std::size_t i = 0; i < kWordListNames.size(); ++i) {
    const std::string_view key = kWordListNames[i];
    section.Read(key, out.changes[i]);
    for (const std::string& phrase : out.changes[i]) {
      const std::size_t size = phrase.size() - phrase.starts_with('!');
      if (size >= kLeastPhraseBytes) continue;
      section.Wrong(key, *table.get(key), "phrases of at least 4 bytes",
                    "[\"in your language\", \"!one that is taken out\"]");
    }
  }
  section.Finish();
}

void ReadThresholds(Section section, Thresholds& out) {
  for (const Threshold& each : kThresholds) {
    section.Read(each.key, out.*each.value, each.min, each.max);
  }
  section.Finish();
}

void ReadPrice(const toml::table& table, Section section, PriceOverride& out) {
  section.Read("model", out.model);
  section.Read("input", out.input, 0, kMaxUsd);
  section.Read("output", out.output, 0, kMaxUsd);
  section.Read("cache_read", out.cache_read, 0, kMaxUsd);
  section.Read("cache_write", out.cache_write, 0, kMaxUsd);
  section.Finish();
  for (const std::string_view key : {"model", "input", "output"}) {
    if (section.Has(key)) continue;
    section.Fail(LineText(table) + "prices." + std::string(key) +
                 " is required: the model as emitted (or a prefix that ends in \"*\"), and input "
                 "and output in USD per million tokens");
  }
}

constexpr std::pair<std::string_view, Unit> kUnitWords[] = {
    {"auto", Unit::kAuto},
    {"trace", Unit::kTrace},
    {"turn", Unit::kTurn},
    {"session", Unit::kSession},
};

std::string_view UnitWord(Unit unit) {
  for (const auto& [word, value] : kUnitWords) {
    if (value == unit) return word;
  }
  return {};
}

void ReadUnit(Section& section, std::string_view key, const toml::node* node, Unit& out) {
  std::string unit(UnitWord(out));
  section.Read(key, unit);
  for (const auto& [word, value] : kUnitWords) {
    if (word != unit) continue;
    out = value;
    return;
  }
  section.Fail(LineText(*node) + std::string(key) +
               ": expected \"auto\", \"trace\", \"turn\" or \"session\"; got \"" + unit + "\"");
}

// Any key is the name of a project.
void ReadUnits(const toml::table& table, Section section, UnitRule& out) {
  for (const auto& [key, node] : table) {
    auto& [name, unit] = out.projects.emplace_back(std::string(key.str()), Unit::kAuto);
    ReadUnit(section, name, &node, unit);
  }
  std::sort(out.projects.begin(), out.projects.end());
}

// Names of projects or services: an empty one would select what has none.
void ReadNames(Section& root, const toml::table& table, std::string_view key,
               std::vector<std::string>& out) {
  root.Read(key, out);
  if (std::find(out.begin(), out.end(), "") == out.end()) return;
  root.Fail(LineText(*table.get(key)) + std::string(key) + ": a name is empty");
}

Result<Config> ReadConfig(const toml::table& table) {
  Config config;
  std::string error;
  Section root(table, "", error);
  ReadUnit(root, "unit", table.get("unit"), config.units.unit);
  if (const auto* units = root.Table("units")) {
    ReadUnits(*units, Section(*units, "units", error), config.units);
  }
  if (const auto* outcome = root.Table("outcome")) {
    ReadOutcome(Section(*outcome, "outcome", error), config.outcome);
  }
  if (const auto* redaction = root.Table("redaction")) {
    ReadRedaction(Section(*redaction, "redaction", error), config.redaction);
  }
  if (const auto* settle = root.Table("settle")) {
    ReadSettle(Section(*settle, "settle", error), config.settle);
  }
  if (const auto* thresholds = root.Table("thresholds")) {
    ReadThresholds(Section(*thresholds, "thresholds", error), config.thresholds);
  }
  if (const auto* words = root.Table("words")) {
    ReadWords(*words, Section(*words, "words", error), config.words);
  }
  ReadNames(root, table, "projects", config.projects);
  ReadNames(root, table, "services", config.services);
  for (const toml::table* price : root.Tables("prices")) {
    ReadPrice(*price, Section(*price, "prices", error), config.prices.emplace_back());
  }
  if (const toml::node* rules = root.Node("rule")) {
    Result<std::vector<Rule>> read = ReadRules(*rules);
    if (!read) root.Fail(read.error().message);
    if (read) config.rules = std::move(*read);
  }
  if (const toml::node* connections = root.Node("connections")) {
    Result<std::vector<ServiceConnection>> read = ReadConnections(*connections);
    if (!read) root.Fail(read.error().message);
    if (read) config.connections = std::move(*read);
  }
  root.Finish();
  if (!error.empty()) return Error{Code::kInvalidArgument, error};
  return config;
}

std::string Quoted(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append({'\\', c});
    } else if (byte < 0x20 || byte == 0x7F) {
      out.append("\\u00").append({kHex[byte >> 4], kHex[byte & 15]});
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string_view BoolText(bool value) { return value ? "true" : "false"; }

}  // namespace

Result<Config> ParseConfig(std::string_view toml) {
  try {
    return ReadConfig(toml::parse(toml));
  } catch (const toml::parse_error& error) {
    return Error{Code::kInvalidArgument, "line " + std::to_string(error.source().begin.line) +
                                             ": invalid TOML: " + std::string(error.description())};
  }
}

Result<Config> LoadConfig(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{Code::kNotFound, path + ": cannot open it"};
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) return Error{Code::kUnavailable, path + ": cannot read it"};
  Result<Config> config = ParseConfig(text);
  if (!config) return Error{config.error().code, path + " " + config.error().message};
  return config;
}

std::string AnalysisConfigText(const Config& config) {
  std::ostringstream out;
  const auto list = [&out](const std::vector<std::string>& texts) {
    for (std::size_t i = 0; i < texts.size(); ++i) out << (i ? ", " : "") << Quoted(texts[i]);
  };
  out << "unit = " << Quoted(UnitWord(config.units.unit)) << "\n";
  if (!config.units.projects.empty()) out << "\n[units]\n";
  for (const auto& [project, unit] : config.units.projects) {
    out << Quoted(project) << " = " << Quoted(UnitWord(unit)) << "\n";
  }
  out << "\n[outcome]\nattributes = [";
  const OutcomeConfig& outcome = config.outcome;
  list(outcome.attributes);
  out << "]\nsuccess_score = " << FormatNumber(outcome.success_score)
      << "\nuse_root_status = " << BoolText(outcome.use_root_status)
      << "\nuse_evaluators = " << BoolText(outcome.use_evaluators) << "\n";
  for (const ScoreRule& score : outcome.scores) {
    out << "\n[[outcome.scores]]\nname = " << Quoted(score.name) << "\n";
    if (score.at_least) out << "at_least = " << FormatNumber(*score.at_least) << "\n";
    if (score.at_most) out << "at_most = " << FormatNumber(*score.at_most) << "\n";
  }
  out << "\n[redaction]\nsecrets = " << BoolText(config.redaction.secrets)
      << "\nemails = " << BoolText(config.redaction.emails) << "\n";
  if (!config.redaction.patterns.empty()) {
    out << "patterns = [";
    list(config.redaction.patterns);
    out << "]\n";
  }
  if (config.settle != SettleRule()) {
    const auto seconds = [](std::int64_t ns) {
      return FormatNumber(static_cast<double>(ns) * 1e-9);
    };
    out << "\n[settle]\nquiet_seconds = " << seconds(config.settle.quiet_ns)
        << "\nabandoned_seconds = " << seconds(config.settle.abandoned_ns)
        << "\nsession_seconds = " << seconds(config.settle.session_ns)
        << "\nlog_seconds = " << seconds(config.settle.log_ns) << "\n";
  }
  const Thresholds usual;
  bool any = false;
  for (const Threshold& each : kThresholds) {
    if (config.thresholds.*each.value == usual.*each.value) continue;
    if (!std::exchange(any, true)) out << "\n[thresholds]\n";
    out << each.key << " = " << FormatNumber(config.thresholds.*each.value) << "\n";
  }
  any = false;
  for (std::size_t i = 0; i < kWordListNames.size(); ++i) {
    if (config.words.changes[i].empty()) continue;
    if (!std::exchange(any, true)) out << "\n[words]\n";
    out << kWordListNames[i] << " = [";
    list(config.words.changes[i]);
    out << "]\n";
  }
  for (const PriceOverride& price : config.prices) {
    out << "\n[[prices]]\nmodel = " << Quoted(price.model)
        << "\ninput = " << FormatNumber(price.input) << "\noutput = " << FormatNumber(price.output)
        << "\n";
    if (price.cache_read >= 0) out << "cache_read = " << FormatNumber(price.cache_read) << "\n";
    if (price.cache_write >= 0) out << "cache_write = " << FormatNumber(price.cache_write) << "\n";
  }
  out << RulesText(config.rules);
  return out.str();
}

}  // namespace halo
