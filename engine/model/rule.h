// SPDX-License-Identifier: MIT
// A pattern that readers confirmed, kept as a rule: runs that pass its filter show what readers
// noted as the category.
#pragma once

#include <string>

#include "engine/model/question.h"

namespace halo {

// [[rule]] of halo.toml.
struct Rule {
  std::string name;         // names its entry; two rules have two names
  std::string category;     // of notes; by them its precision is measured
  TraceFilter filter;       // only conditions that a run decides by itself
  std::string filter_text;  // the filter as an inline table of TOML

  bool operator==(const Rule& other) const {
    return name == other.name && category == other.category && filter_text == other.filter_text;
  }
};

// The detector of their findings; the signature is the name of the rule.
inline constexpr std::string_view kRuleDetector = "rule";

}  // namespace halo
