// SPDX-License-Identifier: MIT
// The keys with which a JSON document begins: what tells one format from another.
#pragma once

#include <string_view>
#include <vector>

namespace halo {

struct JsonKeys {
  bool Has(std::string_view key) const;
  bool HasAll(std::string_view a, std::string_view b) const { return Has(a) && Has(b); }

  bool is_json = false;                // the text begins with an object or array
  bool is_array = false;               // the keys are those of its first item
  bool complete = false;               // the object ends within the text
  std::vector<std::string_view> keys;  // as written, at the first level
};

// Of the first object in the text, which may be cut off anywhere.
JsonKeys TopKeys(std::string_view text);

}  // namespace halo
