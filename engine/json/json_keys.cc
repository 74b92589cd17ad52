// SPDX-License-Identifier: MIT
#include "engine/json/json_keys.h"

#include <algorithm>

#include "engine/json/json_space.h"
#include "engine/json/value_scanner.h"

namespace halo {
namespace {

// Removes one value from the front. False if it does not end within the text.
bool SkipValue(std::string_view& text) {
  if (text.empty()) return false;
  if (text[0] == '{' || text[0] == '[' || text[0] == '"') {
    ValueScanner scanner;
    text.remove_prefix(scanner.Scan(text));
    return scanner.state() == ValueScanner::State::kDone;
  }
  text.remove_prefix(std::min(text.find_first_of(",]}"), text.size()));
  return !text.empty();
}

}  // namespace

bool JsonKeys::Has(std::string_view key) const {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::string_view JsonKeys::ValueOf(std::string_view key) const {
  const auto found = std::find(keys.begin(), keys.end(), key);
  return found == keys.end() ? std::string_view()
                             : values[static_cast<std::size_t>(found - keys.begin())];
}

JsonKeys TopKeys(std::string_view text) {
  JsonKeys found;
  text = SkipJsonSpace(text);
  if (text.empty() || (text[0] != '{' && text[0] != '[')) return found;
  found.is_json = true;
  if (text[0] == '[') {
    found.is_array = true;
    text.remove_prefix(1);
    text = SkipJsonSpace(text);
    if (text.empty() || text[0] != '{') return found;
  }
  text.remove_prefix(1);
  while (true) {
    while (!text.empty() && (IsJsonSpace(text[0]) || text[0] == ',')) text.remove_prefix(1);
    if (text.empty() || text[0] != '"') break;
    const std::string_view at_key = text;
    if (!SkipValue(text)) return found;
    found.keys.push_back(at_key.substr(1, at_key.size() - text.size() - 2));
    found.values.emplace_back();
    text = SkipJsonSpace(text);
    if (text.empty() || text[0] != ':') return found;
    text.remove_prefix(1);
    text = SkipJsonSpace(text);
    found.values.back() = text;
    if (!SkipValue(text)) return found;
  }
  found.complete = !text.empty() && text[0] == '}';
  return found;
}

}  // namespace halo
