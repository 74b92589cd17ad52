// SPDX-License-Identifier: MIT
// The first keys of a JSON document, by which formats are recognised.
#pragma once

#include <string_view>
#include <vector>

namespace halo {

// The key in which gRPC gateways, such as Jaeger's, wrap an answer; a streamed answer has one such
// object per line.
inline constexpr std::string_view kEnvelopeKey = "result";
// Grafana Tempo wraps a trace likewise.
inline constexpr std::string_view kTraceEnvelopeKey = "trace";
constexpr bool IsEnvelopeKey(std::string_view key) {
  return key == kEnvelopeKey || key == kTraceEnvelopeKey;
}

struct JsonKeys {
  bool Has(std::string_view key) const;
  bool HasAll(std::string_view a, std::string_view b) const { return Has(a) && Has(b); }
  // The text that begins with the value of a key and may be cut off; empty if the key is absent.
  std::string_view ValueOf(std::string_view key) const;

  bool is_json = false;                  // the text begins with an object or array
  bool is_array = false;                 // an array; the keys are those of its first item
  bool complete = false;                 // the object ends within the text
  std::vector<std::string_view> keys;    // of the first level, as written
  std::vector<std::string_view> values;  // of each key: the text that begins with it
};

// The keys of the first object in the text, which may be cut off anywhere. Pure.
JsonKeys TopKeys(std::string_view text);

}  // namespace halo
