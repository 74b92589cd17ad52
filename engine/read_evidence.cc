// SPDX-License-Identifier: MIT
#include "engine/read_evidence.h"

#include <algorithm>
#include <functional>

#include "engine/base/ascii.h"
#include "engine/codec/span_codec.h"
#include "engine/facts/quote.h"
#include "engine/text/excerpt.h"

namespace halo {
namespace {

bool IsBlank(std::string_view text) { return ascii::Trim(text).empty(); }

bool IsWithin(std::string_view whole, std::string_view piece) {
  const std::less_equal<const char*> at_most;
  return at_most(whole.data(), piece.data()) &&
         at_most(piece.data() + piece.size(), whole.data() + whole.size());
}

// The call at a position over all messages, or the message that holds it.
const ToolCall* CallAt(const std::vector<Message>& messages, std::uint32_t at,
                       const Message** holder) {
  for (const Message& message : messages) {
    if (at < message.tool_calls.size()) {
      *holder = &message;
      return &message.tool_calls[at];
    }
    at -= static_cast<std::uint32_t>(message.tool_calls.size());
  }
  return nullptr;
}

// A message without a text of its own is shown by its first call.
std::string_view TextOf(const Message& message) {
  if (!IsBlank(message.content) || message.tool_calls.empty()) return message.content;
  const ToolCall& call = message.tool_calls.front();
  return call.arguments.size() > 2 ? call.arguments : call.name;
}

std::string_view TextAt(const SpanFields& fields, const MessagePlace& place) {
  using Kind = MessagePlace::Kind;
  const auto message_at = [&](const std::vector<Message>& messages) {
    return place.at < messages.size() ? TextOf(messages[place.at]) : std::string_view();
  };
  const Message* holder = nullptr;
  switch (place.kind) {
    case Kind::kPrompt:
      return message_at(fields.messages_in);
    case Kind::kAnswer:
      return message_at(fields.messages_out);
    case Kind::kCall: {
      const ToolCall* const call = CallAt(fields.messages_out, place.at, &holder);
      if (call == nullptr) return {};
      return IsBlank(holder->content) ? call->name : holder->content;
    }
    case Kind::kArguments: {
      const ToolCall* const call = CallAt(fields.messages_out, place.at, &holder);
      return call == nullptr ? std::string_view() : call->arguments;
    }
    case Kind::kTool:
      for (const ToolDefinition& tool : fields.tools_offered) {
        if (tool.name == place.name) return tool.parameters.empty() ? tool.name : tool.parameters;
      }
      break;
  }
  return {};
}

std::string_view Start(std::string_view text, std::size_t longest) {
  const TextRange range = ExcerptStart(text, longest);
  return text.substr(range.offset, range.length);
}

}  // namespace

std::optional<ShownEvidence> FindPlace(const Span& span, const MessagePlace& place,
                                       std::size_t longest, Conventions& conventions) {
  const SpanFields& fields = conventions.Read(span);
  const std::string_view piece = Start(TextAt(fields, place), longest);
  if (piece.empty()) return {};
  // A text that was written with escapes is a copy; the value that holds most of it is its source.
  ShownEvidence best;
  std::size_t best_size = 0;
  ForEachText(span, [&](std::string_view path, std::string_view text) {
    if (path == "name") return true;
    const bool holds = IsWithin(text, piece);
    const TextRange range = FindPiece(text, piece);
    if (range.length <= best_size && !holds) return true;
    best_size = range.length;
    best.path = path;
    best.offset = range.offset;
    best.text = text.substr(range.offset, range.length);
    return !holds;
  });
  if (best_size == 0) return {};
  best.span_id = span.span_id;
  return best;
}

std::optional<ShownEvidence> FindQuote(const Span& span, const StoredQuote& quote,
                                       std::size_t longest) {
  const std::optional<Value> value = ValueAt(span, quote.path);
  if (!value || !value->has_text() || quote.offset >= value->text.size()) return {};
  const std::string_view text = Start(value->text.substr(quote.offset, quote.length), longest);
  if (text.empty()) return {};
  ShownEvidence shown;
  shown.span_id = span.span_id;
  shown.path = quote.path;
  shown.offset = static_cast<std::uint32_t>(text.data() - value->text.data());
  shown.text = text;
  return shown;
}

}  // namespace halo
