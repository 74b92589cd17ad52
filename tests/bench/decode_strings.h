// SPDX-License-Identifier: MIT
#pragma once

#include <simdjson.h>

#include <cstddef>

namespace halo::bench {

// Decodes every string below a value, as fast as any reader could, and returns their bytes.
inline std::size_t DecodeStrings(simdjson::ondemand::value value) {
  std::size_t bytes = 0;
  switch (value.type()) {
    case simdjson::ondemand::json_type::object:
      for (auto field : value.get_object()) {
        bytes += field.unescaped_key().value().size();
        bytes += DecodeStrings(field.value());
      }
      break;
    case simdjson::ondemand::json_type::array:
      for (auto item : value.get_array()) bytes += DecodeStrings(item.value());
      break;
    case simdjson::ondemand::json_type::string:
      bytes += value.get_string().value().size();
      break;
    default:
      bytes += value.raw_json_token().size();
  }
  return bytes;
}

}  // namespace halo::bench
