// SPDX-License-Identifier: MIT
// Tool calls of a model that do not fit the tools it was offered.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/model/span_fields.h"

namespace halo {

struct InvalidCall {
  std::string signature;   // "missing required argument `path`"; no text of the call but names
  std::string_view tool;   // as called
  std::string_view quote;  // the arguments, or the name where that is what is wrong
};

// Checks calls against names and JSON Schemas: type, required, properties, additionalProperties,
// items and enum are looked at, whatever else a schema says is taken as fulfilled. Keeps compiled
// schemas from span to span: one object a thread.
class CallChecker {
 public:
  CallChecker();
  ~CallChecker();

  // The first call that does not fit. Without `offered` only the arguments' JSON is looked at;
  // with `all_offered` false the list may lack tools, and a name that is not in it is fine.
  std::optional<InvalidCall> FirstInvalid(std::span<const Message> answer,
                                          std::span<const ToolDefinition> offered,
                                          bool all_offered);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace halo
