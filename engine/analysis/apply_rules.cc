// SPDX-License-Identifier: MIT
#include "engine/analysis/apply_rules.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/detectors/all_detectors.h"
#include "engine/model/kind.h"
#include "engine/text/agent_name.h"

namespace halo {
namespace {

bool Has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::int64_t CallsOf(const TraceSummary& summary, const std::optional<std::string>& tool) {
  std::int64_t calls = 0;
  for (const auto& [name, count] : summary.calls) {
    if (!tool || name == *tool) calls += count;
  }
  return calls;
}

bool Calls(const TraceSummary& summary, const std::string& tool) {
  return Has(summary.tools, tool) || CallsOf(summary, tool) > 0;
}

bool PassesNames(const TraceFilter& filter, const TraceSummary& summary) {
  const std::pair<const std::optional<std::string>*, const std::string*> texts[] = {
      {&filter.project, &summary.project},
      {&filter.service, &summary.service},
      {&filter.task, &summary.task},
      {&filter.user, &summary.user},
      {&filter.environment, &summary.environment},
      {&filter.version, &summary.version},
      {&filter.ends_with_tool, &summary.last_tool}};
  for (const auto& [wanted, is] : texts) {
    if (*wanted && **wanted != *is) return false;
  }
  if (filter.agent && !Has(summary.agents, MaskAgentName(*filter.agent))) return false;
  if (filter.not_agent && Has(summary.agents, MaskAgentName(*filter.not_agent))) return false;
  if (filter.model && !Has(summary.models, *filter.model)) return false;
  return !filter.tag || Has(summary.tags, *filter.tag);
}

bool PassesCalls(const TraceFilter& filter, const TraceSummary& summary) {
  if (filter.tool && !Calls(summary, *filter.tool)) return false;
  if (filter.not_tool && Calls(summary, *filter.not_tool)) return false;
  const std::int64_t calls = CallsOf(summary, filter.tool);
  return calls >= filter.min_calls.value_or(0) && calls <= filter.max_calls.value_or(INT64_MAX);
}

// What shows the run: its last model call, else its first span.
SpanIndex LastModelCall(const Trace& trace) {
  SpanIndex last = trace.spans.empty() ? -1 : 0;
  for (std::size_t i = 0; i < trace.spans.size(); ++i) {
    if (CallsModel(trace.spans[i].kind)) last = static_cast<SpanIndex>(i);
  }
  return last;
}

StoredFinding FindingOf(const Rule& rule, const Trace& trace) {
  StoredFinding out;
  out.mode = ModeOfRule(rule);
  out.detector = kRuleDetectorId;
  out.signature = rule.name;
  out.opportunity = Opportunity::kAgent;
  out.confidence = Confidence::kCandidate;
  const SpanIndex at = LastModelCall(trace);
  if (at < 0) return out;
  const SpanFacts& span = trace.spans[static_cast<std::size_t>(at)];
  const std::string id(trace.Text(span.span_id));
  out.span_ids.push_back(id);
  if (span.output_quote.path != 0) {
    out.evidence.push_back({EvidenceRole::kAnswer,
                            {id, std::string(trace.Text(span.output_quote.path)),
                             span.output_quote.offset, span.output_quote.length}});
  }
  return out;
}

}  // namespace

bool PassesByItself(const TraceFilter& filter, const TraceSummary& summary) {
  if (!PassesNames(filter, summary) || !PassesCalls(filter, summary)) return false;
  const std::vector<std::string>& did = summary.behaviours;
  const bool behaves = std::all_of(
      filter.behaviours.begin(), filter.behaviours.end(),
      [&](const std::string& one) { return std::binary_search(did.begin(), did.end(), one); });
  if (!behaves) return false;
  if (filter.has_error && *filter.has_error != (summary.failed_spans > 0)) return false;
  if (filter.min_nano_usd && summary.nano_usd < *filter.min_nano_usd) return false;
  const bool timed = summary.start_ns > 0 && summary.end_ns >= summary.start_ns;
  if (filter.min_duration_ns &&
      (!timed || summary.end_ns - summary.start_ns < *filter.min_duration_ns)) {
    return false;
  }
  return !filter.failure_mode ||
         std::any_of(summary.findings.begin(), summary.findings.end(),
                     [&](const StoredFinding& one) { return one.mode == *filter.failure_mode; });
}

ModeId ModeOfRule(const Rule& rule) { return MakeModeId(kRuleDetector, {}, rule.name); }

void ApplyRules(std::span<const Rule> rules, const Trace& trace, TraceSummary& summary) {
  if (rules.empty()) return;
  summary.eligible |= std::uint64_t{1} << kRuleDetectorId;
  std::vector<StoredFinding> found;
  for (const Rule& rule : rules) {
    if (PassesByItself(rule.filter, summary)) found.push_back(FindingOf(rule, trace));
  }
  std::sort(found.begin(), found.end(),
            [](const StoredFinding& a, const StoredFinding& b) { return a.mode < b.mode; });
  std::move(found.begin(), found.end(), std::back_inserter(summary.findings));
}

}  // namespace halo
