// SPDX-License-Identifier: MIT
#include "engine/summaries/summary_columns.h"

namespace halo {
namespace {

void Append(const TokenUsage& usage, UsageColumns& c) {
  c.input.push_back(usage.input);
  c.output.push_back(usage.output);
  c.cache_read.push_back(usage.cache_read);
  c.cache_write.push_back(usage.cache_write);
  c.reasoning.push_back(usage.reasoning);
}

void AppendWords(const std::vector<std::string>& texts, StringPool& words,
                 ListColumn<StringId>& list) {
  for (const std::string& text : texts) list.items.push_back(words.Intern(text));
  list.Close();
}

std::vector<std::string> TextsAt(const ListColumn<StringId>& list, std::size_t row,
                                 const StringPool& words) {
  std::vector<std::string> texts;
  for (const StringId word : list[row]) texts.emplace_back(words[word]);
  return texts;
}

void AppendCounts(const std::vector<SpanCount>& counts, StringPool& words, WordCountColumn& c) {
  for (const auto& [name, spans] : counts) {
    c.words.items.push_back(words.Intern(name));
    c.counts.push_back(spans);
  }
  c.words.Close();
}

std::vector<SpanCount> CountsAt(const WordCountColumn& c, std::size_t row,
                                const StringPool& words) {
  std::vector<SpanCount> counts;
  for (std::uint32_t i = c.words.begin(row); i < c.words.end(row); ++i) {
    counts.emplace_back(words[c.words.items[i]], c.counts[i]);
  }
  return counts;
}

void Append(const OperationRollup& operation, SummaryColumns& columns) {
  OperationColumns& c = columns.operations;
  c.kind.push_back(static_cast<std::uint8_t>(operation.kind));
  c.agent.push_back(columns.words.Intern(operation.agent));
  c.name.push_back(columns.words.Intern(operation.name));
  c.model.push_back(columns.words.Intern(operation.model));
  c.count.push_back(operation.count);
  c.errors.push_back(operation.errors);
  c.unpriced.push_back(operation.unpriced);
  Append(operation.usage, c.usage);
  c.nano_usd.push_back(operation.nano_usd);
  c.duration_ns.push_back(operation.duration_ns);
  c.max_ns.push_back(operation.max_ns);
  c.critical_ns.push_back(operation.critical_ns);
  c.self_ns.push_back(operation.self_ns);
  c.drag_ns.push_back(operation.drag_ns);
  c.max_start_ns.push_back(operation.max_start_ns);
  c.role.push_back(static_cast<std::uint8_t>(operation.role));
  c.prompt.push_back(operation.prompt);
  c.wasted_tokens.push_back(operation.wasted.tokens);
  c.wasted_nano_usd.push_back(operation.wasted.nano_usd);
  c.wasted_ns.push_back(operation.wasted.critical_ns);
  for (const auto& [bucket, count] : operation.durations) {
    c.buckets.items.push_back(bucket);
    c.bucket_counts.push_back(count);
  }
  c.buckets.Close();
}

OperationRollup OperationAt(const SummaryColumns& columns, std::size_t i) {
  const OperationColumns& c = columns.operations;
  OperationRollup operation;
  operation.kind = static_cast<Kind>(c.kind[i]);
  operation.agent = columns.words[c.agent[i]];
  operation.name = columns.words[c.name[i]];
  operation.model = columns.words[c.model[i]];
  operation.count = c.count[i];
  operation.errors = c.errors[i];
  operation.unpriced = c.unpriced[i];
  operation.usage = UsageAt(c.usage, i);
  operation.nano_usd = c.nano_usd[i];
  operation.duration_ns = c.duration_ns[i];
  operation.max_ns = c.max_ns[i];
  operation.critical_ns = c.critical_ns[i];
  operation.self_ns = c.self_ns[i];
  operation.drag_ns = c.drag_ns[i];
  operation.max_start_ns = c.max_start_ns[i];
  operation.role = static_cast<CallRole>(c.role[i]);
  operation.prompt = c.prompt[i];
  operation.wasted = {c.wasted_tokens[i], c.wasted_nano_usd[i], c.wasted_ns[i]};
  for (std::uint32_t b = c.buckets.begin(i); b < c.buckets.end(i); ++b) {
    operation.durations.emplace_back(c.buckets.items[b], c.bucket_counts[b]);
  }
  return operation;
}

void Append(const std::vector<SlowSpot>& spots, SummaryColumns& columns) {
  SlowSpotColumns& c = columns.slow_spots;
  for (const SlowSpot& spot : spots) {
    c.kind.push_back(static_cast<std::uint8_t>(spot.kind));
    c.agent.push_back(columns.words.Intern(spot.agent));
    c.name.push_back(columns.words.Intern(spot.name));
    c.after.push_back(columns.words.Intern(spot.after));
    c.span.push_back(columns.ids.Intern(spot.span_id));
    c.count.push_back(spot.count);
    c.ns.push_back(spot.ns);
  }
  c.ends.push_back(static_cast<std::uint32_t>(c.size()));
}

std::vector<SlowSpot> SlowSpotsAt(const SummaryColumns& columns, std::size_t row) {
  const SlowSpotColumns& c = columns.slow_spots;
  std::vector<SlowSpot> spots;
  for (std::uint32_t i = c.begin(row); i < c.ends[row]; ++i) {
    spots.push_back({static_cast<SlowKind>(c.kind[i]), std::string(columns.words[c.agent[i]]),
                     std::string(columns.words[c.name[i]]), std::string(columns.words[c.after[i]]),
                     std::string(columns.ids[c.span[i]]), c.count[i], c.ns[i]});
  }
  return spots;
}

void Append(const StoredFinding& finding, SummaryColumns& columns) {
  FindingColumns& c = columns.findings;
  c.mode.push_back(finding.mode);
  c.detector.push_back(finding.detector);
  c.decided_outcome.push_back(static_cast<std::uint8_t>(finding.decided));
  c.agent.push_back(columns.words.Intern(finding.locus.agent));
  c.tool.push_back(columns.words.Intern(finding.locus.tool));
  c.span_name.push_back(columns.words.Intern(finding.locus.span_name));
  c.signature.push_back(columns.words.Intern(finding.signature));
  c.tag.push_back(columns.words.Intern(finding.tag));
  c.occurrences.push_back(finding.occurrences);
  c.waste_tokens.push_back(finding.waste.tokens);
  c.waste_nano_usd.push_back(finding.waste.nano_usd);
  c.waste_critical_ns.push_back(finding.waste.critical_ns);
  c.signature_kind.push_back(static_cast<std::uint8_t>(finding.signature_kind));
  c.opportunity.push_back(static_cast<std::uint8_t>(finding.opportunity));
  c.confidence.push_back(static_cast<std::uint8_t>(finding.confidence));
  c.lies_in.items.insert(c.lies_in.items.end(), finding.lies_in.begin(), finding.lies_in.end());
  c.lies_in.Close();
  c.condition.push_back(static_cast<std::uint8_t>(finding.condition));
  c.value.push_back(finding.value);
  c.limit.push_back(finding.limit);
  c.at_ns.push_back(finding.at_ns);
  EvidenceColumns& e = columns.evidence;
  AppendWords(finding.span_ids, e.words, e.span_ids);
  for (const StoredEvidence& one : finding.evidence) {
    e.quote_span.items.push_back(e.words.Intern(one.quote.span_id));
    e.role.push_back(static_cast<std::uint8_t>(one.role));
    e.quote_path.push_back(e.words.Intern(one.quote.path));
    e.quote_offset.push_back(one.quote.offset);
    e.quote_length.push_back(one.quote.length);
  }
  e.quote_span.Close();
}

StoredFinding FindingAt(const SummaryColumns& columns, std::size_t i) {
  const FindingColumns& c = columns.findings;
  const StringPool& words = columns.words;
  StoredFinding finding;
  finding.mode = c.mode[i];
  finding.detector = c.detector[i];
  finding.decided = static_cast<StoredFinding::Decided>(c.decided_outcome[i]);
  finding.locus = {std::string(words[c.agent[i]]), std::string(words[c.tool[i]]),
                   std::string(words[c.span_name[i]])};
  finding.signature = words[c.signature[i]];
  finding.tag = words[c.tag[i]];
  finding.occurrences = c.occurrences[i];
  finding.waste = {c.waste_tokens[i], c.waste_nano_usd[i], c.waste_critical_ns[i]};
  finding.signature_kind = static_cast<SignatureKind>(c.signature_kind[i]);
  finding.opportunity = static_cast<Opportunity>(c.opportunity[i]);
  finding.confidence = static_cast<Confidence>(c.confidence[i]);
  const auto lies_in = c.lies_in[i];
  finding.lies_in.assign(lies_in.begin(), lies_in.end());
  finding.condition = static_cast<Condition>(c.condition[i]);
  finding.value = c.value[i];
  finding.limit = c.limit[i];
  finding.at_ns = c.at_ns[i];
  const EvidenceColumns& e = columns.evidence;
  finding.span_ids = TextsAt(e.span_ids, i, e.words);
  for (std::uint32_t at = e.quote_span.begin(i); at < e.quote_span.end(i); ++at) {
    finding.evidence.push_back(
        {static_cast<EvidenceRole>(e.role[at]),
         {std::string(e.words[e.quote_span.items[at]]), std::string(e.words[e.quote_path[at]]),
          e.quote_offset[at], e.quote_length[at]}});
  }
  return finding;
}

void Append(const Measure& measure, SummaryColumns& columns) {
  MeasureColumns& c = columns.measures;
  c.detector.push_back(measure.detector);
  c.agent.push_back(columns.words.Intern(measure.agent));
  c.name.push_back(columns.words.Intern(measure.name));
  c.value.push_back(measure.value);
  c.count.push_back(measure.count);
}

Measure MeasureAt(const SummaryColumns& columns, std::size_t i) {
  const MeasureColumns& c = columns.measures;
  return {c.detector[i], std::string(columns.words[c.agent[i]]),
          std::string(columns.words[c.name[i]]), c.value[i], c.count[i]};
}

}  // namespace

void AppendSummary(const TraceSummary& s, const TracePlace& place, SummaryColumns& c) {
  c.trace_row.push_back(place.trace_row);
  c.arrived_ns.push_back(place.arrived_ns);
  c.source_set.push_back(place.source_set);
  c.trace_id.items.insert(c.trace_id.items.end(), s.trace_id.begin(), s.trace_id.end());
  c.trace_id.Close();
  c.project.push_back(c.words.Intern(s.project));
  c.name.push_back(c.ids.Intern(s.name));
  c.service.push_back(c.words.Intern(s.service));
  c.version.push_back(c.words.Intern(s.version));
  c.environment.push_back(c.words.Intern(s.environment));
  c.session.push_back(c.ids.Intern(s.session));
  c.user.push_back(c.ids.Intern(s.user));
  c.task.push_back(c.ids.Intern(s.task));
  AppendWords(s.agents, c.words, c.agents);
  AppendWords(s.models, c.words, c.models);
  AppendWords(s.tools, c.words, c.tools);
  AppendWords(s.tags, c.words, c.tags);
  c.start_ns.push_back(s.start_ns);
  c.end_ns.push_back(s.end_ns);
  c.span_count.push_back(s.span_count);
  c.llm_calls.push_back(s.llm_calls);
  c.tool_calls.push_back(s.tool_calls);
  c.steps.push_back(s.steps);
  c.failed_spans.push_back(s.failed_spans);
  c.root_ended.push_back(s.root_ended);
  Append(s.usage, c.usage);
  c.nano_usd.push_back(s.nano_usd);
  c.unpriced_calls.push_back(s.unpriced_calls);
  c.reported_costs.push_back(s.reported_costs);
  c.computed_costs.push_back(s.computed_costs);
  c.cost_mismatches.push_back(s.cost_mismatches);
  for (std::size_t i = 0; i < c.cache_rules.size(); ++i) {
    c.cache_rules[i].push_back(s.cache_rules[i]);
  }
  for (std::size_t i = 0; i < c.readings.size(); ++i) c.readings[i].push_back(s.readings[i]);
  c.critical_ns.push_back(s.critical_ns);
  c.outcome.push_back(static_cast<std::uint8_t>(s.outcome));
  c.outcome_rule.push_back(static_cast<std::uint8_t>(s.outcome_rule));
  c.eligible.push_back(s.eligible);
  for (std::size_t i = 0; i < kHealthCountCount; ++i) {
    c.health[i].push_back(static_cast<std::int32_t>(s.health.*kHealthCounts[i].count));
  }
  c.judged_by.push_back(s.judged_by);
  AppendCounts(s.dialects, c.words, c.dialects);
  AppendCounts(s.unread_keys, c.words, c.unread_keys);
  AppendWords(s.behaviours, c.words, c.behaviours);
  Append(s.slow_spots, c);
  AppendCounts(s.calls, c.words, c.calls);
  c.last_tool.push_back(c.words.Intern(s.last_tool));
  for (const OperationRollup& operation : s.operations) Append(operation, c);
  c.operation_end.push_back(static_cast<std::uint32_t>(c.operations.size()));
  for (const StoredFinding& finding : s.findings) Append(finding, c);
  c.finding_end.push_back(static_cast<std::uint32_t>(c.findings.size()));
  for (const Measure& measure : s.measures) Append(measure, c);
  c.measure_end.push_back(static_cast<std::uint32_t>(c.measures.size()));
}

TraceSummary SummaryAt(const SummaryColumns& c, std::size_t row) {
  const auto text = [&](const std::vector<StringId>& column) {
    return std::string(c.words[column[row]]);
  };
  const auto id = [&](const std::vector<StringId>& column) {
    return std::string(c.ids[column[row]]);
  };
  TraceSummary s;
  s.trace_id = TextAt(c.trace_id, row);
  s.project = text(c.project);
  s.name = id(c.name);
  s.service = text(c.service);
  s.version = text(c.version);
  s.environment = text(c.environment);
  s.session = id(c.session);
  s.user = id(c.user);
  s.task = id(c.task);
  s.agents = TextsAt(c.agents, row, c.words);
  s.models = TextsAt(c.models, row, c.words);
  s.tools = TextsAt(c.tools, row, c.words);
  s.tags = TextsAt(c.tags, row, c.words);
  s.start_ns = c.start_ns[row];
  s.end_ns = c.end_ns[row];
  s.span_count = c.span_count[row];
  s.llm_calls = c.llm_calls[row];
  s.tool_calls = c.tool_calls[row];
  s.steps = c.steps[row];
  s.failed_spans = c.failed_spans[row];
  s.root_ended = c.root_ended[row] != 0;
  s.usage = UsageAt(c.usage, row);
  s.nano_usd = c.nano_usd[row];
  s.unpriced_calls = c.unpriced_calls[row];
  s.reported_costs = c.reported_costs[row];
  s.computed_costs = c.computed_costs[row];
  s.cost_mismatches = c.cost_mismatches[row];
  for (std::size_t i = 0; i < c.cache_rules.size(); ++i) s.cache_rules[i] = c.cache_rules[i][row];
  for (std::size_t i = 0; i < c.readings.size(); ++i) s.readings[i] = c.readings[i][row];
  s.critical_ns = c.critical_ns[row];
  s.outcome = static_cast<Outcome>(c.outcome[row]);
  s.outcome_rule = static_cast<OutcomeRule>(c.outcome_rule[row]);
  s.eligible = c.eligible[row];
  for (std::size_t i = 0; i < kHealthCountCount; ++i) {
    s.health.*kHealthCounts[i].count = c.health[i][row];
  }
  s.judged_by = c.judged_by[row];
  s.dialects = CountsAt(c.dialects, row, c.words);
  s.calls = CountsAt(c.calls, row, c.words);
  s.last_tool = text(c.last_tool);
  s.unread_keys = CountsAt(c.unread_keys, row, c.words);
  s.behaviours = TextsAt(c.behaviours, row, c.words);
  s.slow_spots = SlowSpotsAt(c, row);
  for (std::size_t i = c.operation_begin(row); i < c.operation_end[row]; ++i) {
    s.operations.push_back(OperationAt(c, i));
  }
  for (std::size_t i = c.finding_begin(row); i < c.finding_end[row]; ++i) {
    s.findings.push_back(FindingAt(c, i));
  }
  for (std::size_t i = c.measure_begin(row); i < c.measure_end[row]; ++i) {
    s.measures.push_back(MeasureAt(c, i));
  }
  return s;
}

}  // namespace halo
