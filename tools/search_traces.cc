// SPDX-License-Identifier: MIT
#include "schemas/search_traces.h"

#include <algorithm>

#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/cursor.h"
#include "tools/common/filters.h"
#include "tools/common/ids.h"
#include "tools/common/span_filter.h"
#include "tools/common/time_text.h"
#include "tools/common/to_wire.h"

namespace halo {
namespace {

using wire::SearchGroupBy;
using wire::SearchPart;
using wire::SearchTracesInput;
using wire::SearchTracesOutput;
using wire::TraceOrder;
static_assert(static_cast<int>(SearchPart::kAny) == static_cast<int>(SearchIn::kAny));
static_assert(static_cast<int>(SearchGroupBy::kOperation) ==
              static_cast<int>(SearchGroup::kOperation));

constexpr std::size_t kMaxPattern = 1000;
constexpr std::size_t kMaxExcerpt = 2000;
constexpr std::size_t kMaxModes = 6;  // of a row

// The question, the store's cursor, and the sums over the previous pages.
struct PageState {
  SearchTracesInput question;
  std::string store_cursor;
  std::int64_t shown = 0, matched = 0, hits = 0, values = 0, scanned = 0;
  bool counted = false, complete = true;  // nothing is added to the counts; they are of all traces

  static constexpr auto Fields() {
    using Self = PageState;
    return std::tuple{Field("q", &Self::question),        Field("at", &Self::store_cursor),
                      Option("shown", &Self::shown),      Option("matched", &Self::matched),
                      Option("hits", &Self::hits),        Option("values", &Self::values),
                      Option("scanned", &Self::scanned),  Option("counted", &Self::counted),
                      Option("complete", &Self::complete)};
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
    if (out.modes.size() == kMaxModes) {
      ++out.more_modes;
    } else {
      out.modes.push_back(ModeIdText(mode));
    }
  }
  return out;
}

Result<void> CheckArguments(const SearchTracesInput& in) {
  const bool narrowed = in.regex || in.ignore_case || in.in != SearchPart::kProduced || in.kind ||
                        in.agent || in.tool;
  if (in.text.empty() && (narrowed || in.group_by)) {
    return Error{Code::kInvalidArgument,
                 "$.text is required with regex, ignore_case, in, kind, agent, tool or group_by: "
                 "what to look for, for example \"timed? ?out\"; filters takes an agent or a tool "
                 "of runs"};
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

// A page of traces, found by filters alone or by text, or of groups.
struct Found {
  std::vector<SearchTracesOutput::Row> rows;
  std::vector<SearchTracesOutput::Group> groups;
  SearchPage counts;
};

Result<Found> List(Engine& engine, const Question& question, const PageState& state,
                   std::size_t limit) {
  Result<TracePage> page =
      engine.Traces(question, ToSort(state.question.sort), limit, state.store_cursor);
  if (!page) return page.error();
  Found found;
  found.counts.matched_by_filter = page->matched;
  found.counts.next_cursor = std::move(page->next_cursor);
  for (const TraceRow& row : page->rows) found.rows.push_back(ToRow(row));
  return found;
}

SearchTracesOutput::Group ToGroup(const MatchGroup& group) {
  return {TraceName(group.name),
          group.runs,
          group.spans,
          group.values,
          group.first.offset,
          TraceId(group.key.trace_id),
          TraceId(group.first.span_id),
          TraceId(group.first.path),
          TraceText(group.first.excerpt, kMaxExcerpt)};
}

Result<Found> Search(Engine& engine, const Question& question, const PageState& state,
                     std::size_t limit, const CallContext& context) {
  const SearchTracesInput& in = state.question;
  SearchQuery query;
  query.pattern = {in.text, in.regex, in.ignore_case};
  query.in = static_cast<SearchIn>(in.in);
  if (in.group_by) query.group = static_cast<SearchGroup>(*in.group_by);
  Result<SpanFilter> spans = MakeSpanFilter(in.kind, in.agent, in.tool, {});
  if (!spans) return spans.error();
  query.spans = std::move(*spans);
  Result<RunSearch> search =
      engine.SearchRuns(question, query, limit, state.store_cursor, context.progress);
  if (!search) return search.error();
  Found found;
  for (const MatchGroup& group : search->groups) found.groups.push_back(ToGroup(group));
  for (const SearchHit& hit : search->page.hits) {
    if (in.group_by) break;
    found.rows.push_back(ToRow(hit.trace));
    found.rows.back().hit = SearchTracesOutput::Hit{TraceId(hit.first.span_id),
                                                    TraceId(hit.first.path),
                                                    TraceText(hit.first.excerpt, kMaxExcerpt),
                                                    hit.first.offset,
                                                    hit.matches,
                                                    hit.values};
  }
  search->page.hits.clear();
  found.counts = std::move(search->page);
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
             out.complete ? "" : " so far", ", with ", Plural(out.values, "value"), " in ",
             Plural(out.hits, "span"), "; ", CountText(out.scanned), " searched; ", passed);
}

// Adds what a page counted to the sums over the previous pages. A page that counted beyond its own
// traces has counted those of the next pages, too.
void AddCounts(const SearchPage& page, PageState& state) {
  if (state.counted) return;
  state.matched += page.runs;
  state.hits += page.spans;
  state.values += page.values;
  state.scanned += page.counted_traces;
  state.complete = page.counted_all;
  state.counted = page.counted_all || page.counted_traces > page.scanned_traces;
}

SearchTracesOutput ToOutput(const SearchTracesInput& in, Found found, PageState state) {
  SearchTracesOutput out;
  const bool search = !in.text.empty();
  const auto before = static_cast<std::size_t>(state.shown);
  const std::size_t shown = found.rows.size();
  out.traces = std::move(found.rows);
  out.passed_filters = found.counts.matched_by_filter;
  state.shown += static_cast<std::int64_t>(shown);
  if (search) AddCounts(found.counts, state);
  out.matched = search ? state.matched : out.passed_filters;
  out.hits = state.hits;
  out.values = state.values;
  out.scanned = state.scanned;
  out.complete = state.complete;
  const bool more = !found.counts.next_cursor.empty() && !in.group_by;
  if (more) {
    state.store_cursor = std::move(found.counts.next_cursor);
    out.next_cursor = EncodeCursor(state);
  }
  if (!in.group_by && (more || before > 0)) {
    std::string page =
        out.complete ? PageText("traces", before, shown, static_cast<std::size_t>(out.matched))
                     : Cat("Traces ", before + std::min<std::size_t>(1, shown), " to ",
                           before + shown, " of those that match; there may be more.");
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
  if (!out.traces.empty() || !out.groups.empty()) {
    AddCall(out.next, "explain_trace", "trace_id",
            out.traces.empty() ? out.groups.front().trace_id : out.traces.front().trace_id);
    return;
  }
  if (!in.text.empty()) PointToId(in.text, out);
  if (!out.next_cursor.empty()) {
    out.notes.push_back("Nothing found so far; continue with next_cursor.");
  } else if (out.passed_filters > 0 && !in.text.empty()) {
    for (Prose& note : WhyNoSpan(engine, in.filters, in.agent, in.tool)) {
      out.notes.push_back(std::move(note));
    }
    const bool everywhere = in.in == SearchPart::kAny && !in.kind && !in.agent && !in.tool;
    out.notes.push_back(Cat("No value of these traces holds this text",
                            everywhere ? ""
                                       : " where it was looked for: in \"any\" without kind, agent "
                                         "and tool searches prompts and names, too",
                            ". Text is compared ", in.ignore_case ? "without" : "with",
                            " regard to case, in values as "
                            "decoded: try a shorter text, ignore_case, or regex."));
    out.next.emplace_back("get_overview {}");
  } else {
    for (Prose& note : WhyEmpty(engine, in.filters)) out.notes.push_back(std::move(note));
    out.next.emplace_back("get_overview {}");
  }
}

// Lists the groups that fit, a page of them at a time.
Draft<SearchTracesOutput> GroupsPage(const PageState& state,
                                     const std::vector<SearchTracesOutput::Group>& groups,
                                     SearchTracesOutput out, const CallContext& context) {
  using Out = SearchTracesOutput;
  const SearchTracesInput& in = state.question;
  const std::size_t all = groups.size();
  const std::size_t before = std::min(static_cast<std::size_t>(state.shown), all);
  const std::size_t most = std::min(all - before, static_cast<std::size_t>(in.limit));
  const auto begin = groups.begin() + static_cast<std::ptrdiff_t>(before);
  out.groups.assign(begin, begin + static_cast<std::ptrdiff_t>(most));
  const bool large = in.limit > SearchTracesInput{}.limit;
  Draft<Out> draft(std::move(out), context);
  draft.FitList(&Out::groups, large ? kLargeAnswerBytes : kDefaultAnswerBytes,
                [&](Draft<Out>& cut, std::size_t shown) {
                  const bool more = before + shown < all;
                  cut.Edit(&Out::next_cursor) = Words();
                  cut.Edit(&Out::page) = Words();
                  if (!more && before == 0) return;
                  std::string text = PageText("groups", before, shown, all);
                  if (more) {
                    PageState next{in, {}};
                    next.shown = static_cast<std::int64_t>(before + shown);
                    cut.Edit(&Out::next_cursor) = EncodeCursor(next);
                    text.append(NextPageText("search_traces"));
                  }
                  cut.Edit(&Out::page) = std::move(text);
                });
  return draft;
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
    std::vector<SearchTracesOutput::Group> groups = std::move(found->groups);
    SearchTracesOutput out = ToOutput(in, std::move(*found), state);
    out.groups = groups;
    out.notes = ProvenanceNotes(engine);
    for (Prose& note : LeftOutByTime(engine, *question)) out.notes.push_back(std::move(note));
    ExplainAbsence(engine, in, out);
    if (!out.complete && in.group_by) {
      out.notes.push_back(
          "Time ran out, so the counts are of the traces searched; narrow the filters.");
    }
    if (in.group_by) return GroupsPage(state, groups, std::move(out), context);
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
              "position. text is searched literally or as an RE2 regex in what agents and tools "
              "produced (answers, arguments, results, errors); in says where else, \"any\" "
              "includes prompts. Counts runs, spans and values; group_by counts them by tool, "
              "agent or operation. Paged: pass next_cursor to continue. Then explain_trace or "
              "read_spans.",
          .search_hint = "find runs grep regex full text list traces",
          .may_take_minutes = true,
      },
      &SearchTraces);
}

}  // namespace halo
