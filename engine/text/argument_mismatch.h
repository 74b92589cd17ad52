// SPDX-License-Identifier: MIT
// Reads from the text of an error that the arguments of a call did not fit. Knows the words of
// Python, pydantic, JSON Schema (Python, ajv), zod, MCP and this program. Pure function; any
// thread.
#pragma once

#include <string_view>

#include "engine/text/error_shape.h"

namespace halo {

struct MismatchText {
  ArgumentMismatch kind = ArgumentMismatch::kNone;
  // The function that refused them: "web_search" of "web_search() got an ...", "SearchTool" of
  // "SearchTool.forward() missing ..."; empty if not named.
  std::string_view function;
};
MismatchText FindArgumentMismatch(std::string_view signature);

}  // namespace halo
