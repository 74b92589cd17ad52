// SPDX-License-Identifier: MIT
#include "tools/tool.h"

namespace halo {

Result<ToolAnswer> FinishAnswer(std::string_view tool_name, boost::json::object structured,
                                const Shape& shape) {
  ToolAnswer answer;
  answer.text = RenderText(structured, shape);
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

boost::json::object ExplainFence(const Fence& fence, boost::json::object structured) {
  if (!fence.used()) return structured;
  boost::json::object out{{"fence", fence.Meaning()}};
  for (auto& member : structured) out.emplace(member.key(), std::move(member.value()));
  return out;
}

boost::json::object WithFence(boost::json::object output_schema) {
  boost::json::object properties{{"fence", {{"type", "string"}}}};
  if (boost::json::value* own = output_schema.if_contains("properties")) {
    for (auto& member : own->as_object()) {
      properties.emplace(member.key(), std::move(member.value()));
    }
  }
  output_schema["properties"] = std::move(properties);
  return output_schema;
}

Error ArgumentError(std::string_view tool_name, std::string_view message) {
  return {Code::kInvalidArgument,
          "Invalid arguments for " + std::string(tool_name) + ": " + std::string(message)};
}

}  // namespace halo
