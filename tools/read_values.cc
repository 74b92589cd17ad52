// SPDX-License-Identifier: MIT
#include "engine/read_values.h"

#include <algorithm>

#include "schemas/common.h"
#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/cursor.h"
#include "tools/common/filters.h"
#include "tools/common/span_filter.h"
#include "tools/common/to_wire.h"

namespace halo {
namespace {

enum class Role : std::uint8_t {
  kArguments,
  kResult,
  kAnswer,
  kFinalAnswer,
  kSystemPrompt,
  kToolSchema,
  kError,
  kLastMessage
};
constexpr auto Names(Role) {
  return std::array{Named{Role::kArguments, "arguments"},
                    Named{Role::kResult, "result"},
                    Named{Role::kAnswer, "answer"},
                    Named{Role::kFinalAnswer, "final_answer"},
                    Named{Role::kSystemPrompt, "system_prompt"},
                    Named{Role::kToolSchema, "tool_schema"},
                    Named{Role::kError, "error"},
                    Named{Role::kLastMessage, "last_message"}};
}
static_assert(static_cast<int>(Role::kLastMessage) == static_cast<int>(ValueRole::kLastMessage));

enum class Sample : std::uint8_t { kFirst, kLast, kDiverse, kRandom };
constexpr auto Names(Sample) {
  return std::array{Named{Sample::kFirst, "first"}, Named{Sample::kLast, "last"},
                    Named{Sample::kDiverse, "diverse"}, Named{Sample::kRandom, "random"}};
}
static_assert(static_cast<int>(Sample::kRandom) == static_cast<int>(ValueSample::kRandom));

struct ReadValuesInput {
  std::optional<wire::Filters> filters;
  std::optional<Role> role;
  std::optional<std::string> path, kind, agent, tool, operation;
  std::optional<bool> failed;
  bool distinct = false;
  Sample sample = Sample::kFirst;
  std::int64_t seed = 1, characters = 400, limit = 20;
  std::optional<std::string> cursor;

  static constexpr auto Fields() {
    using Self = ReadValuesInput;
    return std::tuple{
        Option("role", &Self::role),
        Option("path", &Self::path, "instead of role").Example("\"attributes.output.value\""),
        Option("filters", &Self::filters),
        Option("kind", &Self::kind, "of span: LLM, TOOL, AGENT, ..."),
        Option("agent", &Self::agent),
        Option("tool", &Self::tool),
        Option("operation", &Self::operation, "span name"),
        Option("failed", &Self::failed, "spans that failed, or did not"),
        Option("distinct", &Self::distinct, "equal values once, with counts"),
        Option("sample", &Self::sample),
        Option("seed", &Self::seed, "of random", {0, 4e9}),
        Option("characters", &Self::characters, "of each value", {1, 20000}),
        Option("limit", &Self::limit, "", {1, 100}),
        Option("cursor", &Self::cursor, "next_cursor; pass it alone")};
  }
};

struct ReadValuesOutput {
  struct Example {
    TraceId trace_id, span_id;

    static constexpr auto Fields() {
      return std::tuple{Field("trace_id", &Example::trace_id), Field("span_id", &Example::span_id)};
    }
  };
  struct Row {
    TraceId trace_id, span_id, path;
    TraceName project, tool;
    TraceText text;
    std::int64_t offset = 0, bytes = 0, values = 1, runs = 1;
    std::vector<Example> more;

    static constexpr auto Fields() {
      using Self = Row;
      return std::tuple{Option("runs", &Self::runs, "that hold it, or one of its kind"),
                        Option("values", &Self::values),
                        Field("trace_id", &Self::trace_id),
                        Option("project", &Self::project),
                        Field("span_id", &Self::span_id),
                        Option("tool", &Self::tool),
                        Option("path", &Self::path),
                        Option("offset", &Self::offset),
                        Option("bytes", &Self::bytes, "of the whole value, where text is cut"),
                        Field("text", &Self::text),
                        Option("more", &Self::more, "other runs with it, at most 4")};
    }
  };

  Words headline;
  std::vector<Row> values;
  std::int64_t total = 0, spans = 0, runs = 0, groups = 0, passed_filters = 0, read = 0;
  bool complete = true;
  Words page, next_cursor;
  std::vector<Prose> notes;
  std::vector<Words> next;

  static constexpr auto Fields() {
    using Self = ReadValuesOutput;
    return std::tuple{
        Field("headline", &Self::headline),
        Field("values", &Self::values),
        Option("page", &Self::page),
        Field("total", &Self::total, "values; this and the next three: in the runs that were read"),
        Field("spans", &Self::spans, "with a value"),
        Field("runs", &Self::runs, "with a value"),
        Option("groups", &Self::groups, "distinct values, or kinds of them"),
        Field("passed_filters", &Self::passed_filters, "runs"),
        Field("read", &Self::read, "of them"),
        Option("complete", &Self::complete, "false: counts are of the runs that were read"),
        Option("next_cursor", &Self::next_cursor),
        Option("notes", &Self::notes),
        Option("next", &Self::next)};
  }
};

struct PageState {
  ReadValuesInput question;
  std::int64_t shown = 0, newest_ns = INT64_MAX;

  static constexpr auto Fields() {
    using Self = PageState;
    return std::tuple{Field("q", &Self::question), Field("shown", &Self::shown),
                      Option("newest", &Self::newest_ns)};
  }
};

using Out = ReadValuesOutput;

Result<ValueQuery> MakeQuery(const PageState& state) {
  const ReadValuesInput& in = state.question;
  if (in.role.has_value() == in.path.has_value()) {
    return Error{Code::kInvalidArgument,
                 "$.role: expected either role, for example \"final_answer\", or path, for example "
                 "\"attributes.output.value\""};
  }
  ValueQuery query;
  if (in.role) query.role = static_cast<ValueRole>(*in.role);
  if (in.path) query.path = Unfenced(*in.path);
  Result<SpanFilter> spans = MakeSpanFilter(in.kind, in.agent, in.tool, in.operation);
  if (!spans) return spans.error();
  query.spans = std::move(*spans);
  query.spans.failed = in.failed;
  if (in.role == Role::kFinalAnswer && !IsEmpty(query.spans)) {
    return Error{Code::kInvalidArgument,
                 "$.role: final_answer is one value of a run; narrow the runs with filters, for "
                 "example {\"agent\":\"writer\"}, instead of kind, agent, tool, operation or "
                 "failed"};
  }
  query.distinct = in.distinct;
  query.sample = static_cast<ValueSample>(in.sample);
  if (in.distinct && in.sample != Sample::kFirst) {
    return Error{Code::kInvalidArgument,
                 "$.sample: distinct values come by the number of their runs; leave sample out"};
  }
  query.seed = static_cast<std::uint64_t>(in.seed);
  query.characters = static_cast<std::size_t>(in.characters);
  query.limit = static_cast<std::size_t>(in.limit);
  query.skip = static_cast<std::size_t>(state.shown);
  query.newest_ns = state.newest_ns;
  return query;
}

Out::Row ToRow(const ReadValue& value) {
  Out::Row row;
  row.trace_id = TraceId(value.key.trace_id);
  if (value.key.project != "default") row.project = TraceName(value.key.project);
  row.span_id = TraceId(value.span_id);
  row.tool = TraceName(value.name);
  row.path = TraceId(value.path);
  row.offset = value.offset;
  row.text = TraceText(value.text, value.text.size());
  if (value.bytes > value.text.size()) row.bytes = static_cast<std::int64_t>(value.bytes);
  row.values = value.values;
  row.runs = value.runs;
  for (const ReadValue::Example& more : value.more) {
    row.more.push_back({TraceId(more.key.trace_id), TraceId(more.span_id)});
  }
  return row;
}

std::string Headline(const ReadValuesInput& in, const ValuePage& page) {
  std::string text = Cat(Plural(page.found, "value"), " in ", Plural(page.found_spans, "span"),
                         " of ", Plural(page.found_runs, "run"));
  if (page.groups > 0) {
    text.append(Cat("; ", page.groups_cut ? "over " : "", CountText(page.groups),
                    in.distinct ? " distinct" : " kinds"));
  }
  if (page.complete) return text.append(".");
  return text.append(Cat(", in the ", Plural(page.read_runs, "run"), " read of ",
                         CountText(page.passed_runs), " that pass the filters."));
}

// What the counts leave out, and why there is nothing.
void AddNotes(Engine& engine, const ReadValuesInput& in, const ValuePage& page, Out& out) {
  if (page.out_of_time) {
    out.notes.push_back(Cat("Time ran out after ", CountText(page.read_runs), " of ",
                            Plural(page.passed_runs, "run"),
                            ": the counts are of those. Narrow the filters, for example with "
                            "since, to count all."));
  } else if (!page.complete) {
    out.notes.push_back(
        "Reading stopped when the page was full, so the counts are of the runs read so far; "
        "distinct counts them all.");
  }
  if (page.groups_cut) {
    out.notes.push_back(Cat("Only the first ", CountText(kMaxValueGroups),
                            " distinct values were told apart; later ones are in the total only."));
  }
  if (page.lost_runs > 0) {
    out.notes.push_back(
        Cat(Plural(page.lost_runs, "run"), " could not be read: removed meanwhile, or damaged."));
  }
  if (!out.values.empty()) return;
  if (page.passed_runs == 0) {
    for (Prose& note : WhyEmpty(engine, in.filters)) out.notes.push_back(std::move(note));
    out.next.emplace_back("get_overview {}");
  } else if (page.found > 0) {
    out.notes.push_back("All values were on earlier pages.");
  } else {
    for (Prose& note : WhyNoSpan(engine, in.filters, in.agent, in.tool)) {
      out.notes.push_back(std::move(note));
    }
    out.notes.push_back(
        in.path ? "No span that was read has a value at this path; read_spans with span_ids lists "
                  "the paths of a span."
                : "No span that was read has such a value: it was not recorded, or kind, agent, "
                  "tool, operation or failed leave none.");
    out.next.emplace_back("search_traces {}");
  }
}

Result<Draft<Out>> ReadValues(Engine& engine, const ReadValuesInput& input,
                              const CallContext& context) {
  PageState state{input};
  if (input.cursor) {
    Result<PageState> decoded = DecodeCursor<PageState>(*input.cursor);
    if (!decoded) return decoded.error();
    state = std::move(*decoded);
    if (state.shown < 0) return WrongCursor();
    state.question.limit = input.limit;
  }
  ReadValuesInput& in = state.question;
  const Result<ValueQuery> query = MakeQuery(state);
  if (!query) return query.error();
  const Result<Question> question =
      MakeTraceQuestion(engine, in.filters, "read_values", context.stop);
  if (!question) return question.error();
  in.cursor.reset();
  const Result<ValuePage> page = engine.ReadValues(*question, *query, context.progress);
  if (!page) return page.error();

  Out out;
  out.headline = Headline(in, *page);
  for (const ReadValue& value : page->values) out.values.push_back(ToRow(value));
  out.total = page->found;
  out.spans = page->found_spans;
  out.runs = page->found_runs;
  out.groups = page->groups;
  out.passed_filters = page->passed_runs;
  out.read = page->read_runs;
  out.complete = page->complete;
  out.notes = ProvenanceNotes(engine);
  for (Prose& note : LeftOutByTime(engine, *question)) out.notes.push_back(std::move(note));
  AddNotes(engine, in, *page, out);
  if (!out.values.empty()) {
    AddCall(out.next, "explain_trace", "trace_id", out.values.front().trace_id);
  }

  const std::size_t before = query->skip, fetched = out.values.size();
  const std::int64_t listed = page->groups > 0 ? page->groups : page->found;
  const ReadValuesInput plain;
  const bool large = in.limit > plain.limit || in.characters > plain.characters;
  Draft<Out> draft(std::move(out), context);
  draft.FitList(&Out::values, large ? kLargeAnswerBytes : kDefaultAnswerBytes,
                [&](Draft<Out>& cut, std::size_t shown) {
                  const bool more = shown < fetched || page->more;
                  cut.Edit(&Out::next_cursor) = Words();
                  cut.Edit(&Out::page) = Words();
                  if (!more && before == 0) return;
                  PageState next{in, static_cast<std::int64_t>(before + shown), page->newest_ns};
                  if (more) cut.Edit(&Out::next_cursor) = EncodeCursor(next);
                  std::string text =
                      page->complete
                          ? PageText("values", before, shown, static_cast<std::size_t>(listed))
                          : Cat("Values ", before + std::min<std::size_t>(1, shown), " to ",
                                before + shown, "; there may be more.");
                  if (more) text.append(NextPageText("read_values"));
                  cut.Edit(&Out::page) = std::move(text);
                });
  return draft;
}

}  // namespace

Tool ReadValuesTool() {
  return MakeTool(
      ToolInfo{
          .name = "read_values",
          .title = "Read one value of many spans",
          .description =
              "The same value over many runs in one call: all final answers, the arguments of "
              "every failing call of a tool (role arguments, tool, failed), distinct system "
              "prompts with their runs (distinct). By role or by path. sample: first, last, "
              "diverse (one of each kind), or random with a seed. Counts are exact, or the answer "
              "says where reading stopped. answer, system_prompt, tool_schema and last_message "
              "are of model calls; arguments and result of tools, or with kind LLM the arguments "
              "that it asked for; error of spans that failed for their own reason.",
          .search_hint = "compare outputs answers arguments prompts across runs distinct sample",
          .may_take_minutes = true,
      },
      &ReadValues);
}

}  // namespace halo
