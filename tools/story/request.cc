// SPDX-License-Identifier: MIT
#include "tools/story/request.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "engine/model/span_fields.h"
#include "engine/semconv/conventions.h"
#include "engine/semconv/message_json.h"
#include "tools/answer/phrases.h"
#include "tools/common/to_wire.h"
#include "tools/story/span_label.h"
#include "tools/story/span_values.h"

namespace halo {
namespace {

std::string_view FirstOfUser(const std::vector<Message>& messages) {
  const auto found = std::find_if(messages.begin(), messages.end(), [](const Message& message) {
    return message.role == "user" && !message.content.empty();
  });
  return found == messages.end() ? std::string_view() : found->content;
}

// The first words of a user in the prompt or, as messages, in the input; else the whole input.
std::string_view FirstUserText(const SpanFields& fields, JsonTrees& json) {
  if (const std::string_view said = FirstOfUser(fields.messages_in); !said.empty()) return said;
  std::vector<Message> messages;
  ReadMessages(fields.input.text, "user", json, messages);
  const std::string_view said = FirstOfUser(messages);
  return said.empty() ? fields.input.text : said;
}

// A quote of the stored value that contains the text; nullopt if a convention composed the text
// from several values.
std::optional<wire::Quote> Locate(const Trace& trace, SpanIndex index, const Span& span,
                                  std::string_view text, std::size_t max_bytes) {
  const std::string_view cut = CutText(text, max_bytes);
  if (cut.empty()) return std::nullopt;
  for (const SpanValue& value : ValuesOf(span)) {
    if (!value.value.has_text()) continue;
    const std::size_t at = value.value.text.find(cut);
    if (at == std::string_view::npos) continue;
    return wire::Quote{TraceId(trace.trace_id), SpanIdText(trace, index), TraceId(value.path),
                       TraceText(cut, cut.size()), static_cast<std::int64_t>(at)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<wire::Quote> FindRequest(Engine& engine, const TraceReading& reading,
                                       std::size_t max_bytes) {
  const Trace& trace = reading.trace;
  const auto model_call =
      std::find_if(trace.spans.begin(), trace.spans.end(),
                   [](const SpanFacts& span) { return span.kind == Kind::kLlm; });
  std::vector<SpanIndex> candidates;
  if (model_call != trace.spans.end()) {
    // Some emitters have the prompt on the step or agent around the call only.
    for (SpanIndex i = static_cast<SpanIndex>(model_call - trace.spans.begin()); i != -1;
         i = trace.parent[static_cast<std::size_t>(i)]) {
      candidates.push_back(i);
    }
  }
  if (trace.root >= 0 &&
      std::find(candidates.begin(), candidates.end(), trace.root) == candidates.end()) {
    candidates.push_back(trace.root);
  }
  Conventions conventions;
  for (const SpanIndex candidate : candidates) {
    const std::array<SpanIndex, 1> wanted = {candidate};
    const Result<std::vector<OwnedSpan>> stored = engine.ReadSpans(reading, wanted);
    if (!stored || stored->empty()) continue;
    const Span& span = stored->front().span();
    const SpanFields& fields = conventions.Read(span);
    const std::string_view text = FirstUserText(fields, conventions.json());
    if (auto quote = Locate(trace, candidate, span, text, max_bytes)) return quote;
  }
  return std::nullopt;
}

}  // namespace halo
