// SPDX-License-Identifier: MIT
#include "tools/story/run_page.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/ascii.h"
#include "engine/codec/span_codec.h"
#include "engine/detectors/all_detectors.h"
#include "engine/semconv/conventions.h"
#include "tools/answer/phrases.h"
#include "tools/common/time_text.h"
#include "tools/common/to_wire.h"
#include "tools/story/prompt_lines.h"
#include "tools/story/run_sketch.h"
#include "tools/story/span_values.h"

namespace halo {
namespace {

constexpr std::size_t kMostAttributes = 8, kLongestAttribute = 60;
constexpr std::size_t kMostTags = 5;
constexpr std::size_t kMostFindings = 4, kFindingQuote = 80;

// Whether the key of an attribute may give the outcome of the run away, or is of no use to readers.
bool MayTellOutcome(std::string_view key, const SpanFields& fields) {
  const bool is_mark = std::any_of(fields.outcome_marks.begin(), fields.outcome_marks.end(),
                                   [&](const OutcomeMark& mark) { return mark.key == key; });
  if (is_mark) return true;
  const std::string low = ascii::ToLower(key);
  for (const char* const word : {"score", "reward", "success", "outcome", "passed", "feedback",
                                 "label", "eval", "grade", "correct", "expected", "status"}) {
    if (low.find(word) != low.npos) return true;
  }
  return false;
}

// Short attributes of the run's own span that nothing else of the dossier shows: the channel, the
// language, the customer's class.
std::string OwnAttributes(Engine& engine, const TraceReading& reading, const BlindMask* blind) {
  if (reading.trace.root < 0) return {};
  const std::array<SpanIndex, 1> root = {reading.trace.root};
  const Result<std::vector<OwnedSpan>> stored = engine.ReadSpans(reading, root);
  if (!stored || stored->empty()) return {};
  const Span& span = stored->front().span();
  Conventions conventions;
  const SpanFields& fields = conventions.Read(span);
  std::string out;
  std::size_t shown = 0;
  for (const Attribute& attribute : span.attributes) {
    const std::string value = ValueText(attribute.value);
    const bool is_known = attribute.key.find("span.kind") != attribute.key.npos ||
                          attribute.key.starts_with("halo.") || value == fields.session ||
                          value == fields.user || value == fields.agent || value == fields.task ||
                          value == fields.service || value == fields.input.text ||
                          value == fields.output.text || attribute.key.ends_with("mime_type") ||
                          attribute.key.find("token") != attribute.key.npos ||
                          attribute.key.find("operation.name") != attribute.key.npos;
    if (is_known || value.empty() || value.size() > kLongestAttribute ||
        attribute.value.type == Value::Type::kJson || MayTellOutcome(attribute.key, fields)) {
      continue;
    }
    if (blind && MayTellSide(attribute.key)) continue;
    if (++shown > kMostAttributes) break;
    out += Cat(out.empty() ? "" : "; ", attribute.key, "=", value);
  }
  return blind ? WithoutSide(*blind, reading.summary, out) : out;
}

// One of each mode, those of the surest rules first.
std::vector<wire::RuleFinding> FindingsToJudge(Engine& engine,
                                               std::span<const TraceReading> traces) {
  std::vector<std::pair<const StoredFinding*, const TraceReading*>> findings;
  std::set<ModeId> seen;
  for (const TraceReading& trace : traces) {
    for (const StoredFinding& finding : trace.summary.findings) {
      if (seen.insert(finding.mode).second) findings.emplace_back(&finding, &trace);
    }
  }
  std::stable_sort(findings.begin(), findings.end(), [](const auto& a, const auto& b) {
    return a.first->confidence < b.first->confidence;
  });
  std::vector<wire::RuleFinding> out;
  for (const auto& [finding, trace] : findings) {
    const TraceDetector* const detector = FindTraceDetector(finding->detector);
    if (!detector || out.size() == kMostFindings) continue;
    wire::RuleFinding& added = out.emplace_back();
    added.id = ModeIdText(finding->mode);
    added.detector = Words(detector->name);
    if (!finding->quote()) continue;
    auto quote = FetchQuote(engine, *trace, *finding->quote(), kFindingQuote);
    if (quote) added.quote = std::move(quote->text);
  }
  return out;
}

}  // namespace

PageMaker::PageMaker(Engine& engine, const ReviewState* review, const PageOptions& options)
    : engine_(engine), options_(options) {
  if (!review) return;
  std::array<std::size_t, 2> count{};
  for (const SentText& text : review->texts) texts_.push_back({text, ++count[text.tools ? 1 : 0]});
  for (const SentRun& sent : review->sent) {
    if (!sent.run.again) sketches_.emplace_back(sent.run.key, sent.run.sketch);
  }
}

void PageMaker::Refer(const TraceKey& key, std::string_view text, bool tools, RunPage& page) {
  if (ascii::Trim(text).empty()) return;
  Words& name = tools ? page.dossier.tools : page.dossier.prompt;
  const auto name_of = [&](const Kept& kept) {
    return Cat(tools ? "tools " : "prompt ", kept.number);
  };
  SentText sent{tools, key, LineHashes(text)};
  const auto send = [&](const Kept& kept) {
    page.texts.push_back(
        {name_of(kept), TraceId(key.trace_id),
         TraceText(NumberedLines(text, options_.text_bytes), options_.text_bytes + 64)});
  };
  std::size_t count = 0;
  for (const Kept& kept : texts_) {
    if (kept.text.tools != tools) continue;
    ++count;
    const std::optional<std::string> changed = ChangedLines(text, kept.text.lines);
    if (!changed || (tools && !changed->empty())) continue;
    name = name_of(kept);
    page.dossier.prompt_lines = TraceText(*changed, 1200);
    if (kept.text.run == key) {
      send(kept);
      page.dossier.prompt_lines = {};
    }
    return;
  }
  Kept kept{sent, count + 1};
  name = name_of(kept);
  send(kept);
  page.sent.push_back(std::move(sent));
  texts_.push_back(std::move(kept));
}

RunPage PageMaker::Make(const JoinedRun& joined) {
  const TraceReading& reading = joined.first();
  const TraceSummary& summary = reading.summary;
  const TraceKey& key = reading.stored.key;
  RunText run = joined.text;
  if (options_.blind) HideSide(*options_.blind, summary, run);
  RunPage page;
  wire::RunDossier& out = page.dossier;
  out.trace_id = TraceId(key.trace_id);
  out.started = TimeText(summary.start_ns);
  if (summary.agents.size() == 1) out.agent = TraceName(summary.agents.front());
  out.service = TraceName(summary.service);
  out.version = TraceName(summary.version);
  out.environment = TraceName(summary.environment);
  out.user = TraceName(summary.user);
  for (std::size_t i = 0; i < std::min(summary.tags.size(), kMostTags); ++i) {
    out.tags.emplace_back(summary.tags[i]);
  }
  out.attributes = TraceText(OwnAttributes(engine_, reading, options_.blind), 500);
  Refer(key, run.system, false, page);
  std::string tools;
  for (const std::string& tool : run.tools) tools += Cat(tools.empty() ? "" : "\n", tool);
  const TraceText lines = page.dossier.prompt_lines;
  Refer(key, tools, true, page);
  page.dossier.prompt_lines = lines;
  // What a person said of the run is what a reader's verdict is compared with.
  const auto [outcome, rule] = OutcomeOfRun(joined.traces);
  if (!options_.hide_outcome && rule != OutcomeRule::kLabel) {
    out.outcome = Words(OutcomeName(outcome));
    if (outcome != Outcome::kUnknown) out.decided_by = Words(OutcomeRuleName(rule));
  }
  Dossier dossier = MakeDossier(run, options_.turn_bytes);
  if (run.skipped > 0) {
    dossier.turns += Cat("\n(", run.skipped, " spans in the middle of the run were not read)");
  }
  if (joined.traces.size() > 1) {
    out.session = TraceName(summary.session);
    out.traces = static_cast<std::int64_t>(joined.traces.size()) + joined.left_out;
  }
  if (joined.left_out > 0) {
    dossier.turns += Cat("\n(", joined.left_out, " traces in the middle were not read)");
  }
  out.turns = TraceText(dossier.turns, dossier.turns.size());
  out.ends = WhyItEnds(joined.traces.back());
  if (!options_.hide_outcome) out.findings = FindingsToJudge(engine_, joined.traces);
  page.sketch = SketchOf(run);
  for (const auto& [other, sketch] : sketches_) {
    if (other == key) break;  // the others came after it
    if (NearlyEqual(sketch, page.sketch)) {
      out.near_equal_to = TraceId(other.trace_id);
      break;
    }
  }
  sketches_.emplace_back(key, page.sketch);
  return page;
}

}  // namespace halo
