// SPDX-License-Identifier: MIT
// Finds tool calls that violate the definitions of the offered tools.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/json/json_tree.h"
#include "engine/model/span_fields.h"

namespace halo {

struct InvalidCall {
  std::string signature;   // "missing required argument `path`"; of the call, it quotes only names
  std::string_view tool;   // the name in the call
  std::string_view quote;  // the arguments, or the name if the name is wrong
};

// Checks calls against names and JSON Schemas. Checks type, required, properties,
// additionalProperties, items and enum, and assumes that calls satisfy all other keywords. Keeps
// compiled schemas for later spans: one object per thread.
class CallChecker {
 public:
  CallChecker();
  ~CallChecker();

  // The first invalid call. If `offered` is empty, only the JSON of the arguments is checked. If
  // `all_offered` is false, `offered` may be incomplete, so a name that is not in it is accepted.
  std::optional<InvalidCall> FirstInvalid(std::span<const Message> answer,
                                          std::span<const ToolDefinition> offered, bool all_offered,
                                          JsonTrees& json);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace halo
