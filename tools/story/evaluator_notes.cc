// SPDX-License-Identifier: MIT
#include "tools/story/evaluator_notes.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>

#include "engine/codec/span_codec.h"
#include "engine/facts/outcome_mark.h"
#include "engine/semconv/conventions.h"
#include "engine/session_runs.h"
#include "tools/answer/phrases.h"
#include "tools/story/quote_check.h"
#include "tools/story/span_values.h"

namespace halo {
namespace {

constexpr std::size_t kPage = 1000, kMostProblems = 5, kMaxName = 64, kMaxQuote = 400;

struct FailedScore {
  std::string name, says;
  SpanIndex span = -1;
};

bool IsOfEvaluation(std::string_view key, std::string_view name) {
  return (key.ends_with(".explanation") || key.ends_with(".comment")) &&
         (name.empty() || key.find(name) != key.npos);
}

// What the evaluator wrote beside the evaluation, else its label or score.
std::string SaysOf(const Span& span, const Evaluation& evaluation) {
  for (const Event& event : span.events) {
    const bool names = std::any_of(
        event.attributes.begin(), event.attributes.end(), [&](const Attribute& attribute) {
          return attribute.key.ends_with(".name") && attribute.value.text == evaluation.name;
        });
    for (const Attribute& attribute : event.attributes) {
      if (names && IsOfEvaluation(attribute.key, {}) && attribute.value.has_text()) {
        return std::string(attribute.value.text);
      }
    }
  }
  for (const Attribute& attribute : span.attributes) {
    if (IsOfEvaluation(attribute.key, evaluation.name) && attribute.value.has_text()) {
      return std::string(attribute.value.text);
    }
  }
  for (const Value* const value : {&evaluation.label, &evaluation.score}) {
    if (std::string text = ValueText(*value); !text.empty()) return text;
  }
  return {};
}

std::vector<FailedScore> FailedScores(Engine& engine, const TraceReading& reading) {
  std::vector<FailedScore> out;
  std::vector<SpanIndex> all(reading.trace.spans.size());
  std::iota(all.begin(), all.end(), 0);
  const Result<std::vector<OwnedSpan>> stored = engine.ReadSpans(reading, all);
  if (!stored) return out;
  Conventions conventions;
  for (std::size_t i = 0; i < stored->size() && out.size() < kMostProblems; ++i) {
    const Span& span = (*stored)[i].span();
    const SpanFields& fields = conventions.Read(span);
    if (fields.evaluations.empty() && fields.kind != Kind::kEvaluator) continue;
    bool any = false;
    for (const Evaluation& evaluation : fields.evaluations) {
      if (OutcomeOfEvaluation(evaluation, engine.config().outcome) != Outcome::kFailure) continue;
      any = true;
      out.push_back({OneLine(evaluation.name, kMaxName), SaysOf(span, evaluation), all[i]});
    }
    const OutcomeVerdict verdict = JudgeOutcome(span, fields, {}, engine.config().outcome);
    const bool fails =
        verdict.rule == OutcomeRule::kEvaluator && verdict.outcome == Outcome::kFailure;
    if (fails && !any) out.push_back({OneLine(span.name, kMaxName), {}, all[i]});
  }
  return out;
}

ReviewNote NoteOf(Engine& engine, const TraceReading& reading) {
  ReviewNote note;
  note.key = reading.stored.key;
  if (reading.summary.outcome == Outcome::kSuccess) {
    note.verdict = ReadVerdict::kGood;
    return note;
  }
  note.verdict = ReadVerdict::kBad;
  const std::vector<FailedScore> failed = FailedScores(engine, reading);
  std::vector<QuoteToFind> quotes;
  for (const FailedScore& one : failed) {
    Problem& problem = note.problems.emplace_back();
    problem.category = Cat("evaluator ", one.name.empty() ? "without a name" : one.name);
    problem.span_id =
        reading.trace.Text(reading.trace.spans[static_cast<std::size_t>(one.span)].span_id);
    quotes.push_back({one.says, {one.span}, true});
  }
  const std::vector<FoundQuote> found = FindQuotes(engine, reading, quotes, kMaxQuote);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (quotes[i].text.empty() || !found[i].found) continue;
    Problem& problem = note.problems[i];
    problem.quote = found[i].text;
    problem.path = found[i].path;
    problem.offset = found[i].offset;
    problem.span_id = found[i].span_id;
  }
  return note;
}

}  // namespace

Result<EvaluatorNotes> NotesOfEvaluators(Engine& engine, const ReviewBook& book,
                                         const Question& question, std::size_t most,
                                         std::stop_token stop) {
  EvaluatorNotes out;
  std::vector<TraceRow> runs;
  std::string cursor;
  do {
    Result<TracePage> page = engine.Traces(question, TraceSort::kNewest, kPage, cursor);
    if (!page) return page.error();
    for (TraceRow& row : page->rows) {
      const bool settled = row.by_session ? row.run_settled : row.settled;
      if (settled && row.outcome_rule == OutcomeRule::kEvaluator) runs.push_back(std::move(row));
    }
    cursor = page->next_cursor;
  } while (!cursor.empty());
  if (const Result<void> joined = JoinSessions(engine, runs); !joined) return joined.error();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (book.IsNoted(runs[i].key)) continue;
    if (out.events.size() == most) {
      ++out.left;
      continue;
    }
    if (stop.stop_requested()) return Error{Code::kCancelled, "cancelled"};
    const Result<TraceReading> reading = engine.ReadTrace(runs[i].key, stop);
    if (!reading || reading->summary.outcome_rule != OutcomeRule::kEvaluator) continue;
    ReviewEvent& event = out.events.emplace_back();
    event.who = kEvaluatorsReader;
    event.what = NoteOf(engine, *reading);
  }
  return out;
}

std::vector<ReviewEvent> UndoEvaluators(const ReviewBook& book) {
  std::vector<ReviewEvent> out;
  for (const auto& [key, run] : book.notes()) {
    for (const BookNote& note : run.notes) {
      if (note.who != kEvaluatorsReader) continue;
      ReviewEvent& event = out.emplace_back();
      event.who = kEvaluatorsReader;
      event.what = ReviewUndo{note.event};
    }
  }
  return out;
}

}  // namespace halo
