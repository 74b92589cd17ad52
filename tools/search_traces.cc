// SPDX-License-Identifier: MIT
#include <algorithm>

#include "schemas/common.h"
#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/cursor.h"
#include "tools/common/filters.h"
#include "tools/common/ids.h"
#include "tools/common/time_text.h"
#include "tools/common/to_wire.h"

namespace halo {
namespace {

enum class TraceOrder : std::uint8_t { kNewest, kCost, kDuration, kTokens, kErrors, kWaste };
constexpr auto Names(TraceOrder) {
  return std::array{Named{TraceOrder::kNewest, "newest"},     Named{TraceOrder::kCost, "cost"},
                    Named{TraceOrder::kDuration, "duration"}, Named{TraceOrder::kTokens, "tokens"},
                    Named{TraceOrder::kErrors, "errors"},     Named{TraceOrder::kWaste, "waste"}};
}

struct SearchTracesInput {
  std::optional<wire::Filters> filters;
  std::string text;
  bool regex = false, ignore_case = false;
  TraceOrder sort = TraceOrder::kNewest;
  std::int64_t limit = 20;
  std::optional<std::string> cursor;

  static constexpr auto Fields() {
    using Self = SearchTracesInput;
    return std::tuple{Option("filters", &Self::filters),
                      Option("text", &Self::text, "in decoded values, names and status messages"),
                      Option("regex", &Self::regex, "text is RE2 syntax"),
                      Option("ignore_case", &Self::ignore_case),
                      Option("sort", &Self::sort, "only without text: hits come newest first"),
                      Option("limit", &Self::limit, "", {1, 100}).Example("20"),
                      Option("cursor", &Self::cursor, "next_cursor; pass it alone")};
  }
};

struct SearchTracesOutput {
  struct Hit {
    TraceId span_id, path;
    TraceText excerpt;
    std::int64_t offset = 0, spans = 0;

    static constexpr auto Fields() {
      using Self = Hit;
      return std::tuple{Field("span_id", &Self::span_id), Field("path", &Self::path),
                        Field("offset", &Self::offset),
                        Field("spans", &Self::spans, "of this trace that match"),
                        Field("excerpt", &Self::excerpt)};
    }
  };
  struct Row {
    TraceId trace_id;
    TraceName project, name, agent, session, task;
    Words started, outcome, decided_by;
    std::optional<std::int64_t> duration_ms;
    std::int64_t spans = 0, steps = 0, failed_spans = 0;
    std::int64_t tokens = 0;
    std::optional<std::int64_t> micro_usd, wasted_micro_usd;
    bool settled = true;
    std::vector<Words> modes;
    std::optional<Hit> hit;

    static constexpr auto Fields() {
      using Self = Row;
      return std::tuple{Field("trace_id", &Self::trace_id),
                        Option("project", &Self::project),
                        Field("name", &Self::name),
                        Option("agent", &Self::agent),
                        Field("outcome", &Self::outcome),
                        Option("decided_by", &Self::decided_by),
                        Option("started", &Self::started),
                        Option("duration_ms", &Self::duration_ms),
                        Option("session", &Self::session),
                        Option("task", &Self::task),
                        Option("settled", &Self::settled),
                        Field("spans", &Self::spans),
                        Field("steps", &Self::steps),
                        Field("failed_spans", &Self::failed_spans),
                        Option("micro_usd", &Self::micro_usd),
                        Field("tokens", &Self::tokens),
                        Option("wasted_micro_usd", &Self::wasted_micro_usd),
                        Option("modes", &Self::modes),
                        Option("hit", &Self::hit)};
    }
  };

  Words headline;
  std::vector<Row> traces;
  std::int64_t matched = 0, hits = 0, passed_filters = 0, scanned = 0;
  bool complete = true;
  Words page, next_cursor;
  std::vector<Prose> notes;
  std::vector<Words> next;

  static constexpr auto Fields() {
    using Self = SearchTracesOutput;
    return std::tuple{
        Field("headline", &Self::headline),
        Field("traces", &Self::traces),
        Option("page", &Self::page),
        Field("matched", &Self::matched,
              "traces that match filters and text; with text and next_cursor, those found so far"),
        Option("hits", &Self::hits, "spans of matched that contain text"),
        Field("passed_filters", &Self::passed_filters, "traces, whatever they say"),
        Option("scanned", &Self::scanned, "traces searched so far"),
        Option("complete", &Self::complete, "false: stopped early; continue with next_cursor"),
        Option("next_cursor", &Self::next_cursor),
        Option("notes", &Self::notes),
        Option("next", &Self::next)};
  }
};

constexpr std::size_t kMaxPattern = 1000;
constexpr std::size_t kMaxExcerpt = 2000;

// The question, the store's cursor, and the sums over the previous pages.
struct PageState {
  SearchTracesInput question;
  std::string store_cursor;
  std::int64_t shown = 0, hits = 0, scanned = 0;

  static constexpr auto Fields() {
    using Self = PageState;
    return std::tuple{Field("q", &Self::question), Field("at", &Self::store_cursor),
                      Option("shown", &Self::shown), Option("hits", &Self::hits),
                      Option("scanned", &Self::scanned)};
  }
};

TraceSort ToSort(TraceOrder order) {
  switch (order) {
    case TraceOrder::kCost:
      return TraceSort::kCost;
    case TraceOrder::kDuration:
      return TraceSort::kDuration;
    case TraceOrder::kTokens:
      return TraceSort::kTokens;
    case TraceOrder::kErrors:
      return TraceSort::kErrors;
    case TraceOrder::kWaste:
      return TraceSort::kWaste;
    case TraceOrder::kNewest:
      break;
  }
  return TraceSort::kNewest;
}

SearchTracesOutput::Row ToRow(const TraceRow& row) {
  SearchTracesOutput::Row out;
  out.trace_id = TraceId(row.key.trace_id);
  if (row.key.project != "default") out.project = TraceName(row.key.project);
  out.name = TraceName(row.name);
  out.agent = TraceName(row.agent);
  out.session = TraceName(row.session);
  out.task = TraceName(row.task);
  out.started = TimeText(row.start_ns);
  out.outcome = Words(OutcomeName(row.outcome));
  if (row.outcome_rule != OutcomeRule::kNone)
    out.decided_by = Words(OutcomeRuleName(row.outcome_rule));
  const std::int64_t length_ns = PlausibleNs(row.start_ns, row.end_ns);
  if (length_ns >= 0) out.duration_ms = Ms(length_ns);
  out.spans = row.span_count;
  out.steps = row.steps;
  out.failed_spans = row.failed_spans;
  out.micro_usd = KnownMicroUsd(row.nano_usd, {row.unpriced_calls, row.calls_without_usage});
  out.tokens = row.tokens;
  if (row.wasted_nano_usd > 0) out.wasted_micro_usd = MicroUsd(row.wasted_nano_usd);
  out.settled = row.settled;
  for (const ModeId mode : row.modes) {
    if (out.modes.size() == 6) {
      out.modes.push_back(Cat("and ", row.modes.size() - 6, " more"));
      break;
    }
    out.modes.push_back(ModeIdText(mode));
  }
  return out;
}

Result<void> CheckArguments(const SearchTracesInput& in) {
  if (in.text.empty() && (in.regex || in.ignore_case)) {
    return Error{Code::kInvalidArgument,
                 "$.text is required with regex or ignore_case: what to look for, for example "
                 "\"timed? ?out\""};
  }
  if (!in.text.empty() && in.sort != TraceOrder::kNewest) {
    return Error{Code::kInvalidArgument,
                 "$.sort: with text, traces come newest first; leave sort out, or search without "
                 "text"};
  }
  if (in.text.size() > kMaxPattern) {
    return Error{Code::kInvalidArgument,
                 Cat("$.text: expected at most ", kMaxPattern, " bytes; got ", in.text.size())};
  }
  return {};
}

// A page of traces, found by filters alone or by text.
struct Found {
  std::vector<SearchTracesOutput::Row> rows;
  std::int64_t passed = 0, scanned = 0, hits = 0;
  bool complete = true;
  std::string cursor;
};

Result<Found> List(Engine& engine, const Question& question, const PageState& state,
                   std::size_t limit) {
  const Result<TracePage> page =
      engine.Traces(question, ToSort(state.question.sort), limit, state.store_cursor);
  if (!page) return page.error();
  Found found;
  found.passed = page->matched;
  found.cursor = page->next_cursor;
  for (const TraceRow& row : page->rows) found.rows.push_back(ToRow(row));
  return found;
}

Result<Found> Search(Engine& engine, const Question& question, const PageState& state,
                     std::size_t limit, const CallContext& context) {
  const SearchTracesInput& in = state.question;
  const Result<SearchPage> page =
      engine.Search(question, {in.text, in.regex, in.ignore_case}, limit, state.store_cursor,
                    context.stop, context.progress);
  if (!page) return page.error();
  Found found;
  found.passed = page->matched_by_filter;
  found.scanned = page->scanned_traces;
  found.complete = page->complete;
  found.cursor = page->next_cursor;
  for (const SearchHit& hit : page->hits) {
    found.hits += hit.matches;
    found.rows.push_back(ToRow(hit.trace));
    found.rows.back().hit =
        SearchTracesOutput::Hit{TraceId(hit.span_id), TraceId(hit.path),
                                TraceText(hit.excerpt, kMaxExcerpt), hit.offset, hit.matches};
  }
  return found;
}

Result<Found> Ask(Engine& engine, const Question& question, const PageState& state,
                  std::size_t limit, const CallContext& context) {
  return state.question.text.empty() ? List(engine, question, state, limit)
                                     : Search(engine, question, state, limit, context);
}

std::string Headline(const SearchTracesInput& in, const SearchTracesOutput& out) {
  const std::string passed = Cat(Plural(out.passed_filters, "trace"),
                                 out.passed_filters == 1 ? " passes" : " pass", " the filters.");
  if (in.text.empty()) return passed;
  return Cat(Plural(out.matched, "trace"), out.matched == 1 ? " matches" : " match",
             out.next_cursor.empty() ? "" : " so far", ", with ", Plural(out.hits, "span"), "; ",
             CountText(out.scanned), " searched; ", passed);
}

// A search knows its number of matches only after the last page; until then `matched` is so far.
SearchTracesOutput ToOutput(const SearchTracesInput& in, Found found, PageState state) {
  SearchTracesOutput out;
  const bool search = !in.text.empty();
  const auto before = static_cast<std::size_t>(state.shown);
  const std::size_t shown = found.rows.size();
  out.traces = std::move(found.rows);
  state.shown += static_cast<std::int64_t>(shown);
  state.hits += found.hits;
  state.scanned += found.scanned;
  out.passed_filters = found.passed;
  out.matched = search ? state.shown : found.passed;
  out.hits = state.hits;
  out.scanned = search ? state.scanned : 0;
  out.complete = found.complete;
  const bool more = !found.cursor.empty();
  if (more) {
    state.store_cursor = std::move(found.cursor);
    out.next_cursor = EncodeCursor(state);
  }
  if (more || before > 0) {
    std::string page =
        search && more ? Cat("Traces ", before + std::min<std::size_t>(1, shown), " to ",
                             before + shown, " of those that match; there may be more.")
                       : PageText("traces", before, shown, static_cast<std::size_t>(out.matched));
    if (more) page.append(NextPageText("search_traces"));
    out.page = std::move(page);
  }
  out.headline = Headline(in, out);
  return out;
}

// Explains that a text that looks like an id is not found, because ids are not searched.
void PointToId(const std::string& text, SearchTracesOutput& out) {
  if (const ModeId mode = ParseModeId(text); mode != 0) {
    out.notes.push_back(Cat(ModeIdText(mode),
                            " is the id of a failure mode: get_failure_mode takes it, and "
                            "filters.failure_mode finds the traces that show it."));
    out.next.push_back(
        Cat(R"(search_traces {"filters":{"failure_mode":")", ModeIdText(mode), "\"}}"));
    return;
  }
  if (std::string other = OtherIdKind(text); !other.empty()) {
    out.notes.push_back(Cat("Text is searched in values, not in ids", other, "."));
  }
}

void ExplainAbsence(Engine& engine, const SearchTracesInput& in, SearchTracesOutput& out) {
  if (!out.traces.empty()) {
    AddCall(out.next, "explain_trace", "trace_id", out.traces.front().trace_id);
    return;
  }
  if (!in.text.empty()) PointToId(in.text, out);
  if (!out.next_cursor.empty()) {
    out.notes.push_back("Nothing found so far; continue with next_cursor.");
  } else if (out.passed_filters > 0 && !in.text.empty()) {
    out.notes.push_back(Cat("No value of these traces holds this text. Text is compared ",
                            in.ignore_case ? "without" : "with",
                            " regard to case, in values as "
                            "decoded: try a shorter text, ignore_case, or regex."));
    out.next.emplace_back("get_overview {}");
  } else {
    for (Prose& note : WhyEmpty(engine, in.filters)) out.notes.push_back(std::move(note));
    out.next.emplace_back("get_overview {}");
  }
}

Result<Draft<SearchTracesOutput>> SearchTraces(Engine& engine, const SearchTracesInput& input,
                                               const CallContext& context) {
  PageState state{input, {}};
  if (input.cursor) {
    Result<PageState> decoded = DecodeCursor<PageState>(*input.cursor);
    if (!decoded) return decoded.error();
    state = std::move(*decoded);
    state.question.limit = input.limit;
  }
  SearchTracesInput& in = state.question;
  if (const auto valid = CheckArguments(in); !valid) return valid.error();
  const Result<Question> question =
      MakeTraceQuestion(engine, in.filters, "search_traces", context.stop);
  if (!question) return question.error();
  in.cursor.reset();

  const std::size_t budget =
      in.limit > SearchTracesInput{}.limit ? kLargeAnswerBytes : kDefaultAnswerBytes;
  auto limit = static_cast<std::size_t>(in.limit);
  // The store's cursor continues after the last row that it returned. So a page that is too large
  // is requested again with fewer rows, rather than cut.
  for (;;) {
    Result<Found> found = Ask(engine, *question, state, limit, context);
    if (!found) return found.error();
    const std::size_t rows = found->rows.size();
    SearchTracesOutput out = ToOutput(in, std::move(*found), state);
    out.notes = ProvenanceNotes(engine);
    for (Prose& note : LeftOutByTime(engine, *question)) out.notes.push_back(std::move(note));
    ExplainAbsence(engine, in, out);
    Draft<SearchTracesOutput> draft(std::move(out), context);
    const std::size_t bytes = draft.bytes();
    if (bytes <= budget || rows <= 1) return draft;
    limit = std::clamp<std::size_t>(rows * budget / bytes, 1, rows - 1);
  }
}

}  // namespace

Tool SearchTracesTool() {
  return MakeTool(
      ToolInfo{
          .name = "search_traces",
          .title = "Search traces",
          .description =
              "Finds runs by filters, by text, or both: each with outcome, duration, cost, tokens, "
              "failed spans and the failure modes it shows; with text also an excerpt and its "
              "position. text is searched in all stored values (prompts, answers, tool arguments "
              "and results, errors), names and status messages, literally or as an RE2 regex. "
              "Paged: pass next_cursor to continue. Then explain_trace or read_spans.",
          .search_hint = "find runs grep regex full text list traces",
          .may_take_minutes = true,
      },
      &SearchTraces);
}

}  // namespace halo
