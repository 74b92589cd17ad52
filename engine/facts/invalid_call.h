// SPDX-License-Identifier: MIT
// Tool calls of a model that do not fit the tools it was offered.
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
  std::string signature;   // "missing required argument `path`"; no text of the call but names
  std::string_view tool;   // as called
  std::string_view quote;  // the arguments, or the name where that is what is wrong
};

// Checks calls against names and JSON Schemas. Type, required, properties, additionalProperties,
// items and enum are checked; whatever else a schema demands is assumed to hold. Keeps compiled
// schemas from span to span: one object per thread.
class CallChecker {
 public:
  CallChecker();
  ~CallChecker();

  // The first call that does not fit. Without `offered` only the JSON of the arguments is checked.
  // If `all_offered` is false the list may lack tools, and a name that is not in it is accepted.
  std::optional<InvalidCall> FirstInvalid(std::span<const Message> answer,
                                          std::span<const ToolDefinition> offered, bool all_offered,
                                          JsonTrees& json);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace halo
