// SPDX-License-Identifier: MIT
// The keys with which a JSON document begins: what tells one format from another.
#pragma once

#include <string_view>
#include <vector>

namespace halo {

// Services behind a gRPC gateway, such as Jaeger's, answer with {"result": {...}}, one a line where
// they stream.
inline constexpr std::string_view kEnvelopeKey = "result";

struct JsonKeys {
  bool Has(std::string_view key) const;
  bool HasAll(std::string_view a, std::string_view b) const { return Has(a) && Has(b); }
  // The text from the value of a key on, which may be cut off; empty if the key is not there.
  std::string_view ValueOf(std::string_view key) const;

  bool is_json = false;                  // the text begins with an object or array
  bool is_array = false;                 // the keys are those of its first item
  bool complete = false;                 // the object ends within the text
  std::vector<std::string_view> keys;    // as written, at the first level
  std::vector<std::string_view> values;  // along keys: the text from where the value begins
};

// Of the first object in the text, which may be cut off anywhere.
JsonKeys TopKeys(std::string_view text);

}  // namespace halo
