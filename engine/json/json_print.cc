// SPDX-License-Identifier: MIT
#include "engine/json/json_print.h"

#include <charconv>
#include <cmath>
#include <iterator>

#include "schemas/json_string.h"

namespace halo {

void AppendJsonValue(const Value& value, std::string& out) {
  char number[32];
  const auto put = [&](auto n) {
    out.append(number, std::to_chars(number, std::end(number), n).ptr);
  };
  switch (value.type) {
    case Value::Type::kBool:
      out += value.integer ? "true" : "false";
      break;
    case Value::Type::kInt:
      put(value.integer);
      break;
    case Value::Type::kDouble:
      std::isfinite(value.real) ? put(value.real) : void(out += "null");
      break;
    case Value::Type::kText:
    case Value::Type::kBytes:
      AppendJsonString(value.text, out);
      break;
    case Value::Type::kJson:
      out += value.text;
      break;
    default:
      out += "null";
  }
}

}  // namespace halo
