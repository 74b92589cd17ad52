// SPDX-License-Identifier: MIT
#include "tools/story/grep_strings.h"

#include <algorithm>
#include <array>

#include "engine/base/ascii.h"
#include "engine/model/message_place.h"
#include "tools/common/to_wire.h"
#include "tools/story/span_values.h"

namespace halo {
namespace {

using GrepFor = wire::GetFailureModeOutput::GrepFor;

constexpr std::size_t kLeastLiteral = 8, kMostLiteral = 80;
constexpr std::size_t kPromptBytes = 2000;

// Files and functions of OpenTelemetry's code.* attributes, new and old names.
constexpr std::array<std::string_view, 4> kCodeKeys = {"code.file.path", "code.filepath",
                                                       "code.function.name", "code.function"};

// The system message of the model call that asked for the action, from the payload.
std::string SystemPrompt(Engine& engine, const ModeExample& example, SpanIndex span) {
  const Trace& trace = example.reading.trace;
  const auto prompt_of = [&](SpanIndex at) {
    return at < 0 ? ContextId{0} : trace.spans[static_cast<std::size_t>(at)].prompt;
  };
  SpanIndex asking = span;
  if (const Turn* const turn = TurnAround(trace, span); turn && prompt_of(asking) == 0) {
    asking = turn->asked_by;
  }
  const MessagePool& pool = trace.words->messages();
  const std::vector<MessageId> messages = pool.MessagesOf(prompt_of(asking));
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (pool[messages[i]].role != MessageRole::kSystem) continue;
    const StoredEvidence wanted{
        EvidenceRole::kAsked,
        {std::string(trace.Text(trace.spans[static_cast<std::size_t>(asking)].span_id)),
         PlaceText({MessagePlace::Kind::kPrompt, static_cast<std::uint32_t>(i), {}}), 0, 0}};
    const auto shown = engine.ReadEvidence(example.reading, {&wanted, 1}, kPromptBytes);
    if (shown && !shown->empty()) return shown->front().text;
  }
  return {};
}

// The first line that says something.
std::string_view FirstLine(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = ascii::Trim(text.substr(0, end));
    if (line.size() >= kLeastLiteral) return line.substr(0, std::min(line.size(), kMostLiteral));
    if (end == text.npos) break;
    text.remove_prefix(end + 1);
  }
  return {};
}

void Add(std::string_view what, std::string_view text, std::vector<GrepFor>& out) {
  if (text.empty()) return;
  const TraceText shown(text, kMostLiteral);
  const bool known = std::any_of(out.begin(), out.end(),
                                 [&](const GrepFor& other) { return other.text == shown; });
  if (!known) out.push_back({Words(what), shown});
}

}  // namespace

std::string LiteralPart(std::string_view signature, std::string_view text) {
  std::string_view best;
  const std::string lower = ascii::ToLower(text);
  while (!signature.empty()) {
    const std::size_t mask = signature.find('<');
    const std::string_view part = ascii::Trim(signature.substr(0, mask));
    const std::size_t at =
        part.size() > best.size() ? lower.find(ascii::ToLower(part)) : lower.npos;
    if (at != lower.npos) best = text.substr(at, part.size());
    const std::size_t end = mask == signature.npos ? mask : signature.find('>', mask);
    if (end == signature.npos) break;
    signature.remove_prefix(end + 1);
  }
  if (best.size() < kLeastLiteral) return {};
  return std::string(CutText(best, kMostLiteral));
}

std::vector<GrepFor> GrepStrings(Engine& engine, const RankedMode& mode,
                                 const std::vector<ModeExample>& examples) {
  std::vector<GrepFor> out;
  const Locus& locus = mode.stats.locus;
  Add("tool", SearchWord(locus.tool), out);
  Add("step", SearchWord(locus.span_name), out);
  Add("agent", SearchWord(locus.agent), out);
  if (examples.empty() || examples.front().finding.span_ids.empty()) return out;
  const ModeExample& example = examples.front();
  for (const wire::Evidence& one :
       FetchEvidence(engine, example.reading, example.finding, kPromptBytes)) {
    if (one.role != EvidenceRoleName(EvidenceRole::kFailed) &&
        one.role != EvidenceRoleName(EvidenceRole::kResult)) {
      continue;
    }
    Add("error text", LiteralPart(example.finding.signature, one.quote.raw()), out);
  }
  const SpanIndex span = IndexOfSpan(example.reading.trace, example.finding.span_ids.front());
  if (span < 0) return out;
  Add("prompt", FirstLine(SystemPrompt(engine, example, span)), out);
  const auto stored = engine.ReadSpans(example.reading, {&span, 1});
  if (!stored || stored->empty()) return out;
  for (const Attribute& attribute : stored->front().span().attributes) {
    if (std::find(kCodeKeys.begin(), kCodeKeys.end(), attribute.key) == kCodeKeys.end()) continue;
    Add("code", ValueText(attribute.value), out);
  }
  return out;
}

}  // namespace halo
