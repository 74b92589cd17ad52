// SPDX-License-Identifier: MIT
#include "engine/facts/semantic_error.h"

#include "engine/base/ascii.h"
#include "engine/facts/error_text.h"
#include "engine/facts/result_verdict.h"
#include "engine/facts/transport.h"

namespace halo {
namespace {

bool HasResult(Kind kind) {
  return kind == Kind::kTool || kind == Kind::kRetriever || kind == Kind::kReranker ||
         kind == Kind::kEmbedding;
}

int HttpStatusOf(const Span& span) {
  for (const Attribute& attribute : span.attributes) {
    if (!ascii::IsOneOf(attribute.key, {"http.response.status_code", "http.status_code",
                                        "rpc.response.status_code"})) {
      continue;
    }
    if (attribute.value.type == Value::Type::kInt && attribute.value.integer >= 400 &&
        attribute.value.integer < 600) {
      return static_cast<int>(attribute.value.integer);
    }
    if (attribute.value.type == Value::Type::kText && attribute.value.text.size() == 3) {
      return HttpStatusIn(attribute.value.text);
    }
  }
  return 0;
}

// Whether a span that records its input gave nothing. LangSmith marks such a span OK although the
// exception ended it.
bool LacksOutput(const SpanFields& fields) {
  return !fields.input.path.empty() && fields.output.path.empty() && !fields.has_messages_out;
}

FailureRule RuleOf(const Span& span, const SpanFields& fields) {
  if (span.status == StatusCode::kError) return FailureRule::kStatus;
  const auto in_event = [](const Located& at) { return at.path.starts_with("events["); };
  const bool has_event = in_event(fields.exception_message) || in_event(fields.error_type);
  if (has_event && (span.status != StatusCode::kOk || LacksOutput(fields))) {
    return FailureRule::kException;
  }
  if (!fields.error_type.text.empty() && !in_event(fields.error_type)) {
    return fields.error_type.text == "tool_error" ? FailureRule::kErrorFlag
                                                  : FailureRule::kErrorType;
  }
  if (!fields.error_flag.path.empty()) return FailureRule::kErrorFlag;
  if (!fields.exception_message.text.empty() && !in_event(fields.exception_message)) {
    return FailureRule::kErrorType;
  }
  return FailureRule::kNone;
}

}  // namespace

Failure JudgeFailure(const Span& span, const SpanFields& fields, JsonTrees& json) {
  Failure failure;
  failure.rule = RuleOf(span, fields);
  ResultVerdict result;
  const bool judge_result = HasResult(fields.kind) && !fields.output.text.empty();
  if (judge_result) {
    result = JudgeResult(fields.output.text, json);
    if (!failure.failed()) failure.rule = result.rule;
  }
  if (!failure.failed()) return failure;

  const std::string_view given = fields.error_type.text;
  if (!SaysOnlyThatItFailed(given)) failure.type = given;
  if (failure.rule == FailureRule::kStatus) {
    failure.evidence = {span.status_message, "status.message", span.status_message};
  }
  if (failure.rule >= FailureRule::kResultField) failure.evidence = fields.output;
  if (!fields.error_flag.path.empty() && failure.evidence.text.empty()) {
    failure.evidence = fields.error_flag;
  }
  if (failure.evidence.text.empty()) failure.evidence = fields.error_type;

  // The first text that states more than that something failed.
  const std::string_view status =
      span.status == StatusCode::kError ? span.status_message : std::string_view();
  if (!SaysOnlyThatItFailed(ascii::Trim(fields.exception_message.text))) {
    failure.text = fields.exception_message;
  } else if (!SaysOnlyThatItFailed(ascii::Trim(status))) {
    failure.text = {status, "status.message", status};
  } else if (!SaysOnlyThatItFailed(ascii::Trim(result.message))) {
    failure.text = {result.message, fields.output.path, fields.output.whole};
  } else if (judge_result && result.rule == FailureRule::kNone) {
    failure.text = fields.output;
  } else {
    failure.text_is_cause = true;
    failure.text = {result.cause, fields.output.path, fields.output.whole};
  }

  if (const std::string_view title = TitleOfPage(failure.text.text); !title.empty()) {
    failure.text.text = title;
  }
  // A message may be JSON itself.
  const std::string_view trimmed = ascii::Trim(failure.text.text);
  if (trimmed.starts_with('{') && failure.text.path != fields.output.path) {
    const ResultVerdict inner = JudgeResult(trimmed, json);
    if (!inner.message.empty()) {
      failure.text.text = inner.message;
      if (result.type.empty()) result.type = inner.type;
      if (result.http_status == 0) result.http_status = inner.http_status;
    }
  }

  if (failure.type.empty() && !SaysOnlyThatItFailed(result.type)) failure.type = result.type;

  failure.http_status = HttpStatusOf(span);
  if (failure.http_status == 0) failure.http_status = result.http_status;
  if (failure.http_status == 0) failure.http_status = HttpStatusIn(failure.type);
  return failure;
}

}  // namespace halo
