// SPDX-License-Identifier: MIT
#include "engine/sources/langfuse_scores.h"

#include "engine/json/json_slices.h"
#include "engine/sources/reply_json.h"

namespace halo::langfuse {
namespace {

bool IsOfObservation(std::string_view subject) {
  return TextMember(subject, "kind") == "observation";
}

// The id of the subject's trace, as written; empty if it has none.
std::string_view TraceIdText(std::string_view subject) {
  if (IsOfObservation(subject)) return MemberText(subject, "traceId");
  return TextMember(subject, "kind") == "trace" ? MemberText(subject, "id") : std::string_view();
}

}  // namespace

std::string TraceOfScore(std::string_view score) {
  const std::string_view subject = MemberText(score, "subject");
  if (!subject.starts_with('{')) return TextMember(score, "traceId");
  return DecodedText(TraceIdText(subject));
}

std::string PlainScore(std::string_view score) {
  const std::string_view subject = MemberText(score, "subject");
  if (!subject.starts_with('{')) return std::string(score);
  std::string out = "{";
  const auto add = [&out](std::string_view key, std::string_view value) {
    if (value.empty()) return;
    out.append(out.size() > 1 ? ",\"" : "\"").append(key).append("\":").append(value);
  };
  ForEachMemberText(score, [&](std::string_view key, std::string_view value) {
    if (key == "subject") {
      add("traceId", TraceIdText(subject));
      if (IsOfObservation(subject)) add("observationId", MemberText(subject, "id"));
    } else if (key == "value" && value.starts_with('"')) {
      add("stringValue", value);
    } else if (key == "value" && (value == "true" || value == "false")) {
      add("value", value == "true" ? "1" : "0");
      add("stringValue", value == "true" ? "\"True\"" : "\"False\"");
    } else {
      add(key, value);
    }
  });
  return out + "}";
}

}  // namespace halo::langfuse
