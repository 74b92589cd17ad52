// SPDX-License-Identifier: MIT
#include "tools/story/fix_evidence.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "engine/facts/invalid_call.h"
#include "engine/model/message_place.h"
#include "engine/semconv/conventions.h"
#include "engine/text/stack_frame.h"
#include "tools/answer/phrases.h"
#include "tools/common/to_wire.h"
#include "tools/story/span_values.h"

namespace halo {
namespace {

using FixBrief = wire::GetFailureModeOutput::FixBrief;
using Arguments = wire::GetFailureModeOutput::FailingArguments;

constexpr std::size_t kFragmentBytes = 200;
constexpr std::size_t kSchemaBytes = 400;
constexpr std::size_t kMostSchemaBytes = 64 * 1024;

// The span that a finding is about, and the turn around it.
struct Site {
  SpanIndex span = -1;
  const Turn* turn = nullptr;
  // The model call whose prompt and tools led to it.
  SpanIndex asking = -1;
};

// Of the actions that a model call asked for, the one that the finding names, else one that failed,
// else the first.
const Turn* AskedTurn(const Trace& trace, SpanIndex call, const StoredFinding& finding) {
  const Turn *first = nullptr, *failed = nullptr;
  for (const std::int32_t index : trace.turns.AskedBy(call)) {
    const Turn& turn = trace.turns.all[static_cast<std::size_t>(index)];
    if (!finding.locus.tool.empty() && trace.Text(turn.tool) == finding.locus.tool) return &turn;
    if (turn.failed && failed == nullptr) failed = &turn;
    if (first == nullptr) first = &turn;
  }
  return failed != nullptr ? failed : first;
}

Site SiteOf(const Trace& trace, const StoredFinding& finding) {
  Site site;
  if (finding.span_ids.empty()) return site;
  site.span = IndexOfSpan(trace, finding.span_ids.front());
  if (site.span < 0) return site;
  if (trace.spans[static_cast<std::size_t>(site.span)].kind == Kind::kLlm) {
    site.turn = AskedTurn(trace, site.span, finding);
    site.asking = site.span;
    return site;
  }
  site.turn = TurnAround(trace, site.span);
  if (site.turn != nullptr) site.asking = site.turn->asked_by;
  return site;
}

std::optional<wire::Quote> Read(Engine& engine, const TraceReading& reading, SpanIndex span,
                                const MessagePlace& place, std::size_t longest) {
  const Trace& trace = reading.trace;
  const StoredEvidence wanted{
      EvidenceRole::kAsked,
      {std::string(trace.Text(trace.spans[static_cast<std::size_t>(span)].span_id)),
       PlaceText(place), 0, 0}};
  const auto shown = engine.ReadEvidence(reading, {&wanted, 1}, longest);
  if (!shown || shown->empty() || shown->front().text.empty()) return std::nullopt;
  const ShownEvidence& one = shown->front();
  return wire::Quote{TraceId(trace.trace_id), TraceId(one.span_id), TraceId(one.path),
                     TraceText(one.text, longest), one.offset};
}

std::optional<wire::Quote> SystemPromptOf(Engine& engine, const TraceReading& reading,
                                          SpanIndex asking) {
  const Trace& trace = reading.trace;
  const MessagePool& pool = trace.words->messages();
  const ContextId prompt = trace.spans[static_cast<std::size_t>(asking)].prompt;
  const std::vector<MessageId> messages = pool.MessagesOf(prompt);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (pool[messages[i]].role != MessageRole::kSystem) continue;
    return Read(engine, reading, asking,
                {MessagePlace::Kind::kPrompt, static_cast<std::uint32_t>(i), {}}, kFragmentBytes);
  }
  return std::nullopt;
}

// The newest result of an action of the same agent that was there when the call was made.
std::optional<wire::Quote> LastResult(Engine& engine, const TraceReading& reading,
                                      const Site& site) {
  const Trace& trace = reading.trace;
  const SpanIndex before = site.asking >= 0 ? site.asking : site.span;
  const std::int32_t scope = trace.scope[static_cast<std::size_t>(before)];
  const Turn* last = nullptr;
  for (const Turn& turn : trace.turns.all) {
    if (turn.scope != scope || turn.at() < 0 || turn.at() >= before || &turn == site.turn) continue;
    if (last == nullptr || turn.at() >= last->at()) last = &turn;
  }
  if (last == nullptr) return std::nullopt;
  if (last->action != -1) {
    const SpanFacts& action = trace.spans[static_cast<std::size_t>(last->action)];
    for (const QuoteRef& quote : {action.result_quote, action.error_quote}) {
      if (auto found = FetchQuote(engine, reading, last->action, quote, kFragmentBytes)) {
        return found;
      }
    }
  }
  if (last->seen_by == -1 || last->result_at < 0) return std::nullopt;
  return Read(engine, reading, last->seen_by,
              {MessagePlace::Kind::kPrompt, static_cast<std::uint32_t>(last->result_at), {}},
              kFragmentBytes);
}

// The arguments of the call, and where they stand.
std::optional<wire::Quote> ArgumentsOf(Engine& engine, const TraceReading& reading,
                                       const Turn& turn, std::size_t longest) {
  const Trace& trace = reading.trace;
  if (turn.action != -1) {
    const QuoteRef& quote = trace.spans[static_cast<std::size_t>(turn.action)].arguments_quote;
    if (auto found = FetchQuote(engine, reading, turn.action, quote, longest)) return found;
  }
  if (turn.asked_by == -1 || turn.call < 0) return std::nullopt;
  return Read(engine, reading, turn.asked_by,
              {MessagePlace::Kind::kArguments, static_cast<std::uint32_t>(turn.call), {}}, longest);
}

// How the arguments differ from what the tool's definition allows: the first difference. Empty if
// they fit; nothing if the definition was not recorded.
std::optional<std::string> DiffersFromSchema(Engine& engine, const TraceReading& reading,
                                             SpanIndex asking, std::string_view tool,
                                             std::string_view arguments) {
  const std::array<SpanIndex, 1> wanted = {asking};
  const Result<std::vector<OwnedSpan>> stored = engine.ReadSpans(reading, wanted);
  if (!stored || stored->empty()) return std::nullopt;
  Conventions conventions;
  const SpanFields& fields = conventions.Read(stored->front().span());
  const auto offered = std::find_if(fields.tools_offered.begin(), fields.tools_offered.end(),
                                    [&](const ToolDefinition& one) { return one.name == tool; });
  if (offered == fields.tools_offered.end() || offered->parameters.empty()) return std::nullopt;
  Message message;
  message.role = "assistant";
  message.tool_calls.push_back({tool, {}, arguments});
  CallChecker checker;
  const auto invalid =
      checker.FirstInvalid({&message, 1}, {&*offered, 1}, true, conventions.json());
  return invalid ? invalid->signature : std::string();
}

// A call of the tool that did not fail.
const Turn* GoodCall(const Trace& trace, std::string_view tool) {
  for (const Turn& turn : trace.turns.all) {
    if (!turn.failed && trace.Text(turn.tool) == tool) return &turn;
  }
  return nullptr;
}

std::optional<Arguments> FailingArgumentsOf(Engine& engine, const TraceReading& reading,
                                            const Site& site, const TraceReading* passing) {
  if (site.turn == nullptr || site.turn->tool == 0) return std::nullopt;
  const std::string_view tool = reading.trace.Text(site.turn->tool);
  const auto whole = ArgumentsOf(engine, reading, *site.turn, kMostSchemaBytes);
  if (!whole) return std::nullopt;
  Arguments out;
  out.tool = TraceName(tool);
  if (site.turn->asked_by != -1) {
    const auto differs =
        DiffersFromSchema(engine, reading, site.turn->asked_by, tool, whole->text.raw());
    out.fits = differs && differs->empty();
    if (differs && !differs->empty()) out.differs = TraceText(*differs, kFragmentBytes);
    out.schema = Read(engine, reading, site.turn->asked_by, {MessagePlace::Kind::kTool, 0, tool},
                      kSchemaBytes);
  }
  out.sent = *whole;
  out.sent.text.Shorten(kFragmentBytes);
  if (passing != nullptr) {
    if (const Turn* const good = GoodCall(passing->trace, tool)) {
      out.passing = ArgumentsOf(engine, *passing, *good, kFragmentBytes);
    }
  }
  return out;
}

// The frame that the span's error names. Some emitters put the whole stack trace into the status or
// the result.
std::string FrameIn(const Span& span) {
  std::string frame;
  const auto look = [&](const std::vector<Attribute>& attributes) {
    for (const Attribute& attribute : attributes) {
      const bool may_hold = attribute.key.find("stack") != std::string_view::npos ||
                            attribute.key.find("exception") != std::string_view::npos;
      if (frame.empty() && may_hold && attribute.value.has_text()) {
        frame = TopAppFrame(attribute.value.text);
      }
    }
  };
  for (const Event& event : span.events) look(event.attributes);
  look(span.attributes);
  if (frame.empty()) frame = TopAppFrame(span.status_message);
  Conventions conventions;
  if (frame.empty()) frame = TopAppFrame(conventions.Read(span).output.text);
  return frame;
}

}  // namespace

void AddFixEvidence(Engine& engine, const ModeExample& example, const TraceReading* passing,
                    FixBrief& fix) {
  const Site site = SiteOf(example.reading.trace, example.finding);
  if (site.span < 0) return;
  fix.arguments = FailingArgumentsOf(engine, example.reading, site, passing);
  if (site.asking >= 0) fix.system_prompt = SystemPromptOf(engine, example.reading, site.asking);
  fix.last_result = LastResult(engine, example.reading, site);
}

std::string AppFrame(Engine& engine, const ModeExample& example) {
  const Site site = SiteOf(example.reading.trace, example.finding);
  std::vector<SpanIndex> wanted;
  if (site.span >= 0) wanted.push_back(site.span);
  if (site.turn != nullptr && site.turn->action >= 0 && site.turn->action != site.span) {
    wanted.push_back(site.turn->action);
  }
  if (wanted.empty()) return {};
  const Result<std::vector<OwnedSpan>> stored = engine.ReadSpans(example.reading, wanted);
  if (!stored) return {};
  for (const OwnedSpan& one : *stored) {
    if (std::string frame = FrameIn(one.span()); !frame.empty()) return frame;
  }
  return {};
}

}  // namespace halo
