// SPDX-License-Identifier: MIT
#include "tools/answer/tool.h"

namespace halo {
namespace {

// Puts the sentence about ignored arguments, if there is one, before all that they would have
// changed.
void PutIgnored(const std::string& ignored, boost::json::object& structured) {
  if (ignored.empty()) return;
  const auto leads = [](std::string_view key) { return key == kAboutMember || key == "fence"; };
  boost::json::object out;
  bool placed = false;
  for (auto& member : structured) {
    if (!placed && !leads(member.key())) {
      out.emplace(kIgnoredMember, ignored);
      placed = true;
    }
    out.emplace(member.key(), std::move(member.value()));
  }
  if (!placed) out.emplace(kIgnoredMember, ignored);
  structured = std::move(out);
}

}  // namespace

Result<ToolAnswer> FinishAnswer(std::string_view tool_name, boost::json::object structured,
                                const Shape& shape, const std::string& ignored) {
  ToolAnswer answer;
  PutIgnored(ignored, structured);
  answer.text = RenderText(structured, shape);
  answer.structured = std::move(structured);
  const std::size_t size = std::max(answer.text.size(), SerialisedBytes(answer.structured));
  if (size <= kMaxAnswerBytes) return answer;
  return Error{Code::kInvalidArgument,
               "The answer of " + std::string(tool_name) + " would be " +
                   std::to_string((size + 1023) / 1024) + " KB and the limit is " +
                   std::to_string(kMaxAnswerBytes / 1024) +
                   " KB. Ask for less: lower the limit, or narrow the filters."};
}

Error ArgumentError(std::string_view tool_name, std::string_view message, std::string_view note) {
  std::string text =
      "Invalid arguments for " + std::string(tool_name) + ": " + std::string(message);
  if (!note.empty()) text.append(". ").append(note);
  return {Code::kInvalidArgument, std::move(text)};
}

boost::json::object WithFence(boost::json::object output_schema, bool filtered) {
  boost::json::object properties;
  if (filtered) properties.emplace(kAboutMember, boost::json::object{{"type", "string"}});
  properties.emplace("fence", boost::json::object{{"type", "string"}});
  properties.emplace(kIgnoredMember, boost::json::object{{"type", "string"}});
  if (boost::json::value* own = output_schema.if_contains("properties")) {
    for (auto& member : own->as_object()) {
      properties.emplace(member.key(), std::move(member.value()));
    }
  }
  output_schema["properties"] = std::move(properties);
  return output_schema;
}

}  // namespace halo
