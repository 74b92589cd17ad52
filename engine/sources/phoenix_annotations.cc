// SPDX-License-Identifier: MIT
#include "engine/sources/phoenix_annotations.h"

#include "engine/json/json_slices.h"
#include "engine/json/json_space.h"
#include "engine/sources/reply_json.h"
#include "schemas/json_string.h"

namespace halo::phoenix {
namespace {

bool IsGiven(std::string_view value) {
  return !value.empty() && value != "null" && value != "\"\"";
}

}  // namespace

std::string EventOf(std::string_view annotation, std::string_view time) {
  const std::string_view result = MemberText(annotation, "result");
  const std::string_view label = MemberText(result, "label"), score = MemberText(result, "score");
  if (!IsGiven(label) && !IsGiven(score)) return {};
  std::string out = R"({"name":"gen_ai.evaluation.result","timestamp":)";
  out.append(time).append(R"(,"attributes":{"gen_ai.evaluation.name":)");
  out += MemberText(annotation, "name").empty() ? "\"annotation\"" : MemberText(annotation, "name");
  const auto add = [&out](std::string_view key, std::string_view value) {
    if (IsGiven(value)) out.append(",\"").append(key).append("\":").append(value);
  };
  add("gen_ai.evaluation.score.label", label);
  add("gen_ai.evaluation.score.value", score);
  add("gen_ai.evaluation.explanation", MemberText(result, "explanation"));
  add("phoenix.annotator_kind", MemberText(annotation, "annotator_kind"));
  return out + "}}";
}

std::string SpanWith(std::string_view span, std::span<const std::string> events,
                     std::string_view project) {
  std::string out = "{", list;
  ForEachMemberText(span, [&](std::string_view key, std::string_view value) {
    if (key == "events") {
      ForEachItemText(value, [&](std::string_view event) {
        list.append(list.empty() ? "" : ",").append(event);
      });
      return;
    }
    out.append(out.size() > 1 ? ",\"" : "\"").append(key).append("\":").append(value);
  });
  for (const std::string& event : events) list.append(list.empty() ? "" : ",").append(event);
  out.append(out.size() > 1 ? "," : "")
      .append("\"events\":[")
      .append(list)
      .append("],\"project_name\":");
  AppendJsonString(project, out);
  return out + "}";
}

}  // namespace halo::phoenix
