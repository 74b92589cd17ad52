// SPDX-License-Identifier: MIT
// Whether the result of a tool reports a failure.
#pragma once

#include <string_view>

#include "engine/json/json_tree.h"
#include "engine/model/span_facts.h"

namespace halo {

struct ResultVerdict {
  FailureRule rule = FailureRule::kNone;  // kResultField, kResultText or kNone
  std::string_view cause;                 // the decisive member, such as "success=false"
  std::string_view message;
  std::string_view type;
  int http_status = 0;  // 0: none given
};

// Judges a result that is JSON, a Python print or plain text, by the rules in semantic_error.h.
// Texts are views of `text`, or of `json` until its Reset.
ResultVerdict JudgeResult(std::string_view text, JsonTrees& json);

}  // namespace halo
