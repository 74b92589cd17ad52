// SPDX-License-Identifier: MIT
#include <algorithm>

#include "schemas/common.h"
#include "schemas/nearest.h"
#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/ids.h"
#include "tools/common/to_wire.h"
#include "tools/story/span_label.h"
#include "tools/story/span_values.h"

namespace halo {
namespace {

struct ReadSpansInput {
  std::string trace_id;
  std::optional<std::string> project;
  std::vector<std::string> span_ids;
  std::optional<std::string> path;
  std::int64_t offset = 0;
  std::optional<std::int64_t> limit;

  static constexpr auto Fields() {
    using Self = ReadSpansInput;
    return std::tuple{
        Field("trace_id", &Self::trace_id, "or a unique prefix")
            .Example("\"4bf92f3577b34da6a3ce929d0e0e4736\""),
        Option("project", &Self::project),
        Option("span_ids", &Self::span_ids, "none: the tree without attributes; some: their values")
            .Example("[\"00f067aa0ba902b7\"]"),
        Option("path", &Self::path, "of one value of one span, to read it in full")
            .Example("\"attributes.output.value\""),
        Option("offset", &Self::offset, "span of the tree, or byte of the value", {0, 4e9}),
        Option("limit", &Self::limit, "spans, or bytes; default 60 and 8000", {1, 30000})};
  }
};

struct ValueSlice {
  TraceId span_id, path;
  TraceText text;
  std::int64_t offset = 0, bytes = 0, next_offset = 0;

  static constexpr auto Fields() {
    using Self = ValueSlice;
    return std::tuple{Field("span_id", &Self::span_id),
                      Field("path", &Self::path),
                      Field("offset", &Self::offset),
                      Field("bytes", &Self::bytes, "of the whole value"),
                      Option("next_offset", &Self::next_offset),
                      Field("text", &Self::text)};
  }
};

struct ReadSpansOutput {
  struct Node {
    TraceId span_id, parent_id;
    Words kind;
    TraceName name, model;
    TraceText error;
    std::optional<std::int64_t> at_ms, ms;  // absent: not known
    std::int64_t depth = 0, micro_usd = 0, tokens = 0;
    bool failed = false, open = false;

    static constexpr auto Fields() {
      using Self = Node;
      return std::tuple{Field("span_id", &Self::span_id),
                        Option("parent_id", &Self::parent_id),
                        Field("depth", &Self::depth),
                        Field("kind", &Self::kind),
                        Field("name", &Self::name),
                        Option("at_ms", &Self::at_ms),
                        Option("ms", &Self::ms),
                        Option("open", &Self::open),
                        Option("failed", &Self::failed),
                        Option("error", &Self::error),
                        Option("model", &Self::model),
                        Option("tokens", &Self::tokens),
                        Option("micro_usd", &Self::micro_usd)};
    }
  };
  struct Value {
    TraceId path;
    TraceText text;
    std::int64_t bytes = 0;

    static constexpr auto Fields() {
      return std::tuple{Field("path", &Value::path),
                        Option("bytes", &Value::bytes, "of the whole value, where text is cut"),
                        Field("text", &Value::text)};
    }
  };
  struct Detail {
    Node span;
    std::vector<Value> values;
    std::int64_t more_values = 0;

    static constexpr auto Fields() {
      return std::tuple{Field("span", &Detail::span), Field("values", &Detail::values),
                        Option("more_values", &Detail::more_values)};
    }
  };

  Words headline;
  std::vector<Node> tree;
  std::vector<Detail> spans;
  std::optional<ValueSlice> value;
  std::int64_t next_offset = 0;
  std::vector<Prose> notes;
  std::vector<Words> next;

  static constexpr auto Fields() {
    using Self = ReadSpansOutput;
    return std::tuple{Field("headline", &Self::headline),
                      Option("tree", &Self::tree),
                      Option("next_offset", &Self::next_offset),
                      Option("spans", &Self::spans),
                      Option("value", &Self::value),
                      Option("notes", &Self::notes),
                      Option("next", &Self::next)};
  }
};

constexpr std::size_t kTreeSpans = 60;
constexpr std::size_t kSliceBytes = 8000;
constexpr std::size_t kMaxSpans = 20;
constexpr std::size_t kMaxShownValues = 60;
constexpr std::size_t kValueBytes = 600;
constexpr std::size_t kShortValue = 40;  // shorter values are not cut

// Suggests another call about the same trace, unless it would contain anything but plain ids.
void AddSame(std::vector<Words>& calls, const ReadSpansInput& in, std::string_view more) {
  if (!in.project) return AddCall(calls, "read_spans", "trace_id", TraceId(in.trace_id), more);
  if (!IsPlainId(*in.project)) return;
  AddCall(calls, "read_spans", "trace_id", TraceId(in.trace_id),
          Cat(R"(,"project":")", *in.project, "\"", more));
}

void AddSameSpan(std::vector<Words>& calls, const ReadSpansInput& in, const TraceId& span,
                 std::string_view more) {
  if (!IsPlainId(span.raw())) return;
  AddSame(calls, in, Cat(R"(,"span_ids":[")", span.raw(), "\"]", more));
}

void AddPath(std::vector<Words>& calls, const ReadSpansInput& in, const TraceId& span,
             const TraceId& path, std::string_view more) {
  if (!IsPlainPath(path.raw())) return;
  AddSameSpan(calls, in, span, Cat(R"(,"path":")", path.raw(), "\"", more));
}

// A span with its depth in the tree.
struct Placed {
  SpanIndex span;
  std::int64_t depth;
};
std::vector<Placed> DepthFirst(const Trace& trace) {
  std::vector<Placed> out, stack;
  for (std::size_t i = trace.spans.size(); i-- > 0;) {
    if (trace.parent[i] < 0) stack.push_back({static_cast<SpanIndex>(i), 0});
  }
  while (!stack.empty()) {
    const Placed node = stack.back();
    stack.pop_back();
    out.push_back(node);
    const auto children = trace.Children(node.span);
    for (auto child = children.rbegin(); child != children.rend(); ++child) {
      stack.push_back({*child, node.depth + 1});
    }
  }
  return out;
}

ReadSpansOutput::Node ToNode(const Trace& trace, Placed place) {
  const auto slot = static_cast<std::size_t>(place.span);
  const SpanFacts& span = trace.spans[slot];
  ReadSpansOutput::Node node;
  node.span_id = SpanIdText(trace, place.span);
  if (trace.parent[slot] >= 0) node.parent_id = SpanIdText(trace, trace.parent[slot]);
  node.depth = place.depth;
  node.kind = Words(KindName(span.kind));
  node.name = TraceName(trace.Text(span.tool ? span.tool : span.name));
  node.at_ms = OffsetMs(trace, span);
  if (PlausibleNs(span.start_ns, span.end_ns) >= 0) node.ms = Ms(DurationNs(span));
  node.open = span.end_ns == 0;
  node.failed = span.failed;
  node.error = TraceText(trace.Text(span.error_signature), 120);
  node.model = TraceName(trace.Text(span.model));
  node.tokens = trace.spend[slot].usage.total();
  node.micro_usd = MicroUsd(trace.spend[slot].nano_usd);
  return node;
}

using SpansDraft = Draft<ReadSpansOutput>;

SpansDraft Tree(const TraceReading& reading, const ReadSpansInput& in, const CallContext& context) {
  using Out = ReadSpansOutput;
  const std::vector<Placed> order = DepthFirst(reading.trace);
  const auto first = std::min(order.size(), static_cast<std::size_t>(in.offset));
  const auto end =
      std::min(order.size(), first + static_cast<std::size_t>(in.limit.value_or(kTreeSpans)));
  ReadSpansOutput out;
  for (std::size_t i = first; i < end; ++i) out.tree.push_back(ToNode(reading.trace, order[i]));
  if (out.tree.empty()) {
    out.notes.push_back(Cat("The trace has ",
                            Plural(static_cast<std::int64_t>(order.size()), "span"),
                            "; offset counts from 0."));
  }
  SpansDraft draft(std::move(out), context);
  draft.FitList(&Out::tree, in.limit ? kLargeAnswerBytes : kDefaultAnswerBytes,
                [&](SpansDraft& page, std::size_t count) {
                  const std::size_t shown = first + count;
                  const std::size_t next = shown < order.size() ? shown : 0;
                  page.Edit(&Out::next_offset) = static_cast<std::int64_t>(next);
                  page.Edit(&Out::headline) =
                      Cat("Spans ", count == 0 ? first : first + 1, " to ", shown, " of ",
                          order.size(), " of the trace, depth first.");
                  auto& calls = page.Edit(&Out::next);
                  calls.clear();
                  if (next > 0) AddSame(calls, in, Cat(R"(,"offset":)", next));
                  if (count > 0) AddSameSpan(calls, in, page->tree.front().span_id, {});
                });
  return draft;
}

Result<SpanIndex> FindSpan(const Trace& trace, const std::string& given) {
  const std::string_view id = Unfenced(given);
  std::vector<std::string_view> known;
  for (std::size_t i = 0; i < trace.spans.size(); ++i) {
    const std::string_view own = trace.Text(trace.spans[i].span_id);
    // An answer may show an id escaped; that form is accepted too.
    if (own == id || OneLine(own) == id) return static_cast<SpanIndex>(i);
    if (known.size() < 5000 && IsPlainId(own)) known.push_back(own);
  }
  const std::string_view nearest = Nearest(id, known);
  return Error{Code::kNotFound, Cat("The trace has no span ", Quoted(id),
                                    nearest.empty() ? "." : Cat("; did you mean ", nearest, "?"),
                                    " read_spans without span_ids lists them.")};
}

Result<std::vector<SpanIndex>> FindSpans(const Trace& trace, const std::vector<std::string>& ids) {
  if (ids.size() > kMaxSpans) {
    return Error{Code::kInvalidArgument,
                 Cat("$.span_ids: expected at most ", kMaxSpans, " ids; got ", ids.size())};
  }
  std::vector<SpanIndex> out;
  for (const std::string& id : ids) {
    const Result<SpanIndex> span = FindSpan(trace, id);
    if (!span) return span.error();
    out.push_back(*span);
  }
  return out;
}

ReadSpansOutput::Detail ToDetail(const Trace& trace, SpanIndex span, const Span& stored) {
  ReadSpansOutput::Detail detail;
  std::int64_t depth = 0;
  for (SpanIndex up = trace.parent[static_cast<std::size_t>(span)]; up >= 0;
       up = trace.parent[static_cast<std::size_t>(up)]) {
    ++depth;
  }
  detail.span = ToNode(trace, {span, depth});
  for (const SpanValue& value : ValuesOf(stored)) {
    if (detail.values.size() == kMaxShownValues) {
      ++detail.more_values;
      continue;
    }
    const std::string text = ValueText(value.value);
    const std::string_view start = CutText(text, kValueBytes);
    ReadSpansOutput::Value shown{TraceId(value.path), TraceText(start, start.size()), 0};
    if (shown.text.size() < text.size()) shown.bytes = static_cast<std::int64_t>(text.size());
    detail.values.push_back(std::move(shown));
  }
  return detail;
}

// The size of a value in an answer.
std::size_t WrittenBytes(const ReadSpansOutput::Value& value) {
  Fence fence(std::string(kNonceDigits, '0'));
  return SerialisedBytes(Write(value, fence));
}

// Halves the longest of all values. Returns the bytes saved; 0: all are short.
std::size_t CutLongest(std::vector<ReadSpansOutput::Detail>& spans) {
  ReadSpansOutput::Value* longest = nullptr;
  for (auto& detail : spans) {
    for (auto& value : detail.values) {
      if (!longest || value.text.size() > longest->text.size()) longest = &value;
    }
  }
  if (!longest || longest->text.size() < kShortValue) return 0;
  const std::size_t before = WrittenBytes(*longest);
  if (longest->bytes == 0) longest->bytes = static_cast<std::int64_t>(longest->text.size());
  longest->text.Shorten(longest->text.size() / 2);
  return before - std::min(before - 1, WrittenBytes(*longest));
}

// Omits the last value of the span that has most. Returns the bytes saved; 0: no span has more than
// three.
std::size_t DropValue(std::vector<ReadSpansOutput::Detail>& spans) {
  auto* most = &spans.front();
  for (auto& detail : spans) {
    if (detail.values.size() > most->values.size()) most = &detail;
  }
  if (most->values.size() <= 3) return 0;
  const std::size_t bytes = WrittenBytes(most->values.back());
  most->values.pop_back();
  ++most->more_values;
  return bytes;
}

// Calls save(spans) until the answer fits or it returns 0. The answer is only measured again once
// the bytes saved should be enough.
void SaveBytes(SpansDraft& draft, std::size_t budget,
               std::size_t (*save)(std::vector<ReadSpansOutput::Detail>&)) {
  bool any_left = true;
  draft.Fit(budget, [&](SpansDraft& large) {
    if (!any_left) return false;
    const std::size_t excess = large.bytes() - budget;
    auto& spans = large.Edit(&ReadSpansOutput::spans);
    for (std::size_t saved = 0; saved < excess && any_left;) {
      const std::size_t more = save(spans);
      any_left = more > 0;
      saved += more;
    }
    return true;
  });
}

Result<SpansDraft> Details(Engine& engine, const TraceReading& reading, const ReadSpansInput& in,
                           const std::vector<SpanIndex>& spans, const CallContext& context) {
  using Out = ReadSpansOutput;
  const Result<std::vector<OwnedSpan>> stored = engine.ReadSpans(reading, spans);
  if (!stored) return stored.error();
  ReadSpansOutput out;
  for (std::size_t i = 0; i < stored->size(); ++i) {
    out.spans.push_back(ToDetail(reading.trace, spans[i], (*stored)[i].span()));
  }
  out.headline = Cat(Plural(static_cast<std::int64_t>(out.spans.size()), "span"),
                     " with their values as stored.");
  SpansDraft draft(std::move(out), context);
  SaveBytes(draft, spans.size() > 3 ? kLargeAnswerBytes : kDefaultAnswerBytes, CutLongest);
  SaveBytes(draft, kLargeAnswerBytes, DropValue);
  std::vector<Prose>& notes = draft.Edit(&Out::notes);
  bool noted = false;
  for (const auto& detail : draft->spans) {
    for (const auto& value : detail.values) {
      if (value.bytes == 0 || noted) continue;
      noted = true;
      notes.push_back("Values with `bytes` are cut; read one in full by its path.");
      AddPath(draft.Edit(&Out::next), in, detail.span.span_id, value.path, {});
    }
    if (detail.more_values > 0) {
      notes.push_back(Say("Span ", detail.span.span_id, " has ", detail.more_values,
                          " more values: ask for fewer spans, or for one by its path."));
    }
  }
  return draft;
}

Result<SpansDraft> Slice(Engine& engine, const TraceReading& reading, const ReadSpansInput& in,
                         const std::vector<SpanIndex>& spans, const CallContext& context) {
  using Out = ReadSpansOutput;
  const Result<std::vector<OwnedSpan>> stored = engine.ReadSpans(reading, spans);
  if (!stored) return stored.error();
  const Result<std::string> text = ValueAtPath(stored->front().span(), Unfenced(*in.path));
  if (!text) return text.error();
  const auto offset = static_cast<std::size_t>(in.offset);
  if (offset > text->size()) {
    return Error{Code::kInvalidArgument, Cat("$.offset: the value has ", text->size(), " bytes")};
  }
  ReadSpansOutput out;
  ValueSlice& slice = out.value.emplace();
  slice.span_id = SpanIdText(reading.trace, spans.front());
  slice.path = TraceId(Unfenced(*in.path));
  slice.offset = in.offset;
  slice.bytes = static_cast<std::int64_t>(text->size());
  const std::string_view rest = std::string_view(*text).substr(offset);
  std::size_t most = static_cast<std::size_t>(in.limit.value_or(kSliceBytes));
  SpansDraft draft(std::move(out), context);
  const auto cut = [&] {
    ValueSlice& shown = *draft.Edit(&Out::value);
    const std::string_view part = CutText(rest, most);
    shown.text = TraceText(part, part.size());
    const std::size_t end = offset + part.size();
    shown.next_offset = end < text->size() ? static_cast<std::int64_t>(end) : 0;
    draft.Edit(&Out::headline) = Cat("Bytes ", offset, " to ", end, " of ", text->size(), ".");
    auto& calls = draft.Edit(&Out::next);
    calls.clear();
    if (shown.next_offset) AddPath(calls, in, shown.span_id, shown.path, Cat(R"(,"offset":)", end));
  };
  cut();
  // Escapes make a text longer, so the slice may still be too large.
  draft.Fit(in.limit ? kLargeAnswerBytes : kDefaultAnswerBytes, [&](SpansDraft&) {
    if (most < 200) return false;
    most = std::min(most, rest.size()) * 3 / 4;
    cut();
    return true;
  });
  return draft;
}

Result<SpansDraft> ReadSpans(Engine& engine, const ReadSpansInput& in, const CallContext& context) {
  if (in.path && in.span_ids.size() != 1) {
    return Error{Code::kInvalidArgument,
                 "$.span_ids: with path, give exactly one span id, for example "
                 "[\"00f067aa0ba902b7\"]"};
  }
  if (!in.path && !in.span_ids.empty() && in.offset > 0) {
    return Error{Code::kInvalidArgument, "$.offset: is for the tree, or for one value by its path"};
  }
  const Result<TraceReading> reading =
      ReadTraceById(engine, {in.project.value_or(""), in.trace_id}, context.stop);
  if (!reading) return reading.error();
  if (in.span_ids.empty()) return Tree(*reading, in, context);
  const Result<std::vector<SpanIndex>> spans = FindSpans(reading->trace, in.span_ids);
  if (!spans) return spans.error();
  return in.path ? Slice(engine, *reading, in, *spans, context)
                 : Details(engine, *reading, in, *spans, context);
}

}  // namespace

Tool ReadSpansTool() {
  return MakeTool(
      ToolInfo{
          .name = "read_spans",
          .title = "Read spans of a trace",
          .description = "The raw spans of one trace, in three steps: without span_ids the tree "
                         "(ids, kinds, names, times, failures, no attributes); with span_ids the "
                         "stored values of those spans, long ones cut; with one span id and path "
                         "(as quotes and hits give it) that value in full, paged by offset. Values "
                         "are exactly as stored, with secrets redacted.",
          .search_hint = "raw span attributes input output prompt tool result",
      },
      &ReadSpans);
}

}  // namespace halo
