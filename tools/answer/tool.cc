// SPDX-License-Identifier: MIT
#include "tools/answer/tool.h"

#include <algorithm>

namespace halo {
namespace {

// Does nothing if the answer has no member "notes"; those of all tools have one.
void AddNote(const std::string& note, const Shape& shape, boost::json::object& structured) {
  const auto has_notes = [](const ShapeMember& member) { return member.name == "notes"; };
  if (note.empty() || std::none_of(shape.members.begin(), shape.members.end(), has_notes)) return;
  auto& notes = structured.emplace("notes", boost::json::array()).first->value();
  if (boost::json::array* list = notes.if_array()) list->emplace_back(note);
}

}  // namespace

Result<ToolAnswer> FinishAnswer(std::string_view tool_name, boost::json::object structured,
                                const Shape& shape, const std::string& note) {
  ToolAnswer answer;
  AddNote(note, shape, structured);
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
  if (boost::json::value* own = output_schema.if_contains("properties")) {
    for (auto& member : own->as_object()) {
      properties.emplace(member.key(), std::move(member.value()));
    }
  }
  output_schema["properties"] = std::move(properties);
  return output_schema;
}

}  // namespace halo
