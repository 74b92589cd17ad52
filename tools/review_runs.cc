// SPDX-License-Identifier: MIT
#include "schemas/review_runs.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "engine/draw_runs.h"
#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/calibration.h"
#include "tools/common/filters.h"
#include "tools/common/ids.h"
#include "tools/common/review_counts.h"
#include "tools/common/to_wire.h"
#include "tools/story/blind_review.h"
#include "tools/story/category_patterns.h"
#include "tools/story/owners_examples.h"
#include "tools/story/run_page.h"

namespace halo {
namespace {

using wire::ReviewRunsInput;
using wire::ReviewRunsOutput;

constexpr std::size_t kWholeRunBytes = 24'000;
constexpr std::size_t kMostExamples = 6;
constexpr std::size_t kMaxWho = 64;
constexpr int kTries = 5;
using ReviewDraft = Draft<ReviewRunsOutput>;

DrawWay ToWay(wire::DrawWay way) { return static_cast<DrawWay>(way); }

std::string_view WayName(wire::DrawWay way) {
  for (const auto& named : Names(way)) {
    if (named.value == way) return named.text;
  }
  return {};
}

Result<ReviewBook> ReadBook(Engine& engine) {
  const Result<std::vector<ReviewEvent>> events = engine.ReviewEvents();
  if (!events) return events.error();
  return ReviewBook(*events);
}

// Runs that were sent to this reader in this way and are not noted yet.
std::vector<DrawnRun> OpenRuns(const ReviewState& review, DrawWay way, std::string_view who) {
  std::vector<DrawnRun> out;
  for (const SentRun& sent : review.sent) {
    if (sent.open && sent.way == way && sent.who == who) out.push_back(sent.run);
  }
  return out;
}

// Those that were not removed meanwhile.
Result<std::vector<DrawnRun>> KnownRuns(Engine& engine, const std::vector<DrawnRun>& runs) {
  std::vector<TraceKey> keys;
  for (const DrawnRun& run : runs) keys.push_back(run.key);
  const auto found = engine.FindTraces(keys);
  if (!found) return found.error();
  std::vector<DrawnRun> out;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if ((*found)[i]) out.push_back(runs[i]);
  }
  return out;
}

struct Drawn {
  DrawPlan plan;
  bool sent_before = false;
};

Result<Drawn> Draw(Engine& engine, const ReviewBook& book, const DrawRequest& request,
                   std::string_view who) {
  Drawn out;
  if (const ReviewState* const review = book.FindReview(request.review)) {
    const auto open = KnownRuns(engine, OpenRuns(*review, request.way, who));
    if (!open) return open.error();
    out.plan.runs = *open;
    out.plan.population = review->settled;
    if (out.plan.runs.size() > request.count) out.plan.runs.resize(request.count);
    out.sent_before = !out.plan.runs.empty();
    if (out.sent_before) return out;
  }
  Result<DrawPlan> plan = PlanDraw(engine, book, request);
  if (!plan) return plan.error();
  out.plan = std::move(*plan);
  return out;
}

// Says why there is nothing to read.
void ExplainNothing(Engine& engine, const ReviewRunsInput& in, const DrawPlan& plan,
                    ReviewRunsOutput& out) {
  if (plan.population == 0) {
    out.headline = "No settled run passes the filters.";
    for (Prose& note : WhyEmpty(engine, in.filters)) out.notes.push_back(std::move(note));
    return;
  }
  const std::string way(WayName(in.draw));
  if (plan.matching == 0) {
    out.headline =
        Cat("None of the ", Plural(plan.population, "settled run"), " can be drawn as ", way,
            in.draw == wire::DrawWay::kUncovered ? ": no failed run is without a finding"
            : in.draw == wire::DrawWay::kPairs   ? ": no task has a failed and a passed run"
                                                 : "",
            ".");
    out.next.push_back("review_runs {}");
    return;
  }
  const bool all_own = in.draw == wire::DrawWay::kEntry && plan.matching > 0;
  out.headline = Cat("Every run that can be drawn as ", way, " was drawn",
                     all_own ? "; another reader (who) can check those of a category" : "", ".");
  out.next.push_back("note_runs {}");
}

ReviewRunsOutput::Text Copy(const ReviewRunsOutput::Text& text) { return text; }

// Cuts the answer to the runs that fit; the others are not drawn.
std::size_t FitRuns(ReviewDraft& draft, const std::vector<std::size_t>& texts_of) {
  const std::vector<ReviewRunsOutput::Text> all = draft->texts;
  draft.FitList(&ReviewRunsOutput::runs, kLargeAnswerBytes,
                [&](ReviewDraft& page, std::size_t shown) {
                  std::vector<ReviewRunsOutput::Text>& texts = page.Edit(&ReviewRunsOutput::texts);
                  texts.clear();
                  for (std::size_t i = 0; i < all.size(); ++i) {
                    if (texts_of[i] < shown) texts.push_back(Copy(all[i]));
                  }
                });
  return draft->runs.size();
}

// The draw of the first `shown` runs that are sent, and of those before them that are not.
ReviewDraw ToDraw(const DrawRequest& request, const DrawPlan& plan,
                  const std::map<TraceKey, RunPage>& pages, std::size_t shown) {
  ReviewDraw draw{request.review, request.way, plan.population, {}, {}, {}};
  std::size_t sent = 0;
  for (const DrawnRun& run : plan.runs) {
    if (!run.noted && sent == shown) break;
    DrawnRun& kept = draw.runs.emplace_back(run);
    if (run.noted) continue;
    ++sent;
    const RunPage& page = pages.at(run.key);
    kept.sketch = page.sketch;
    draw.sent.insert(draw.sent.end(), page.sent.begin(), page.sent.end());
  }
  return draw;
}

void AddAdvice(const ReviewRunsInput& in, ReviewRunsOutput& out) {
  out.notes.push_back(
      "For each run: verdict, then the first thing that went wrong, in words of your own, with an "
      "exact quote and its turn. Say what happened, not why. Read all before you name groups.");
  out.notes.push_back(
      "A run at length: review_runs with its trace_id; one value whole: read_spans with its "
      "trace_id.");
  if (in.draw != wire::DrawWay::kRandom) {
    out.notes.push_back("These runs were not drawn at random: they say nothing of shares.");
  }
  const auto& progress = out.progress;
  if (progress && progress->random_read >= 20 && progress->new_category_at_most &&
      *progress->new_category_at_most < 0.15) {
    out.notes.push_back(
        "Hardly any new category is to be expected: group what you have, then fix.");
  }
  if (!out.runs.empty() && IsPlainId(out.runs.front().trace_id.raw())) {
    out.next.push_back(Cat(R"(review_runs {"trace_id":")", out.runs.front().trace_id.raw(), "\"}"));
  }
  out.next.push_back("note_runs {}");
}

Result<ReviewDraft> ShowOne(Engine& engine, const ReviewRunsInput& in, const CallContext& context) {
  const Result<std::optional<BlindRun>> blind = FindBlindRun(engine, *in.trace_id);
  if (!blind) return blind.error();
  const BlindMask* const mask = *blind && !(*blind)->ended ? &(*blind)->mask : nullptr;
  TraceKey key{in.filters ? in.filters->project.value_or("") : "", *in.trace_id};
  if (*blind) key = (*blind)->key;
  Result<TraceReading> reading = ReadTraceById(engine, key, context.stop);
  if (!reading) return reading.error();
  Result<JoinedRun> joined = mask ? OneTrace(std::move(*reading))
                                  : ReadJoinedRun(engine, std::move(*reading), context.stop);
  if (!joined) return joined.error();
  ReadText(engine, *joined);
  PageMaker maker(engine, nullptr,
                  {.turn_bytes = kWholeRunBytes,
                   .text_bytes = 12'000,
                   .hide_outcome = in.hide_outcome || mask != nullptr,
                   .blind = mask});
  RunPage page = maker.Make(*joined);
  if (mask) {
    HideFields(*in.trace_id, page.dossier);
    for (ReviewRunsOutput::Text& text : page.texts) text.trace_id = TraceId(*in.trace_id);
  }
  ReviewRunsOutput out;
  out.headline = "One run at length; nothing was drawn.";
  out.texts = std::move(page.texts);
  out.runs.push_back(std::move(page.dossier));
  if (!mask) AddCall(out.next, "read_spans", "trace_id", out.runs.front().trace_id);
  ReviewDraft draft(std::move(out), context);
  std::size_t bytes = kWholeRunBytes;
  RunText run = joined->text;
  if (mask) HideSide(*mask, joined->first().summary, run);
  draft.Fit(kLargeAnswerBytes, [&](ReviewDraft& large) {
    bytes = bytes * 3 / 4;
    const std::string turns = MakeDossier(run, bytes).turns;
    large.Edit(&ReviewRunsOutput::runs).front().turns = TraceText(turns, turns.size());
    return bytes > 4000;
  });
  return draft;
}

// What separates the runs of the category that `entry` names; nullopt if it names none.
Result<std::optional<CategoryPatternSearch>> PatternOfEntry(Engine& engine,
                                                            const ReviewRunsInput& in,
                                                            const CallContext& context) {
  const std::optional<ModeId> id = in.entry ? ModeIdIn(*in.entry) : std::nullopt;
  if (!id || in.draw != wire::DrawWay::kEntry) return std::optional<CategoryPatternSearch>();
  const Result<ReviewBook> book = ReadBook(engine);
  if (!book) return book.error();
  const Category* const category = book->FindCategory(*id);
  if (!category) return std::optional<CategoryPatternSearch>();
  std::optional<wire::Filters> filters = in.filters;
  const Result<Question> question = MakeTraceQuestion(engine, filters, "review_runs", context.stop);
  if (!question) return question.error();
  Result<CategoryPatternSearch> found = SearchPatterns(engine, *book, *category, *question);
  if (!found) return found.error();
  return std::optional(std::move(*found));
}

Result<DrawRequest> ToRequest(Engine& engine, ReviewRunsInput& in, const CallContext& context,
                              const Pattern* pattern) {
  DrawRequest request;
  request.review = ReviewId(engine, in.filters, in.seed);
  request.way = ToWay(in.draw);
  request.seed = static_cast<std::uint64_t>(in.seed);
  request.count = static_cast<std::size_t>(in.count);
  Result<Question> question = MakeTraceQuestion(engine, in.filters, "review_runs", context.stop);
  if (!question) return question.error();
  request.question = std::move(*question);
  if ((in.draw == wire::DrawWay::kEntry) != in.entry.has_value()) {
    return Error{Code::kInvalidArgument,
                 in.entry ? "$.entry: is for \"draw\":\"entry\"; leave it out, or draw so"
                          : "$.entry: the failure mode to draw runs of, for example "
                            "\"fm_0123456789ab\"; list_failure_modes gives the ids"};
  }
  if (pattern) {
    SelectPattern(*pattern, request.question);
  } else if (in.entry) {
    const Result<ModeId> id = ReadEntryId(engine, *in.entry, "$.entry");
    if (!id) return id.error();
    request.question.filter.failure_mode = *id;
    const auto book = engine.Reviews();
    if (!book) return book.error();
    request.checks_category = (*book)->FindCategory(*id) != nullptr;
    request.who = OneLine(in.who, kMaxWho);
  }
  return request;
}

bool HasNoted(const ReviewBook& book, std::string_view who) {
  return std::any_of(book.notes().begin(), book.notes().end(), [&](const auto& run) {
    return std::any_of(run.second.notes.begin(), run.second.notes.end(),
                       [&](const BookNote& note) { return note.who == who; });
  });
}

// Shows the runs that are to be read. If there are none, draws some and returns nothing: it has to
// be called again, also if another reader drew meanwhile. So a repeated call gets the same answer.
Result<std::optional<ReviewDraft>> Try(Engine& engine, const ReviewRunsInput& in,
                                       const DrawRequest& request, const CallContext& context,
                                       const CategoryPatternSearch* patterns) {
  const Result<ReviewBook> book = ReadBook(engine);
  if (!book) return book.error();
  const std::string who = OneLine(in.who, kMaxWho);
  Result<Drawn> drawn = Draw(engine, *book, request, who);
  if (!drawn) return drawn.error();
  PageMaker maker(engine, book->FindReview(request.review), {.hide_outcome = in.hide_outcome});
  std::map<TraceKey, RunPage> pages;
  ReviewRunsOutput out;
  std::vector<std::size_t> texts_of;
  std::vector<DrawnRun> readable;
  for (const DrawnRun& run : drawn->plan.runs) {
    if (context.stop.stop_requested()) return Error{Code::kCancelled, "cancelled"};
    if (run.noted) {
      readable.push_back(run);
      continue;
    }
    Result<TraceReading> reading = engine.ReadTrace(run.key, context.stop);
    if (!reading) continue;  // it was removed meanwhile
    Result<JoinedRun> joined = ReadJoinedRun(engine, std::move(*reading), context.stop);
    if (!joined) return joined.error();
    ReadText(engine, *joined);
    readable.push_back(run);
    RunPage page = maker.Make(*joined);
    for (const ReviewRunsOutput::Text& text : page.texts) {
      texts_of.push_back(out.runs.size());
      out.texts.push_back(text);
    }
    out.runs.push_back(page.dossier);
    pages.emplace(run.key, std::move(page));
  }
  drawn->plan.runs = std::move(readable);
  // Categories are not shown here: who has read them finds them.
  out.progress = ProgressOf(*book, request.review);
  if (out.progress->random_read > 0 && !in.hide_outcome) {
    out.notes.push_back(AgreementSentence(engine));
  }
  std::vector<TraceKey> examples;  // that are shown for the first time
  if (!HasNoted(*book, who)) {
    const std::vector<TraceKey>& before = book->ExamplesOf(who);
    if (before.empty()) {
      auto chosen = ChooseExamples(engine, *book, request.question, kMostExamples);
      if (!chosen) return chosen.error();
      examples = std::move(*chosen);
    }
    auto shown = ShowExamples(engine, before.empty() ? examples : before);
    if (!shown) return shown.error();
    out.examples = std::move(*shown);
  }
  if (out.runs.empty()) {
    ExplainNothing(engine, in, drawn->plan, out);
  } else {
    out.headline =
        Cat(Plural(static_cast<std::int64_t>(out.runs.size()), "run"), " to read, drawn as ",
            WayName(in.draw), " from ", Plural(drawn->plan.population, "settled run"),
            ". The next ones come when these are noted (verdict unsure, if so).");
    AddAdvice(in, out);
  }
  if (patterns) {
    out.patterns = patterns->report;
    out.notes.insert(out.notes.begin(), patterns->notes.begin(), patterns->notes.end());
  }
  for (Prose& note : ProvenanceNotes(engine)) out.notes.push_back(std::move(note));
  ReviewDraft draft(std::move(out), context);
  const std::size_t shown = draft->runs.empty() ? 0 : FitRuns(draft, texts_of);
  const bool is_stored = drawn->sent_before || drawn->plan.runs.empty();
  if (is_stored && examples.empty()) return std::optional(std::move(draft));
  ReviewEvent event;
  event.who = who;
  ReviewDraw draw = is_stored ? ReviewDraw{request.review, request.way, 0, {}, {}, {}}
                              : ToDraw(request, drawn->plan, pages, shown);
  draw.examples = std::move(examples);
  event.what = std::move(draw);
  std::vector<ReviewEvent> events;
  events.push_back(std::move(event));
  const auto stored = engine.AddReviewEvents(std::move(events), book->last_event());
  if (!stored) return stored.error();
  return std::optional<ReviewDraft>();
}

Result<ReviewDraft> ReviewRuns(Engine& engine, const ReviewRunsInput& input,
                               const CallContext& context) {
  ReviewRunsInput in = input;
  if (in.trace_id) return ShowOne(engine, in, context);
  if (IsBlind(in)) {
    Result<BlindAnswer> blind = ReadBlind(engine, in, context);
    if (!blind) return blind.error();
    for (Prose& note : ProvenanceNotes(engine)) blind->out.notes.push_back(std::move(note));
    ReviewDraft draft(std::move(blind->out), context);
    if (!draft->runs.empty()) FitRuns(draft, blind->texts_of);
    return draft;
  }
  Result<std::optional<CategoryPatternSearch>> patterns = PatternOfEntry(engine, in, context);
  if (!patterns) return patterns.error();
  // Without a pattern, another reader may check the runs of the category.
  const bool has_pattern = *patterns && (*patterns)->best;
  const Pattern* const pattern = has_pattern ? &*(*patterns)->best : nullptr;
  const Result<DrawRequest> request = ToRequest(engine, in, context, pattern);
  if (!request) return request.error();
  for (int i = 0; i < kTries; ++i) {
    Result<std::optional<ReviewDraft>> draft =
        Try(engine, in, *request, context, *patterns ? &**patterns : nullptr);
    if (!draft) return draft.error();
    if (*draft) return std::move(**draft);
  }
  return Error{Code::kUnavailable, "Other readers draw runs at this moment; call again."};
}

}  // namespace

Tool ReviewRunsTool() {
  return MakeTool(
      ToolInfo{
          .name = "review_runs",
          .title = "Draw runs to read",
          .description =
              "Draws the next runs for you to read, as dossiers: request, turns with calls, "
              "results "
              "and errors, answer, and why it ends. Finds what no rule sees: wrong answers, "
              "misread "
              "results, broken policies. Read each, then send verdicts and problems with "
              "note_runs. "
              "Runs come again until noted; a few are asked twice. Two readers need two names. "
              "Blind "
              "reading (a and b, or fix) mixes two sides, told apart when all are noted, or with "
              "end.",
          .annotations = {.read_only = false},
          .search_hint = "read sample runs error analysis judge evaluate manually dossier",
      },
      &ReviewRuns);
}

}  // namespace halo
