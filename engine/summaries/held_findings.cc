// SPDX-License-Identifier: MIT
#include "engine/summaries/held_findings.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/summaries/find_units.h"
#include "engine/summaries/other_runs.h"
#include "engine/summaries/selection.h"

namespace halo {
namespace {

using Row = SummaryTable::Row;

std::vector<Row> AllSettledRuns(const SummaryTable& table, const Question& question) {
  Question all = question;
  all.filter = {};
  const RowUnits units(table, question.units);
  return RunsAmong(table, SettledRows(table, MatchingRows(table, all), all, units), units);
}

Condition ConditionOf(const FindingColumns& f, std::uint32_t finding) {
  return static_cast<Condition>(f.condition[finding]);
}

// The place of a finding is that of the runs that are eligible for it (eligibility.h).
Subject SubjectOf(const SummaryColumns& c, Row row, std::uint32_t finding) {
  const FindingColumns& f = c.findings;
  Subject subject{f.detector[finding], c.project[row], f.agent[finding], 0};
  if (static_cast<Opportunity>(f.opportunity[finding]) == Opportunity::kCall) {
    subject.name = f.tool[finding] != 0 ? f.tool[finding] : f.span_name[finding];
  }
  return subject;
}

std::optional<Subject> SubjectOf(const StringPool& words, std::string_view project,
                                 const StoredFinding& finding) {
  std::string_view name;
  if (finding.opportunity == Opportunity::kCall) {
    name = finding.locus.tool.empty() ? finding.locus.span_name : finding.locus.tool;
  }
  const auto in_project = words.Find(project), agent = words.Find(finding.locus.agent);
  const auto named = words.Find(name);
  if (!in_project || !agent || !named) return std::nullopt;
  return Subject{finding.detector, *in_project, *agent, *named};
}

std::vector<bool> FindDropped(const SummaryTable& table, const std::vector<Row>& settled) {
  const SummaryColumns& c = table.columns();
  const FindingColumns& f = c.findings;
  OtherRuns others(table);
  const auto visit = [&](auto&& use) {
    for (Row row = 0; row < c.size(); ++row) {
      for (std::uint32_t i = c.finding_begin(row); i < c.finding_end[row]; ++i) {
        if (ConditionOf(f, i) != Condition::kNone) use(row, i);
      }
    }
  };
  visit([&](Row row, std::uint32_t i) {
    others.Ask(SubjectOf(c, row, i), ConditionOf(f, i), f.value[i]);
  });
  others.Count(settled);
  std::vector<bool> is_settled(c.size());
  for (const Row row : settled) is_settled[row] = true;
  std::vector<bool> dropped(f.size());
  visit([&](Row row, std::uint32_t i) {
    dropped[i] = !others.Holds(SubjectOf(c, row, i), ConditionOf(f, i), f.value[i], f.limit[i],
                               is_settled[row]);
  });
  return dropped;
}

// Removes findings, and from the others what refers to them.
void Remove(const std::vector<bool>& drop, TraceSummary& summary) {
  std::vector<std::uint32_t> place(drop.size());
  std::vector<StoredFinding> kept;
  for (std::size_t i = 0; i < drop.size(); ++i) {
    place[i] = static_cast<std::uint32_t>(kept.size());
    if (!drop[i]) kept.push_back(std::move(summary.findings[i]));
  }
  for (StoredFinding& finding : kept) {
    std::erase_if(finding.lies_in,
                  [&](std::uint32_t mate) { return mate / 2 >= drop.size() || drop[mate / 2]; });
    for (std::uint32_t& mate : finding.lies_in) mate = 2 * place[mate / 2] + mate % 2;
  }
  summary.findings = std::move(kept);
}

}  // namespace

HeldFindings::HeldFindings(const SummaryTable& table, const Question& question) {
  if (!table.has_conditions()) return;
  std::vector<Row> settled = AllSettledRuns(table, question);
  SummaryTable::LastHeld& last = table.last_held();
  const std::scoped_lock lock(last.mutex);
  if (last.dropped == nullptr || last.settled != settled) {
    last.dropped = std::make_shared<const std::vector<bool>>(FindDropped(table, settled));
    last.settled = std::move(settled);
  }
  dropped_ = last.dropped;
}

void KeepHeldFindings(const SummaryTable& table, const Question& question, TraceSummary& summary) {
  const auto depends = [](const StoredFinding& each) { return each.condition != Condition::kNone; };
  if (std::none_of(summary.findings.begin(), summary.findings.end(), depends)) return;
  const SummaryColumns& c = table.columns();
  const std::vector<Row> settled = AllSettledRuns(table, question);
  const bool is_counted = std::any_of(settled.begin(), settled.end(), [&](Row row) {
    return table.TraceId(row) == summary.trace_id && table.Text(c.project[row]) == summary.project;
  });
  OtherRuns others(table);
  for (const StoredFinding& each : summary.findings) {
    const auto subject = SubjectOf(c.words, summary.project, each);
    if (depends(each) && subject) others.Ask(*subject, each.condition, each.value);
  }
  others.Count(settled);
  std::vector<bool> drop;
  for (const StoredFinding& each : summary.findings) {
    const auto subject = SubjectOf(c.words, summary.project, each);
    drop.push_back(depends(each) && !(subject && others.Holds(*subject, each.condition, each.value,
                                                              each.limit, is_counted)));
  }
  Remove(drop, summary);
}

}  // namespace halo
