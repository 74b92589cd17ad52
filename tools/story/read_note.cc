// SPDX-License-Identifier: MIT
#include "tools/story/read_note.h"

#include <utility>

#include "engine/analysis/review_book.h"
#include "schemas/fence.h"
#include "tools/answer/phrases.h"
#include "tools/common/ids.h"
#include "tools/common/to_wire.h"
#include "tools/story/finding_verdicts.h"
#include "tools/story/quote_check.h"
#include "tools/story/span_label.h"

namespace halo {
namespace {

using wire::NoteRunsInput;
using wire::NoteRunsOutput;

constexpr std::size_t kMostProblems = 10, kShortestQuote = 3;
constexpr std::size_t kMaxComment = 1000, kMaxQuote = 1000;

// Checks one note against its run.
class NoteReader {
 public:
  NoteReader(Engine& engine, const NoteRunsInput::Note& in, NotedRun& noted)
      : engine_(engine), in_(in), noted_(noted), run_(noted.run) {}

  bool Read(ReviewNote& out, std::vector<NoteRunsOutput::Refused>& refused,
            std::vector<Prose>& remarks) {
    out.key = run_.first().stored.key;
    out.verdict = static_cast<ReadVerdict>(in_.verdict);
    out.comment = OneLine(in_.comment, kMaxComment);
    out.blind = noted_.blind;
    if (in_.problems.size() > kMostProblems) {
      Refuse(Cat("more than ", kMostProblems, " problems"), 0, refused);
      return false;
    }
    std::vector<PlacedQuote> quotes;
    for (std::size_t i = 0; i < in_.problems.size(); ++i) {
      Problem& problem = out.problems.emplace_back();
      if (!ReadProblem(in_.problems[i], i, problem, quotes.emplace_back(), refused)) return false;
    }
    if (std::string why =
            ReadFindingVerdicts(engine_, run_.traces, in_.right, in_.wrong, out.findings);
        !why.empty()) {
      Refuse(std::move(why), 0, refused);
      return false;
    }
    const std::vector<FoundQuote> found = FindInRun(engine_, run_.traces, quotes, kMaxQuote);
    bool all = true;
    for (std::size_t i = 0; i < found.size(); ++i) {
      Problem& problem = out.problems[i];
      if (quotes[i].quote.text.empty()) continue;  // something is missing
      if (!found[i].found) {
        RefuseQuote(found[i], i, refused);
        all = false;
        continue;
      }
      problem.quote = found[i].text;
      problem.path = found[i].path;
      problem.offset = found[i].offset;
      problem.span_id = found[i].span_id;
      if (found[i].trace > 0) problem.trace_id = run_.traces[found[i].trace].stored.key.trace_id;
      CorrectTurn(found[i], problem, remarks);
    }
    return all;
  }

 private:
  void Refuse(std::string why, std::size_t problem, std::vector<NoteRunsOutput::Refused>& refused) {
    refused.push_back({noted_.ShownId(), Words(std::move(why)), static_cast<std::int64_t>(problem),
                       std::nullopt});
  }

  void RefuseQuote(const FoundQuote& near, std::size_t at,
                   std::vector<NoteRunsOutput::Refused>& refused) {
    Refuse(near.text.empty()
               ? "the quote is not in the run; copy it from the dossier, or use read_spans"
               : "the quote is not in the run; copy the nearest text, or another",
           at + 1, refused);
    if (near.text.empty()) return;
    refused.back().nearest =
        wire::Quote{noted_.blind.empty() ? TraceId(run_.traces[near.trace].stored.key.trace_id)
                                         : noted_.ShownId(),
                    TraceId(noted_.blind.empty() ? near.span_id : ""), TraceId(near.path),
                    TraceText(noted_.Shown(near.text), 240), near.offset};
  }

  // Puts a quote that is not where the reader says into its turn, and says so.
  void CorrectTurn(const FoundQuote& found, Problem& problem, std::vector<Prose>& remarks) const {
    if (problem.turn <= 0 || IsIn(found, static_cast<std::size_t>(problem.turn - 1))) return;
    for (std::size_t i = 0; i < run_.text.items.size(); ++i) {
      const RunItem& item = run_.text.items[i];
      const bool holds = item.text.find(found.text) != item.text.npos ||
                         item.result.find(found.text) != item.result.npos;
      if (!holds || !IsIn(found, i)) continue;
      const auto turn = static_cast<std::int32_t>(i + 1);
      remarks.push_back(Say("A quote of ", noted_.ShownId(), " is in turn ", turn, ", not in ",
                            problem.turn, ": it is kept there."));
      problem.turn = turn;
      return;
    }
  }

  bool IsIn(const FoundQuote& found, std::size_t at) const {
    const std::size_t trace = run_.trace_of[at];
    const SpanIndex span = run_.text.items[at].span;
    return trace == found.trace &&
           SpanIdText(run_.traces[trace].trace, span) == TraceId(found.span_id);
  }

  bool ReadProblem(const NoteRunsInput::Problem& in, std::size_t at, Problem& out,
                   PlacedQuote& placed, std::vector<NoteRunsOutput::Refused>& refused) {
    QuoteToFind& quote = placed.quote;
    out.category = OneLine(AsStored(in.category), kMaxCategoryName);
    out.severity = static_cast<Severity>(in.severity);
    quote.text = AsStored(in.quote);
    if (CategoryKey(out.category).empty()) {
      Refuse("the category has no name", at + 1, refused);
      return false;
    }
    if (CategoryKey(quote.text).empty()) {
      quote.text.clear();
      if (!in.turn) {
        Refuse(
            "the quote is empty: a problem needs a text of the run that shows it, or, if something "
            "is missing, the turn where it is",
            at + 1, refused);
        return false;
      }
    } else if (quote.text.size() < kShortestQuote) {
      Refuse(Cat("the quote is too short to be found: at least ", kShortestQuote, " characters"),
             at + 1, refused);
      return false;
    }
    if (in.span_id) {
      SpanIndex span = -1;
      for (std::size_t i = 0; i < run_.traces.size() && span == -1; ++i) {
        span = IndexOfSpan(run_.traces[i].trace, *in.span_id);
        placed.trace = i;
      }
      if (span == -1) {
        Refuse("the run has no such span; give the turn, or no place", at + 1, refused);
        return false;
      }
      quote.first.push_back(span);
    }
    if (in.turn) {
      if (run_.text.items.empty()) ReadText(engine_, run_);
      const auto count = static_cast<std::int64_t>(run_.text.items.size());
      if (*in.turn > count) {
        Refuse(Cat("the run has turns 1 to ", count), at + 1, refused);
        return false;
      }
      out.turn = static_cast<std::int32_t>(*in.turn);
      const auto item = static_cast<std::size_t>(*in.turn - 1);
      placed.trace = run_.trace_of[item];
      quote.first = {run_.text.items[item].span};
      if (quote.text.empty()) {
        const TraceReading& trace = run_.traces[placed.trace];
        out.span_id = SpanIdText(trace.trace, quote.first.front()).raw();
        if (placed.trace > 0) out.trace_id = trace.stored.key.trace_id;
      }
    }
    return true;
  }

  Engine& engine_;
  const NoteRunsInput::Note& in_;
  NotedRun& noted_;
  JoinedRun& run_;
};

}  // namespace

std::string AsStored(std::string_view text) { return Unescaped(std::string(Unfenced(text))); }

bool ReadNote(Engine& engine, const wire::NoteRunsInput::Note& in, NotedRun& run, ReviewNote& out,
              std::vector<wire::NoteRunsOutput::Refused>& refused, std::vector<Prose>& remarks) {
  return NoteReader(engine, in, run).Read(out, refused, remarks);
}

}  // namespace halo
