// SPDX-License-Identifier: MIT
#include "engine/model/read_rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "engine/base/ascii.h"
#include "engine/model/behaviour_name.h"
#include "engine/model/mode_id.h"
#include "schemas/nearest.h"

namespace halo {
namespace {

constexpr std::size_t kMaxName = 64, kMostRules = 50;

struct TextKey {
  std::string_view key;
  std::optional<std::string> TraceFilter::*member;
};
constexpr std::array kTexts = {
    TextKey{"project", &TraceFilter::project},
    TextKey{"service", &TraceFilter::service},
    TextKey{"agent", &TraceFilter::agent},
    TextKey{"model", &TraceFilter::model},
    TextKey{"tool", &TraceFilter::tool},
    TextKey{"task", &TraceFilter::task},
    TextKey{"user", &TraceFilter::user},
    TextKey{"environment", &TraceFilter::environment},
    TextKey{"version", &TraceFilter::version},
    TextKey{"tag", &TraceFilter::tag},
    TextKey{"not_tool", &TraceFilter::not_tool},
    TextKey{"not_agent", &TraceFilter::not_agent},
    TextKey{"ends_with_tool", &TraceFilter::ends_with_tool},
};
struct NumberKey {
  std::string_view key;
  std::optional<std::int64_t> TraceFilter::*member;
  double unit;
};
constexpr std::array kNumbers = {
    NumberKey{"min_calls", &TraceFilter::min_calls, 1},
    NumberKey{"max_calls", &TraceFilter::max_calls, 1},
    NumberKey{"min_cost", &TraceFilter::min_nano_usd, 1e9},
    NumberKey{"min_duration_ms", &TraceFilter::min_duration_ns, 1e6},
};
// Filters that other things than the run itself decide, with what to do.
struct OtherKey {
  std::string_view key, why;
};
constexpr std::array kOthers = {
    OtherKey{"outcome", "outcomes are what a rule is compared with; describe what the run did"},
    OtherKey{"no_mode", "it depends on other rules; describe what the run did"},
    OtherKey{"status", "it belongs to failure modes, not to runs; leave it out"},
    OtherKey{"since", "a rule holds at any time; leave it out, or use version"},
    OtherKey{"until", "a rule holds at any time; leave it out, or use version"},
    OtherKey{"session", "it names a few runs and no pattern; leave it out"},
};

Error Wrong(const toml::node& node, const std::string& path, const std::string& fault) {
  return {Code::kInvalidArgument,
          "line " + std::to_string(node.source().begin.line) + ": " + path + ": " + fault};
}

std::vector<std::string_view> FilterKeys() {
  std::vector<std::string_view> out = {"behaviours", "failure_mode", "has_error"};
  for (const TextKey& each : kTexts) out.push_back(each.key);
  for (const NumberKey& each : kNumbers) out.push_back(each.key);
  return out;
}

Result<void> ReadBehaviours(const toml::node& node, const std::string& path, TraceFilter& out) {
  const toml::array* const array = node.as_array();
  if (!array || array->empty()) {
    return Wrong(node, path, "expected an array of behaviours, such as [\"then search > answer\"]");
  }
  for (const toml::node& item : *array) {
    const auto text = item.value_exact<std::string>();
    if (!text) return Wrong(item, path, "expected an array of strings, such as [\"no_calls\"]");
    const Result<Behaviour> behaviour = ParseBehaviourName(*text);
    if (!behaviour) {
      return Wrong(item, path, "\"" + *text + "\": " + behaviour.error().message);
    }
    out.behaviours.push_back(
        BehaviourText(behaviour->kind, behaviour->n, behaviour->a, behaviour->b));
  }
  return {};
}

Result<void> ReadCondition(std::string_view key, const toml::node& node, const std::string& path,
                           TraceFilter& out) {
  if (key == "behaviours") return ReadBehaviours(node, path, out);
  const auto text = node.value_exact<std::string>();
  for (const TextKey& each : kTexts) {
    if (each.key != key) continue;
    if (!text || text->empty()) return Wrong(node, path, "expected a name");
    out.*each.member = *text;
    return {};
  }
  for (const NumberKey& each : kNumbers) {
    if (each.key != key) continue;
    const auto number = node.is_number() ? node.value<double>() : std::nullopt;
    if (!number || *number < 0 || *number > 1e9) return Wrong(node, path, "expected a number");
    out.*each.member = std::llround(*number * each.unit);
    return {};
  }
  if (key == "has_error") {
    out.has_error = node.value_exact<bool>();
    return out.has_error ? Result<void>() : Wrong(node, path, "expected true or false");
  }
  if (key == "failure_mode") {
    const ModeId mode = text ? ParseModeId(*text) : 0;
    if (mode == 0) {
      return Wrong(node, path, "expected an id of list_failure_modes, as \"fm_0123456789ab\"");
    }
    out.failure_mode = mode;
    return {};
  }
  for (const OtherKey& other : kOthers) {
    if (other.key == key)
      return Wrong(node, path, "cannot be in a rule: " + std::string(other.why));
  }
  const std::vector<std::string_view> known = FilterKeys();
  return Wrong(node, path, "unknown filter" + SuggestWord(key, known));
}

Result<void> ReadFilter(const toml::node& node, const std::string& path, Rule& out) {
  const toml::table* const table = node.as_table();
  if (!table || table->empty()) {
    return Wrong(node, path,
                 "expected filters that some runs pass and others do not, for example "
                 "{ behaviours = [\"last search\"] }; without any, the rule would match every run");
  }
  std::ostringstream text;
  text << "{ ";
  bool first = true;
  for (const auto& [key, value] : *table) {
    const std::string name(key.str());
    if (const auto read = ReadCondition(name, value, path + "." + name, out.filter); !read) {
      return read;
    }
    text << (std::exchange(first, false) ? "" : ", ") << name << " = "
         << toml::toml_formatter{value};
  }
  text << " }";
  out.filter_text = text.str();
  const TraceFilter& filter = out.filter;
  if (filter.min_calls && filter.max_calls && *filter.min_calls > *filter.max_calls) {
    return Wrong(node, path, "min_calls is above max_calls: the rule would match no run");
  }
  if (filter.tool && filter.tool == filter.not_tool) {
    return Wrong(node, path, "tool and not_tool are the same: the rule would match no run");
  }
  return {};
}

Result<Rule> ReadRule(const toml::table& table, const std::string& path) {
  Rule out;
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    if (name == "filter") {
      if (const auto read = ReadFilter(node, path + ".filter", out); !read) return read.error();
      continue;
    }
    if (name != "name" && name != "category") {
      constexpr std::array<std::string_view, 3> kKnown = {"name", "category", "filter"};
      return Wrong(node, path + "." + name, "unknown key" + SuggestWord(name, kKnown));
    }
    const auto text = node.value_exact<std::string>();
    const bool is_name = text && !ascii::Trim(*text).empty() && text->size() <= kMaxName &&
                         text->find('\n') == text->npos;
    if (!is_name) {
      return Wrong(node, path + "." + name,
                   "expected a name of one line and at most 64 bytes, such as \"wrong price\"");
    }
    (name == "name" ? out.name : out.category) = *text;
  }
  if (!out.name.empty() && !out.category.empty() && !out.filter_text.empty()) return out;
  return Wrong(table, path,
               "a rule needs name, category (of note_runs) and filter, for example filter = "
               "{ behaviours = [\"last search\"] }");
}

}  // namespace

Result<std::vector<Rule>> ReadRules(const toml::node& node) {
  const toml::array* const array = node.as_array();
  if (!array) return Wrong(node, "rule", "expected tables, each starting with [[rule]]");
  std::vector<Rule> out;
  for (const toml::node& item : *array) {
    const toml::table* const table = item.as_table();
    if (!table) return Wrong(item, "rule", "expected a table, starting with [[rule]]");
    Result<Rule> rule = ReadRule(*table, "rule");
    if (!rule) return rule.error();
    const bool twice = std::any_of(out.begin(), out.end(), [&](const Rule& other) {
      return ascii::ToLower(other.name) == ascii::ToLower(rule->name);
    });
    if (twice) {
      return Wrong(item, "rule.name",
                   "two rules have the name \"" + rule->name + "\"; each needs one of its own");
    }
    if (out.size() == kMostRules) return Wrong(item, "rule", "more than 50 rules");
    out.push_back(std::move(*rule));
  }
  return out;
}

std::string RulesText(const std::vector<Rule>& rules) {
  std::ostringstream out;
  for (const Rule& rule : rules) {
    out << "\n[[rule]]\nname = " << toml::toml_formatter{toml::value<std::string>(rule.name)}
        << "\ncategory = " << toml::toml_formatter{toml::value<std::string>(rule.category)}
        << "\nfilter = " << rule.filter_text << "\n";
  }
  return out.str();
}

}  // namespace halo
