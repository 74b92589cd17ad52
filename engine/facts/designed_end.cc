// SPDX-License-Identifier: MIT
#include "engine/facts/designed_end.h"

#include <string_view>

#include "engine/base/ascii.h"

namespace halo {

bool EndsRunByDesign(const Span& span) {
  for (const Attribute& attribute : span.attributes) {
    const char last = attribute.key.empty() ? '\0' : attribute.key.back();
    if (last != 't' && last != 'r') continue;  // the last letters of all names below
    const std::string_view name = attribute.key.substr(attribute.key.rfind('.') + 1);
    const Value& value = attribute.value;
    if (name == "tool_use_behavior" || name == "toolUseBehavior") {
      if (value.text.find("stop_on_first_tool") != value.text.npos) return true;
    }
    for (const std::string_view known : {"return_direct", "returnDirect", "result_as_answer",
                                         "resultAsAnswer", "is_final_answer", "return_result"}) {
      if (name != known) continue;
      if (value.type == Value::Type::kBool ? value.integer != 0
                                           : ascii::EqualsFolded(value.text, "true")) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace halo
