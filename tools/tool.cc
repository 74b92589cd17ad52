// SPDX-License-Identifier: MIT
#include "tools/tool.h"

namespace halo {

Result<ToolAnswer> FinishAnswer(std::string_view tool_name, boost::json::object structured,
                                const Shape& shape, const CallContext& context) {
  ToolAnswer answer;
  answer.text = RenderText(structured, shape, context.nonce);
  answer.structured = std::move(structured);
  const std::size_t size =
      std::max(answer.text.size(), Serialise(boost::json::value(answer.structured)).size());
  if (size <= kMaxAnswerBytes) return answer;
  return Error{Code::kInvalidArgument,
               "The answer of " + std::string(tool_name) + " would be " +
                   std::to_string((size + 1023) / 1024) + " KB and the limit is " +
                   std::to_string(kMaxAnswerBytes / 1024) +
                   " KB. Ask for less: lower the limit, or narrow the filters."};
}

Error ArgumentError(std::string_view tool_name, std::string_view message) {
  return {Code::kInvalidArgument,
          "Invalid arguments for " + std::string(tool_name) + ": " + std::string(message)};
}

}  // namespace halo
