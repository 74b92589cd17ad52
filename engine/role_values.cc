// SPDX-License-Identifier: MIT
#include "engine/role_values.h"

#include <functional>

#include "engine/base/ascii.h"
#include "engine/codec/span_codec.h"
#include "engine/facts/quote.h"
#include "engine/trace/call_sequence.h"

namespace halo {
namespace {

// Enough of a text to find where it begins.
constexpr std::size_t kFindBytes = 300;

bool IsBlank(std::string_view text) { return ascii::Trim(text).empty(); }

bool RunsTool(Kind kind) {
  return kind == Kind::kTool || kind == Kind::kRetriever || kind == Kind::kReranker ||
         kind == Kind::kEmbedding;
}

bool HasRole(const Trace& trace, SpanIndex i, ValueRole role) {
  const SpanFacts& span = trace.spans[i];
  switch (role) {
    case ValueRole::kArguments:
    case ValueRole::kResult:
      return RunsTool(span.kind);
    case ValueRole::kError:
      return span.failed && trace.error_root[i] != 0;
    case ValueRole::kFinalAnswer:
      return false;
    case ValueRole::kAnswer:
    case ValueRole::kSystemPrompt:
    case ValueRole::kToolSchema:
    case ValueRole::kLastMessage:
      break;
  }
  return span.kind == Kind::kLlm && trace.wraps_call[i] == 0;
}

// Of a call and its transport, which are nested spans of one tool, the outer one counts.
bool RepeatsCall(const Trace& trace, SpanIndex i) {
  const SpanIndex outer = trace.within_call[i];
  return outer >= 0 && trace.spans[i].tool != 0 && trace.spans[outer].tool == trace.spans[i].tool;
}

// Whether the tool in the filter is that of the span, and not of what it asks for or was offered.
bool NamesOwnTool(const SpanFacts& span, std::optional<ValueRole> role) {
  return role != ValueRole::kToolSchema &&
         !(role == ValueRole::kArguments && span.kind == Kind::kLlm);
}

bool Passes(const Trace& trace, SpanIndex i, std::optional<ValueRole> role,
            const SpanFilter& filter) {
  const SpanFacts& span = trace.spans[i];
  if (filter.kind ? span.kind != *filter.kind : role && !HasRole(trace, i, *role)) return false;
  if (filter.failed && span.failed != *filter.failed) return false;
  if (filter.agent && trace.Text(trace.agent[i]) != *filter.agent) return false;
  if (filter.tool && NamesOwnTool(span, role) && trace.Text(span.tool) != *filter.tool) {
    return false;
  }
  return !filter.operation || trace.Text(span.name) == *filter.operation ||
         trace.Text(span.operation) == *filter.operation;
}

void VisitCalls(const SpanFields& fields, const SpanFilter& filter, const VisitValue& visit) {
  for (const Message& message : fields.messages_out) {
    for (const ToolCall& call : message.tool_calls) {
      if (!filter.tool || call.name == *filter.tool) visit(call.arguments, call.name);
    }
  }
}

// What the span says of its failure, in its own words if it has any.
std::string_view ErrorText(const SpanFields& fields, const SpanFacts& facts,
                           const StringPool& words, const Span& span) {
  if (!IsBlank(fields.exception_message.text)) return fields.exception_message.text;
  const QuoteRef& quote = facts.error_quote;
  if (quote.path != 0) {
    const std::string_view path = words[quote.path];
    if (path == "status.message") return span.status_message;
    const std::optional<Value> value = ValueAt(span, path);
    if (value && value->has_text() && quote.offset < value->text.size()) {
      return value->text.substr(quote.offset, quote.length);
    }
  }
  return span.status_message.empty() ? fields.error_type.text : span.status_message;
}

}  // namespace

bool IsEmpty(const SpanFilter& filter) {
  return !filter.kind && !filter.agent && !filter.tool && !filter.operation && !filter.failed;
}

bool Passes(const Trace& trace, SpanIndex span, const SpanFilter& filter) {
  return Passes(trace, span, std::nullopt, filter);
}

std::vector<SpanIndex> SpansWith(const Trace& trace, std::optional<ValueRole> role,
                                 const SpanFilter& filter) {
  std::vector<SpanIndex> out;
  const bool calls = role == ValueRole::kArguments || role == ValueRole::kResult;
  for (std::size_t slot = 0; slot < trace.spans.size(); ++slot) {
    const auto i = static_cast<SpanIndex>(slot);
    if (Passes(trace, i, role, filter) && !(calls && RepeatsCall(trace, i))) out.push_back(i);
  }
  return out;
}

std::string_view TextOfAnswer(const SpanFields& fields) {
  for (auto message = fields.messages_out.rbegin(); message != fields.messages_out.rend();
       ++message) {
    if (!IsBlank(message->content)) return message->content;
  }
  return fields.messages_out.empty() ? fields.output.text : std::string_view();
}

void ForEachRoleValue(const SpanFields& fields, const SpanFacts& facts, const StringPool& words,
                      const Span& span, ValueRole role, const SpanFilter& filter,
                      const VisitValue& visit) {
  const std::string_view tool = words[facts.tool];
  const auto show = [&](std::string_view text, std::string_view name) {
    if (!IsBlank(text)) visit(text, name);
  };
  switch (role) {
    case ValueRole::kArguments:
      if (facts.kind == Kind::kLlm) return VisitCalls(fields, filter, visit);
      return show(fields.input.text, tool);
    case ValueRole::kResult:
      return show(fields.output.text, tool);
    case ValueRole::kAnswer:
    case ValueRole::kFinalAnswer:
      return show(facts.kind == Kind::kLlm ? TextOfAnswer(fields) : fields.output.text, {});
    case ValueRole::kSystemPrompt:
      for (const Message& message : fields.messages_in) {
        if (message.role == "system" || message.role == "developer") show(message.content, {});
      }
      return;
    case ValueRole::kToolSchema:
      for (const ToolDefinition& offered : fields.tools_offered) {
        if (filter.tool && offered.name != *filter.tool) continue;
        show(offered.parameters.empty() ? offered.name : offered.parameters, offered.name);
      }
      return;
    case ValueRole::kError:
      return show(ErrorText(fields, facts, words, span), tool);
    case ValueRole::kLastMessage:
      if (!fields.messages_in.empty()) show(fields.messages_in.back().content, {});
      return;
  }
}

LastWords LastWordsOf(const Trace& trace) {
  LastWords last;
  if (trace.root >= 0 && trace.spans[trace.root].has_output) last.root = trace.root;
  last.call = FindRunEnd(trace).last_llm;
  return last;
}

ValuePlace PlaceOf(const Span& span, std::string_view text) {
  const std::string_view piece = text.substr(0, kFindBytes);
  ValuePlace best;
  std::size_t best_size = 0;
  const std::less_equal<const char*> at_most;
  ForEachText(span, [&](std::string_view path, std::string_view whole) {
    if (path == "name") return true;
    const bool holds = at_most(whole.data(), text.data()) &&
                       at_most(text.data() + text.size(), whole.data() + whole.size());
    if (holds) {
      best = {std::string(path), static_cast<std::uint32_t>(text.data() - whole.data())};
      best_size = text.size() + 1;
      return false;
    }
    const TextRange range = FindPiece(whole, piece);
    if (range.length > best_size) {
      best_size = range.length;
      best = {std::string(path), range.offset};
    }
    return true;
  });
  return best;
}

}  // namespace halo
