// SPDX-License-Identifier: MIT
// What a prompt tells the model about the failure of a call that it made before. Some emitters say
// it nowhere else: the span of the tool has no attributes (Google ADK), or there is none since the
// call was refused (Vercel AI SDK, LangGraph, Genkit). Pure function.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/json/json_tree.h"
#include "engine/model/span_facts.h"
#include "engine/model/span_fields.h"

namespace halo {

// The signature of the failure that the result of a call reports; empty if it reports none.
std::string ErrorOfResult(std::string_view result, JsonTrees& json);

struct ToldError {
  std::string signature;  // empty: no result reports a failure
  std::string_view tool;  // empty if the prompt does not say which
};

// The first failed result after the last answer of the model in `prompt`.
ToldError FindToldError(std::span<const Message> prompt, JsonTrees& json);

}  // namespace halo
